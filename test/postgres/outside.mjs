/**
 * Measures statements that refuse to run in a transaction: CREATE INDEX CONCURRENTLY, VACUUM and their like.
 *
 * They take and release locks in several transactions of their own, some for less than a millisecond; looking at pg_locks
 * from time to time misses them. Instead the statement is made to wait at places of our choosing, and looked at there:
 *
 * - stepping: another session holds SHARE on pg_class, so the statement stops each time that it is about to write there,
 *   with all its locks in hand. A second session queues up behind it before the first lets go: so it stops the next time too;
 * - probing: other sessions hold one mode on each table. Where the statement waits, it wants a mode that conflicts with it,
 *   and pg_locks says which. ROW EXCLUSIVE finds SHARE and more, ACCESS SHARE finds ACCESS EXCLUSIVE, ACCESS EXCLUSIVE finds all.
 *
 * Each run begins from a fresh set-up. A lock that is only tried for (VACUUM cuts off an empty tail if it can have ACCESS
 * EXCLUSIVE at once) makes nobody wait for the statement's queue, and is not reported.
 */
import {
  prepareCase,
  readBefore,
  readMode,
  readOwnLocks,
  readWork,
  statementsOf,
  strongerMode,
} from "./measure.mjs";

const PROBES = ["ROW EXCLUSIVE", "ACCESS SHARE", "ACCESS EXCLUSIVE"];

const TAKE_CATALOGUE = "BEGIN; LOCK TABLE pg_catalog.pg_class IN SHARE MODE";

/** How long a statement may neither end nor wait for a lock of ours before we let go of everything. */
const PATIENCE_MS = 400;

/**
 * @param server `{ session() }`: a new session on the same server.
 * @param main the session that makes set-ups and watches.
 * @returns like `measureInTransaction`, or `{ fails }`.
 */
export async function measureOutside(server, main, one, setup) {
  const clean = await inFreshSession(server, main, setup, (subject) => runClean(subject, one));
  if (clean.fails) return { fails: clean.fails };
  const before = clean.before;
  const modes = new Map();
  const note = (names, oid, mode) => {
    const name = names.get(oid)?.name;
    if (name !== undefined) modes.set(name, strongerMode(modes.get(name), mode));
  };
  const tables = [...before.relations.values()].filter((row) => "rp".includes(row.kind)).slice(0, 12);
  await inFreshSession(server, main, setup, (subject, watch) =>
    runStepping(server, subject, watch, one, note),
  );
  for (const mode of PROBES) {
    if (tables.length === 0) break;
    await inFreshSession(server, main, setup, (subject, watch) =>
      runProbing(server, subject, watch, one, mode, note),
    );
  }
  const locks = Object.fromEntries([...modes].sort(([left], [right]) => (left < right ? -1 : 1)));
  return { locks, ...clean.work, sampled: true };
}

async function inFreshSession(server, main, setup, run) {
  await prepareCase(main, setup);
  const subject = await server.session();
  try {
    await subject.query("SET search_path = app, public");
    return await run(subject, main);
  } finally {
    await subject.end();
  }
}

/**
 * One run without interference, for all but the locks. Counters of rows read are kept back by a session for half a second
 * after it last sent some: a look at the marker sends them, so that those of the statement are still there to be read.
 */
async function runClean(subject, one) {
  try {
    if (one.session) await subject.query(one.session);
    await subject.query("SELECT * FROM public.marker");
    const before = await readBefore(subject);
    await subject.query("SET client_min_messages = debug1");
    subject.notices.length = 0;
    for (const sql of statementsOf(one)) await subject.query(sql);
    const notices = [...subject.notices];
    await subject.query("SET client_min_messages = error; SET search_path = app, public");
    return { before, work: await readWork(subject, before, notices) };
  } catch (error) {
    if (!error.code) throw error;
    return { fails: error.code };
  }
}

/** Statements of a series that do run in a transaction are looked at as usual; `perform` is for the others. */
async function runEach(subject, one, names, note, perform) {
  if (one.session) await subject.query(one.session);
  for (const sql of statementsOf(one)) {
    try {
      await subject.query("BEGIN");
      await subject.query(sql);
      for (const [oid, mode] of await readOwnLocks(subject)) note(names, oid, mode);
      await subject.query("COMMIT");
    } catch (error) {
      await subject.query("ROLLBACK");
      if (error.code !== "25001") throw error;
      await perform(sql);
    }
  }
}

async function runStepping(server, subject, watch, one, note) {
  const names = (await readBefore(watch)).relations;
  const catalogue = (await watch.query("SELECT 'pg_class'::regclass::oid::int8::text AS oid"))[0].oid;
  let [holder, next] = [await server.session(), await server.session()];
  try {
    // Once each for practice: what the sessions have in their caches by then, they need no snapshot to look up while they
    // wait, and CREATE INDEX CONCURRENTLY waits for snapshots.
    for (const session of [holder, next]) await session.query(`${TAKE_CATALOGUE}; ROLLBACK`);
    await runEach(subject, one, names, note, async (sql) => {
      await holder.query(TAKE_CATALOGUE);
      let queued = Promise.resolve();
      await follow(subject, watch, sql, {
        onLocks: (rows) => noteRows(rows, names, note),
        async release(wanted) {
          if (wanted !== catalogue) {
            await letGo([holder, next], queued);
            return holder.query(TAKE_CATALOGUE);
          }
          await queued;
          queued = next.query(TAKE_CATALOGUE);
          await until(watch, `SELECT 1 FROM pg_locks WHERE pid = ${next.pid} AND relation = ${catalogue}`);
          await holder.query("ROLLBACK");
          [holder, next] = [next, holder];
        },
        releaseAll: () => letGo([holder, next], queued),
      });
      await letGo([holder, next], queued);
    });
  } finally {
    await holder.end();
    await next.end();
  }
}

async function letGo(sessions, queued) {
  // The one that holds first: the other may still stand in the queue behind it.
  await sessions[0].query("ROLLBACK");
  await queued;
  await sessions[1].query("ROLLBACK");
}

async function runProbing(server, subject, watch, one, mode, note) {
  const names = (await readBefore(watch)).relations;
  const tables = [...names.values()].filter((row) => "rp".includes(row.kind)).slice(0, 12);
  const holders = new Map();
  try {
    for (const table of tables) holders.set(table.oid, await server.session());
    await runEach(subject, one, names, note, async (sql) => {
      const present = new Set(
        (await watch.query("SELECT oid::int8::text AS oid FROM pg_class")).map((row) => row.oid),
      );
      for (const [oid, holder] of holders) {
        if (!present.has(oid)) continue;
        const quoted = (await watch.query(`SELECT ${oid}::regclass::text AS name`))[0].name;
        await holder.query(`SET search_path = app, public; BEGIN; LOCK TABLE ONLY ${quoted} IN ${mode} MODE`);
      }
      const releaseAll = async () => {
        for (const holder of holders.values()) await holder.query("ROLLBACK");
      };
      await follow(subject, watch, sql, {
        onLocks: (rows) => noteRows(rows, names, note),
        async release(wanted) {
          if (holders.has(wanted)) await holders.get(wanted).query("ROLLBACK");
          else await releaseAll();
        },
        releaseAll,
      });
      await releaseAll();
    });
  } finally {
    for (const holder of holders.values()) await holder.end();
  }
}

function noteRows(rows, names, note) {
  for (const row of rows) if (row.oid !== null) note(names, row.oid, readMode(row.mode));
}

/** Runs `sql` and calls back each time it waits: with its locks, then with the relation that it waits for. */
async function follow(subject, watch, sql, { onLocks, release, releaseAll }) {
  let ended = false;
  const result = subject.query(sql).then(
    () => undefined,
    (error) => error,
  );
  result.then(() => {
    ended = true;
  });
  let idle = Date.now();
  while (!ended) {
    const rows = await watch.query(
      `SELECT relation::int8::text AS oid, mode, granted, locktype FROM pg_locks WHERE pid = ${subject.pid}`,
    );
    const waits = rows.find((row) => !row.granted);
    if (waits && !ended) {
      onLocks(rows.filter((row) => row.locktype === "relation"));
      await release(waits.oid);
      idle = Date.now();
    } else if (Date.now() - idle > PATIENCE_MS) {
      await releaseAll();
      idle = Date.now();
    }
  }
  const error = await result;
  if (error) throw error;
}

async function until(watch, sql) {
  while ((await watch.query(sql)).length === 0);
}

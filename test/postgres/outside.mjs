/**
 * Measures statements that refuse to run in a transaction: CREATE INDEX CONCURRENTLY, VACUUM and their like.
 *
 * They take and release locks in several transactions of their own, some for less than a millisecond; looking at pg_locks
 * from time to time misses them. Instead the statement is made to wait at places of our choosing, and looked at there:
 *
 * - stepping: another session holds SHARE on pg_class, so the statement stops each time that it is about to write there,
 *   with all its locks in hand. A second session queues up behind it before the first lets go: so it stops the next time too;
 * - probing: other sessions hold one mode on each table. Where the statement waits, it wants a mode that conflicts with it,
 *   and pg_locks says which. Tables for which a mode as strong as the probe's is known already are left alone.
 *
 * Each run begins from a fresh set-up. A lock that is only tried for (VACUUM cuts off an empty tail if it can have ACCESS
 * EXCLUSIVE at once) makes nobody wait for the statement's queue, and is not reported.
 */
import {
  NEEDS_NO_TRANSACTION,
  prepareCase,
  readBefore,
  readMode,
  readOwnLocks,
  readWork,
  statementsOf,
  strongerMode,
} from "./measure.mjs";

const PROBES = [
  { hold: "ACCESS SHARE", finds: "ACCESS EXCLUSIVE", kinds: "rp" },
  { hold: "ROW EXCLUSIVE", finds: "SHARE", kinds: "rp" },
  { hold: "SHARE", finds: "ROW EXCLUSIVE", kinds: "rp" },
  { hold: "ACCESS EXCLUSIVE", finds: "ACCESS SHARE", kinds: "rpiI" },
];

const TAKE_CATALOGUE = "BEGIN; LOCK TABLE pg_catalog.pg_class IN SHARE MODE";

const MOST_HOLDERS = 12;

/** How long a statement may neither end nor wait for a lock of ours before we let go of everything. */
const PATIENCE_MS = 400;

/** And how long at the most when it is busy. */
const MOST_MS = 10_000;

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
  await inFreshSession(server, main, setup, (subject, watch) =>
    runStepping(server, subject, watch, one, note),
  );
  for (const { hold, finds, kinds } of PROBES) {
    const relations = [...before.relations.values()]
      .filter((row) => kinds.includes(row.kind))
      .map((row) => row.name);
    const weak = relations
      .filter((name) => strongerMode(modes.get(name), finds) !== modes.get(name))
      .slice(0, MOST_HOLDERS);
    if (weak.length === 0) continue;
    await inFreshSession(server, main, setup, (subject, watch) =>
      runProbing(server, subject, watch, one, { hold, relations: weak, note }),
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
      if (!NEEDS_NO_TRANSACTION.includes(error.code)) throw error;
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
    for (const session of [holder, next]) {
      await session.query("SET lock_timeout = 300");
      await session.query(`${TAKE_CATALOGUE}; ROLLBACK`);
    }
    await runEach(subject, one, names, note, async (sql) => {
      let over = false;
      await holder.query(TAKE_CATALOGUE);
      let queued = Promise.resolve();
      const letGo = async () => {
        over = true;
        await holder.query("ROLLBACK");
        await queued;
        await next.query("ROLLBACK");
        await holder.query("ROLLBACK");
      };
      const swap = async () => {
        await holder.query("ROLLBACK");
        [holder, next] = [next, holder];
      };
      await follow(subject, watch, sql, {
        onLocks: (rows) => noteRows(rows, names, note),
        async release(wanted) {
          await soon(queued);
          queued = takeCatalogue(next, () => over);
          // A wait for a transaction of ours, not for the catalogue: nobody is in the other's way.
          if (wanted !== catalogue) await soon(queued);
          else
            await until(watch, `SELECT 1 FROM pg_locks WHERE pid = ${next.pid} AND relation = ${catalogue}`);
          await swap();
        },
        releaseAll: letGo,
      });
      await letGo();
    });
  } finally {
    await holder.end();
    await next.end();
  }
}

/** REINDEX of the catalogue itself stands in the way of looking up its name: give up, and try again until it is over. */
async function takeCatalogue(session, isOver) {
  while (!isOver()) {
    try {
      await session.query(TAKE_CATALOGUE);
      return;
    } catch {
      await session.query("ROLLBACK");
    }
  }
}

async function runProbing(server, subject, watch, one, { hold, relations, note }) {
  const names = (await readBefore(watch)).relations;
  const holders = new Map();
  try {
    for (const row of names.values())
      if (relations.includes(row.name)) holders.set(row.oid, await server.session());
    await runEach(subject, one, names, note, async (sql) => {
      const present = new Set(
        (await watch.query("SELECT oid::int8::text AS oid FROM pg_class")).map((row) => row.oid),
      );
      for (const [oid, holder] of holders) {
        if (!present.has(oid)) continue;
        const quoted = (await watch.query(`SELECT ${oid}::regclass::text AS name`))[0].name;
        // LOCK TABLE does not take indexes; renaming one as if it were a table takes ACCESS EXCLUSIVE on it alone.
        const take = "iI".includes(names.get(oid).kind)
          ? `ALTER TABLE ${quoted} RENAME TO probe_${oid}`
          : `LOCK TABLE ONLY ${quoted} IN ${hold} MODE`;
        await holder.query(`SET search_path = app, public; BEGIN; ${take}`);
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
  await watch.query("SET lock_timeout = 300");
  const start = Date.now();
  let idle = start;
  while (!ended) {
    const rows = await watch
      .query(
        `SELECT relation::int8::text AS oid, mode, granted, locktype FROM pg_locks WHERE pid = ${subject.pid}`,
      )
      .catch(() => []);
    const waits = rows.find((row) => !row.granted);
    if (waits && !ended) {
      onLocks(rows.filter((row) => row.locktype === "relation"));
      await release(waits.oid);
      idle = Date.now();
    } else if (Date.now() - idle > PATIENCE_MS) {
      if (Date.now() - start > MOST_MS || !(await isRunning(watch, subject))) await releaseAll();
      idle = Date.now();
    }
  }
  const error = await result;
  if (error) throw error;
}

/** On a busy machine a statement may just be slow: then it is not in a wait of its own. */
async function isRunning(watch, subject) {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE pid = ${subject.pid} AND state = 'active' AND wait_event IS NULL`;
  return (await watch.query(sql).catch(() => [])).length > 0;
}

/** Waits, but not for ever: what it waits for may itself wait for us. */
const soon = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);

/** Until the query has an answer; not for long, since what it waits for may be unable to come. */
async function until(watch, sql) {
  const start = Date.now();
  while (Date.now() - start < PATIENCE_MS) {
    const rows = await watch.query(sql).catch(() => []);
    if (rows.length > 0) return;
  }
}

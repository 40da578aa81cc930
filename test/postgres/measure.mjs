/**
 * Measures what statements do on one connection: locks, table rewrites, scans, index builds, refusals.
 *
 * Nothing here knows how the server was reached. A session is `{ query(sql) -> rows, notices }`: a connection of `pg` or
 * PGlite behind the same few lines. Everything is asked of the server right after the statement, inside its transaction,
 * which is then rolled back, so that one set-up serves all the cases that begin from it.
 */

/** Roles and schemas that set-ups and statements may name. Made once for each server. */
export const PREPARE = [
  "CREATE ROLE app_owner",
  "CREATE ROLE app_reader",
  "ALTER ROLE app_owner SUPERUSER",
  "CREATE TABLE public.marker AS SELECT 1 AS one",
];

/** Takes away all that a set-up can have left, whatever it was. */
const CLEAN = `
DO $clean$
DECLARE one record;
BEGIN
  FOR one IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', one.pubname); END LOOP;
  FOR one IN SELECT evtname FROM pg_event_trigger LOOP EXECUTE format('DROP EVENT TRIGGER %I', one.evtname); END LOOP;
  FOR one IN SELECT nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema') LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', one.nspname);
  END LOOP;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'marker' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename);
  END LOOP;
  FOR one IN SELECT srvname FROM pg_foreign_server LOOP EXECUTE format('DROP SERVER %I CASCADE', one.srvname); END LOOP;
  FOR one IN SELECT fdwname FROM pg_foreign_data_wrapper LOOP
    EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', one.fdwname);
  END LOOP;
  FOR one IN SELECT amname FROM pg_am WHERE oid >= 16384 LOOP EXECUTE format('DROP ACCESS METHOD %I', one.amname); END LOOP;
END $clean$`;

const FRESH = [
  "RESET ALL",
  "SET client_min_messages = error",
  CLEAN,
  "CREATE SCHEMA app",
  "CREATE SCHEMA app2",
  "SET search_path = app, public",
];

/** User relations that a statement may lock, by OID; composite types and toast tables are nobody's business. */
export const RELATIONS = `
SELECT c.oid::int8::text AS oid, c.relkind AS kind, pg_relation_filenode(c.oid)::int8::text AS node,
  i.indrelid::int8::text AS "of", CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid)::int8::text END AS bytes,
  CASE n.nspname WHEN 'app' THEN c.relname ELSE n.nspname || '.' || c.relname END AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'i', 'I', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.oid <> 'public.marker'::regclass`;

export const ROWS_READ = `
SELECT relid::int8::text AS oid, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int8::text AS rows
FROM pg_stat_xact_all_tables WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema'`;

/** PGlite has no process identifiers: there, every lock is ours. */
const LOCKS = `
SELECT relation::int8::text AS oid, mode FROM pg_locks
WHERE locktype = 'relation' AND granted AND coalesce(pid, pg_backend_pid()) = pg_backend_pid()`;

const STRENGTH = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

/** A scan: this many rows of a table read. Tables of the cases have more rows, or next to none. */
const MANY_ROWS = 1000;

/** "ShareRowExclusiveLock" -> "SHARE ROW EXCLUSIVE". */
export function readMode(mode) {
  return mode
    .replace(/Lock$/, "")
    .replace(/(?<=.)(?=[A-Z])/g, " ")
    .toUpperCase();
}

/** The stronger of two modes; `undefined` is none. */
export function strongerMode(left, right) {
  return STRENGTH.indexOf(left) >= STRENGTH.indexOf(right) ? left : right;
}

/** Refused in a transaction: the statement itself, or a COMMIT in a block. */
export const NEEDS_NO_TRANSACTION = ["25001", "2D000"];

export const statementsOf = (one) => (Array.isArray(one.sql) ? one.sql : [one.sql]);

/** Makes the tables of a case. False if the server does not know something that the set-up needs. */
export async function prepareCase(session, setup) {
  for (const sql of FRESH) await session.query(sql);
  if (setup === "") return true;
  try {
    await session.query(setup);
    return true;
  } catch (error) {
    if (!error.code) throw error;
    return false;
  }
}

/** What is there before a statement: relations by OID, and rows read so far. */
export async function readBefore(session) {
  const relations = new Map((await session.query(RELATIONS)).map((row) => [row.oid, row]));
  const rows = new Map((await session.query(ROWS_READ)).map((row) => [row.oid, Number(row.rows)]));
  return { relations, rows };
}

/** Rewrites, scans, verifications and index builds since `before`, read in the session that did the work. */
export async function readWork(session, before, notices) {
  const after = (await session.query(RELATIONS)).map((row) => ({
    ...row,
    was: before.relations.get(row.oid),
  }));
  const said = (pattern) => notices.flatMap((text) => pattern.exec(text)?.[1] ?? []);
  const toldRewrites = said(/^rewriting table "(.*)"$/);
  // A table that was emptied has a new file too; nothing was copied.
  const isEmptied = (row) => row.was !== undefined && row.node !== row.was.node && Number(row.bytes) === 0;
  const emptied = new Set(
    after
      .filter((row) => "rm".includes(row.kind) && isEmptied(row) && !toldRewrites.includes(row.name))
      .map((row) => row.oid),
  );
  const nodes = new Set([...before.relations.values()].map((row) => row.node));
  const hasNewFile = (row) => row.node !== null && !nodes.has(row.node);
  const read = new Map((await session.query(ROWS_READ)).map((row) => [row.oid, Number(row.rows)]));
  const scanned = [...before.relations.values()].filter(
    (row) => (read.get(row.oid) ?? 0) - (before.rows.get(row.oid) ?? 0) >= MANY_ROWS,
  );
  const names = (rows) => [...new Set(rows)].sort();
  return {
    rewrites: names(
      after
        .filter((row) => "rm".includes(row.kind) && row.was && hasNewFile(row) && !emptied.has(row.oid))
        .map((row) => row.was.name),
    ),
    scans: names(scanned.map((row) => row.name)),
    verifies: names(said(/^verifying table "(.*)"$/)),
    buildsIndexes: names(
      after
        .filter(
          (row) =>
            row.kind === "i" && hasNewFile(row) && before.relations.has(row.of) && !emptied.has(row.of),
        )
        .map((row) => row.name),
    ),
  };
}

/** Names instead of OIDs, sorted; relations that did not exist before are left out. */
export function nameLocks(before, modes) {
  const named = [...modes].flatMap(([oid, mode]) => {
    const relation = before.relations.get(oid);
    return relation ? [[relation.name, mode]] : [];
  });
  return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Locks that a session holds now, strongest mode by OID. */
export async function readOwnLocks(session) {
  const modes = new Map();
  for (const { oid, mode } of await session.query(LOCKS))
    modes.set(oid, strongerMode(modes.get(oid), readMode(mode)));
  return modes;
}

/**
 * Runs a case in a transaction that is rolled back. `{ fails }` with the SQLSTATE if it is refused: 25001 means that it has
 * to be measured outside of one.
 */
export async function measureInTransaction(session, one) {
  await session.query("BEGIN");
  try {
    if (one.session) await session.query(one.session);
    const before = await readBefore(session);
    await session.query("SET LOCAL client_min_messages = debug1");
    session.notices.length = 0;
    for (const sql of statementsOf(one)) await session.query(sql);
    const notices = [...session.notices];
    await session.query("SET LOCAL client_min_messages = error");
    const locks = nameLocks(before, await readOwnLocks(session));
    return { locks, ...(await readWork(session, before, notices)) };
  } catch (error) {
    if (!error.code) throw error;
    return { fails: error.code };
  } finally {
    await session.query("ROLLBACK");
    if (one.session)
      await session.query("RESET ALL; SET search_path = app, public; SET client_min_messages = error");
  }
}

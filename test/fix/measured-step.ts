import type { Database } from "./database.ts";

/** Locks that keep writers out, by pg_locks' names; the last one keeps readers out as well. */
const blocking = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];

interface Relation {
  readonly oid: number;
  readonly name: string;
  readonly node: number | null;
  readonly table: number;
  readonly bytes: number;
}

const RELATIONS = `
SELECT c.oid::int4 AS oid, c.oid::regclass::text AS name, pg_relation_filenode(c.oid)::int4 AS node,
  coalesce(i.indrelid, c.oid)::int4 AS "table", CASE WHEN c.relkind IN ('r', 'm', 'i') THEN pg_relation_size(c.oid) ELSE 0 END::int4 AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'i', 'I', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
const READ = `SELECT relid::int4 AS oid, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int4 AS rows FROM pg_stat_xact_all_tables`;
const LOCKS = `SELECT DISTINCT relation::int4 AS oid, mode FROM pg_locks WHERE locktype = 'relation' AND granted AND coalesce(pid, pg_backend_pid()) = pg_backend_pid()`;

/** This many rows of a table read: a scan. */
const manyRows = 1000;

/**
 * Runs a step in one transaction and resolves to what it did to a table behind a lock that keeps others out of it: empty
 * where all was well. Tables without rows count for nothing, nor do those that the step makes.
 */
export async function runMeasured(database: Database, sql: string): Promise<string[]> {
  await database.run("BEGIN");
  try {
    const before = await relationsOf(database);
    const read = await rowsRead(database);
    await database.run("SET LOCAL client_min_messages = debug1");
    const notices = await database.run(sql);
    await database.run("SET LOCAL client_min_messages = error");
    const locks = await database.rows<{ oid: number; mode: string }>(LOCKS);
    const held = new Set(locks.filter(({ mode }) => blocking.includes(mode)).map(({ oid }) => oid));
    const after = await relationsOf(database);
    const readAfter = await rowsRead(database);
    await database.run("COMMIT");
    const wrong: string[] = [];
    for (const { oid, name } of before.values()) {
      if (!held.has(oid)) continue;
      const rows = (readAfter.get(oid) ?? 0) - (read.get(oid) ?? 0);
      if (rows >= manyRows) wrong.push(`${name}: ${rows} rows read`);
      if (notices.includes(`verifying table "${name}"`)) wrong.push(`${name}: verified`);
    }
    const nodes = new Set([...before.values()].map(({ node }) => node));
    for (const { name, node, table, bytes } of after.values()) {
      if (nodes.has(node) || node === null || bytes < 16384 || !before.has(table) || !held.has(table))
        continue;
      wrong.push(`${name}: written anew`);
    }
    return wrong;
  } catch (error) {
    await database.run("ROLLBACK");
    throw error;
  }
}

async function relationsOf(database: Database): Promise<Map<number, Relation>> {
  const rows = await database.rows<Relation>(RELATIONS);
  return new Map(rows.map((row) => [row.oid, row]));
}

async function rowsRead(database: Database): Promise<Map<number, number>> {
  const rows = await database.rows<{ oid: number; rows: number }>(READ);
  return new Map(rows.map(({ oid, rows: count }) => [oid, count]));
}

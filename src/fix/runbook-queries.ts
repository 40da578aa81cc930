import { quoteLiteral } from "../sql/names.ts";

/** A query of the runbook with what it is for. Every one of them is run in the tests. */
export interface RunbookQuery {
  readonly title: string;
  readonly sql: string;
}

/** A query on what the migrations touch: nothing can be asked where that is no relation. */
interface OwnQuery extends RunbookQuery {
  readonly isOfRelations?: boolean;
}

/** `(to_regclass('public.orders'))`, to stand behind IN: what the migrations touch, null where it is not there (yet). */
function relationList(relations: readonly string[]): string {
  return `(${relations.map((name) => `to_regclass(${quoteLiteral(name)})`).join(", ")})`;
}

/** Those that can be asked. */
function askable(queries: readonly OwnQuery[], relations: readonly string[]): RunbookQuery[] {
  return queries
    .filter(({ isOfRelations }) => isOfRelations !== true || relations.length > 0)
    .map(({ title, sql }) => ({ title, sql }));
}

/** Before the first step. `relations` are names that to_regclass understands. */
export function queriesBefore(relations: readonly string[]): RunbookQuery[] {
  const ours = relationList(relations);
  const queries: OwnQuery[] = [
    {
      isOfRelations: true,
      title: "Transactions that hold locks here and are older than a few seconds: each step waits for them",
      sql: `SELECT DISTINCT a.pid, a.usename, a.application_name, a.state, now() - a.xact_start AS open_for, left(a.query, 80) AS query
FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
WHERE l.relation IN ${ours} AND a.pid <> pg_backend_pid() AND a.xact_start < now() - interval '5 seconds'
ORDER BY open_for DESC;`,
    },
    {
      title: "Transactions anywhere that CONCURRENTLY would wait for, prepared ones too",
      sql: `SELECT pid::text AS who, now() - xact_start AS open_for, left(query, 80) AS query
FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND xact_start < now() - interval '1 minute'
UNION ALL
SELECT gid, now() - prepared, 'prepared transaction' FROM pg_prepared_xacts
ORDER BY open_for DESC;`,
    },
    {
      isOfRelations: true,
      title: "Indexes that an earlier attempt left INVALID",
      sql: `SELECT indexrelid::regclass AS index, indrelid::regclass AS "table"
FROM pg_index WHERE NOT indisvalid AND indrelid IN ${ours};`,
    },
    {
      isOfRelations: true,
      title: "How large they are: what is built or written anew needs as much again on the disk",
      sql: `SELECT c.oid::regclass AS relation, pg_size_pretty(pg_table_size(c.oid)) AS rows_and_toast,
  pg_size_pretty(pg_indexes_size(c.oid)) AS indexes, c.reltuples::bigint AS estimated_rows
FROM pg_class c WHERE c.oid IN ${ours} ORDER BY pg_total_relation_size(c.oid) DESC;`,
    },
    {
      title: "Where the files lie, to compare with the free space of that disk",
      sql: `SELECT current_setting('data_directory') AS data_directory, t.spcname AS tablespace,
  pg_size_pretty(pg_database_size(current_database())) AS database
FROM pg_tablespace t WHERE t.spcname NOT LIKE 'pg\\_global';`,
    },
    {
      title: "How far the replicas are behind: large changes travel to them as well",
      sql: `SELECT application_name, state, replay_lag, pg_size_pretty(pg_wal_lsn_diff(sent_lsn, replay_lsn)) AS behind
FROM pg_stat_replication ORDER BY replay_lag DESC NULLS LAST;`,
    },
  ];
  return askable(queries, relations);
}

/** While a step runs. */
export function queriesMeanwhile(relations: readonly string[]): RunbookQuery[] {
  const ours = relationList(relations);
  const queries: OwnQuery[] = [
    {
      isOfRelations: true,
      title: "Who waits for whom on these relations",
      sql: `SELECT waiting.pid AS waits, left(waiting.query, 60) AS query, now() - waiting.query_start AS since,
  blocking.pid AS for_pid, left(blocking.query, 60) AS for_query, blocking.state
FROM pg_stat_activity waiting
CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS b(pid)
JOIN pg_stat_activity blocking ON blocking.pid = b.pid
WHERE EXISTS (SELECT FROM pg_locks l WHERE l.pid = waiting.pid AND NOT l.granted AND (l.relation IN ${ours} OR l.relation IS NULL))
ORDER BY since DESC;`,
    },
    {
      isOfRelations: true,
      title: "Abort where this is more than a handful, or grows: the sessions that wait on these relations",
      sql: `SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted AND relation IN ${ours};`,
    },
    {
      isOfRelations: true,
      title:
        "How to abort: cancels the migration's own statement; what it did in its transaction is taken back",
      sql: `SELECT pid, pg_cancel_backend(pid) AS cancelled FROM pg_stat_activity a
WHERE pid <> pg_backend_pid() AND state = 'active' AND EXISTS (
  SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted AND l.relation IN ${ours}
    AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
) AND query !~* '^(auto)?vacuum';`,
    },
  ];
  return askable(queries, relations);
}

/** How far an index build is. */
export const buildProgress: RunbookQuery = {
  title: "How far the index build is",
  sql: `SELECT pid, relid::regclass AS "table", phase, lockers_done, lockers_total, blocks_done, blocks_total,
  round(100.0 * blocks_done / nullif(blocks_total, 0), 1) AS percent
FROM pg_stat_progress_create_index;`,
};

/** After the last step. */
export function queriesAfter(relations: readonly string[]): RunbookQuery[] {
  const ours = relationList(relations);
  const queries: OwnQuery[] = [
    {
      isOfRelations: true,
      title: "Indexes that are INVALID: there must be none",
      sql: `SELECT indexrelid::regclass AS index FROM pg_index WHERE NOT indisvalid AND indrelid IN ${ours};`,
    },
    {
      isOfRelations: true,
      title: "Constraints that are not validated: there must be none",
      sql: `SELECT conrelid::regclass AS "table", conname AS "constraint", pg_get_constraintdef(oid) AS definition
FROM pg_constraint WHERE NOT convalidated AND conrelid IN ${ours};`,
    },
    {
      isOfRelations: true,
      title: "Statistics that are missing or old",
      sql: `SELECT relid::regclass AS "table", greatest(last_analyze, last_autoanalyze) AS analyzed, n_mod_since_analyze AS changed_since
FROM pg_stat_user_tables WHERE relid IN ${ours};`,
    },
    {
      title: "Connections that were there before: their prepared statements may still expect the old columns",
      sql: `SELECT application_name, count(*) AS connections, min(backend_start) AS oldest
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND datname = current_database()
GROUP BY application_name ORDER BY oldest;`,
    },
  ];
  return askable(queries, relations);
}

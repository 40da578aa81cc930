import { baseName } from "./paths.ts";

/** Names of other databases, as they stand in folders and in front of `.sql`. */
const others = new Set([
  "bigquery",
  "cassandra",
  "clickhouse",
  "cockroach",
  "cockroachdb",
  "crdb",
  "d1",
  "databricks",
  "db2",
  "derby",
  "duckdb",
  "firebird",
  "h2",
  "hiqlite",
  "hive",
  "hsqldb",
  "impala",
  "informix",
  "libsql",
  "mariadb",
  "mssql",
  "mysql",
  "mysql5",
  "mysql8",
  "netezza",
  "oracle",
  "pdw",
  "redshift",
  "scylla",
  "singlestore",
  "snowflake",
  "spanner",
  "spark",
  "sqlite",
  "sqlite3",
  "sqlserver",
  "sql_server",
  "sybase",
  "synapse",
  "teradata",
  "tidb",
  "turso",
  "vertica",
  "yugabyte",
]);

/**
 * Whether a path is for another database: a folder of its name (`migrations/mysql/1.sql`) or a suffix
 * (`1_users.sqlite.up.sql`, `schema-oracle.sql`).
 */
export function isOtherDialect(path: string): boolean {
  const parts = path.toLowerCase().split("/");
  if (parts.slice(0, -1).some((part) => others.has(part))) return true;
  const words = baseName(path.toLowerCase())
    .split(".")
    .slice(0, -1)
    .filter((word) => word !== "up" && word !== "down");
  const last = words.at(-1) ?? "";
  if (words.length > 1 && others.has(last)) return true;
  const dash = last.lastIndexOf("-");
  return dash > 0 && others.has(last.slice(dash + 1));
}

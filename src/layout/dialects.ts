import { baseName, folderOf, leadingDigits, pathParts, stemOf } from "./paths.ts";
import type { ProjectView } from "./types.ts";

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
  "hsql",
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

/** Names that folders bear for other reasons, too (`internal/db2`): alone they tell nothing. */
const ambiguous = new Set(["d1", "db2", "derby", "hive", "impala", "oracle", "spark", "synapse", "turso"]);

/** Names of our own database: a folder that bears one as well is none of another. */
const own = new Set(["pg", "pgsql", "postgres", "postgresql"]);

/**
 * Whether a path is for another database: a folder of its name (`migrations/mysql/1.sql`, `mysql-scripts/1.sql`) or a
 * suffix (`1_users.sqlite.up.sql`, `schema-oracle.sql`). A name that means other things as well counts where the project
 * has folders of several databases side by side.
 */
export function isOtherDialect(path: string, project: ProjectView | null = null): boolean {
  const lower = path.toLowerCase();
  const folders = pathParts(folderOf(lower));
  const isOther = (part: string, index: number) => {
    if (!others.has(part)) return isNamedAfter(part);
    return !ambiguous.has(part) || project === null || hasOthersBeside(project, folders, index);
  };
  if (folders.some(isOther)) return true;
  const words = baseName(lower)
    .split(".")
    .slice(0, -1)
    .filter((word) => word !== "up" && word !== "down");
  if (words.slice(1).some((word) => others.has(word))) return true;
  const last = words.at(-1) ?? "";
  const dash = last.lastIndexOf("-");
  if (dash > 0 && others.has(last.slice(dash + 1))) return true;
  return project !== null && isOneOfMany(lower, project);
}

/**
 * `users_mysql.sql` where `users_postgresql.sql` lies beside it, `mysql.sql` beside `pg.sql`: one script, written once for
 * each database. Alone it may be `import_from_oracle.sql`.
 */
function isOneOfMany(lower: string, project: ProjectView): boolean {
  const script = scriptOf(lower);
  if (script === null || !others.has(script.database)) return false;
  const databases = [...(databasesOf(project).get(script.key) ?? [])];
  return databases.length > 1 && databases.some((word) => !ambiguous.has(word));
}

const writtenFor = new WeakMap<ProjectView, Map<string, Set<string>>>();

/** The databases that one script is written for, by what stands in front of their names. */
function databasesOf(project: ProjectView): ReadonlyMap<string, ReadonlySet<string>> {
  let found = writtenFor.get(project);
  if (found === undefined) {
    found = new Map();
    for (const path of project.paths) {
      const script = scriptOf(path.toLowerCase());
      if (script !== null) found.set(script.key, (found.get(script.key) ?? new Set()).add(script.database));
    }
    writtenFor.set(project, found);
  }
  return found;
}

/** The database, ours or another, that a script is named after in its last word: `users_mysql.sql`, `mysql.new.sql`. */
function scriptOf(lower: string): { readonly database: string; readonly key: string } | null {
  const [behind, database] = /(?<=^|[_/])([a-z0-9]+)(?:\.[\w-]+)*\.sql$/.exec(lower) ?? [];
  if (behind === undefined || database === undefined || !(own.has(database) || others.has(database)))
    return null;
  return { database, key: lower.slice(0, -behind.length) };
}

/** Whether a word, in lower case, is the name of another database, or of ours. */
export function isOtherDatabase(word: string): boolean {
  return others.has(word) && !ambiguous.has(word);
}

export function isOwnDatabase(word: string): boolean {
  return own.has(word);
}

/** `20240131_users/postgres.sql`: one migration, written once for each database. */
export function isOwnOfFolder(path: string): boolean {
  return own.has(stemOf(path).toLowerCase()) && leadingDigits(baseName(folderOf(path))).length > 2;
}

/** `mysql-persistence`, `sqlite_migrations`; not `mysql-to-postgres`. */
function isNamedAfter(part: string): boolean {
  const words = part.split(/[-_]/);
  if (words.length < 2 || words.some((word) => own.has(word) || word === "to" || word === "from"))
    return false;
  return words.some((word) => others.has(word) && !ambiguous.has(word) && word !== "h2");
}

const databaseFolders = new WeakMap<ProjectView, Map<string, Set<string>>>();

/** Whether the folder at this place has one of another database, or of PostgreSQL, beside it. */
function hasOthersBeside(project: ProjectView, folders: readonly string[], index: number): boolean {
  let found = databaseFolders.get(project);
  if (found === undefined) {
    found = new Map();
    for (const path of project.paths) {
      const parts = pathParts(folderOf(path.toLowerCase()));
      parts.forEach((part, at) => {
        if (!others.has(part) && !own.has(part)) return;
        const above = parts.slice(0, at).join("/");
        found?.set(above, (found.get(above) ?? new Set()).add(part));
      });
    }
    databaseFolders.set(project, found);
  }
  return (found.get(folders.slice(0, index).join("/"))?.size ?? 0) > 1;
}

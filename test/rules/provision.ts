import { psql } from "../../src/layout/index.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementSql } from "../../src/sql/tokens.ts";

/** PGlite, or a connection to a server. */
export interface Db {
  exec(sql: string): Promise<unknown>;
  query<Row>(sql: string): Promise<{ rows: Row[] }>;
}

interface ServerError {
  readonly code: string;
  readonly message: string;
}

/** What a fixture takes as given is made when the server misses it: its error says what. Null: it is no such error. */
function makeMissing({ code, message }: ServerError): string | null {
  const name = /"([^"]+)"/.exec(message)?.[1] ?? "";
  switch (code) {
    case "3F000":
      return `CREATE SCHEMA ${quote(name)}`;
    case "42P01":
      return `CREATE TABLE ${quotePath(name)} (id bigint PRIMARY KEY)`;
    case "42703": {
      const [, column = "", relation] = /column "([^"]+)"(?: of relation "([^"]+)")?/.exec(message) ?? [];
      return relation === undefined
        ? null
        : `ALTER TABLE ${quotePath(relation)} ADD COLUMN ${quote(column)} ${typeFor(column)}`;
    }
    default:
      return null;
  }
}

function typeFor(column: string): string {
  if (/(^|_)id$|count|year|quantity/i.test(column)) return "bigint";
  if (/total|price|weight|amount|discount/i.test(column)) return "numeric";
  if (/_at$|^at$|^placed|^ts$|day/i.test(column)) return "timestamptz";
  return "text";
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quotePath(name: string): string {
  return name.split(".").map(quote).join(".");
}

/** An empty database again: every schema that is not the server's own goes. */
export async function reset(db: Db): Promise<void> {
  await db.exec("ROLLBACK; RESET ALL;").catch(() => undefined);
  const { rows } = await db.query<{ nspname: string }>(
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'",
  );
  for (const { nspname } of rows) await db.exec(`DROP SCHEMA ${quote(nspname)} CASCADE`);
  await db.exec("CREATE SCHEMA public; CREATE SCHEMA shop");
}

/**
 * Runs one statement; what it takes as given is made on the way. Resolves to the error that is left, or null. `made` gets what
 * has run, one after the other.
 */
export async function runOne(
  db: Db,
  sql: string,
  inTransaction: boolean,
  made: string[] = [],
): Promise<ServerError | null> {
  for (let tries = 0; ; tries++) {
    if (inTransaction) await db.exec("SAVEPOINT before");
    try {
      await db.query(sql);
      made.push(sql);
      return null;
    } catch (error) {
      const left = error as ServerError;
      if (inTransaction) await db.exec("ROLLBACK TO before");
      const missing = tries < 12 ? makeMissing(await qualified(db, left, sql)) : null;
      if (missing === null) return left;
      const schema = /^CREATE TABLE "([^"]+)"\./.exec(missing)?.[1];
      const first = schema === undefined ? "" : `CREATE SCHEMA IF NOT EXISTS ${quote(schema)}; `;
      try {
        await db.exec(first + missing);
        made.push(first + missing);
      } catch {
        return left;
      }
    }
  }
}

/** Errors name a relation without its schema, and a column often without its relation: the statement says which. */
async function qualified(db: Db, error: ServerError, sql: string): Promise<ServerError> {
  const { code, message } = error;
  const { rows } = await db.query<{ schema: string; name: string; columns: string[] }>(
    `SELECT n.nspname AS schema, c.relname AS name,
            ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^(pg_|information_schema)'`,
  );
  const column = code === "42703" ? /column "([^"]+)"/.exec(message)?.[1] : undefined;
  if (column !== undefined) {
    const table = rows
      .filter(({ name, columns }) => sql.includes(name) && !columns.includes(column))
      .sort((a, b) => sql.indexOf(a.name) - sql.indexOf(b.name))[0];
    if (table === undefined) return error;
    return { code, message: `column "${column}" of relation "${table.schema}.${table.name}" does not exist` };
  }
  const name = /relation "([^".]+)"/.exec(message)?.[1];
  const schema = name === undefined ? undefined : schemaBefore(name, sql);
  return schema === undefined
    ? error
    : { code, message: message.replace(`"${name}"`, `"${schema}.${name}"`) };
}

/** The schema that a name is written with. */
function schemaBefore(name: string, sql: string): string | undefined {
  for (const spelling of [`"${name}"`, name]) {
    const at = sql.indexOf(`.${spelling}`);
    if (at > 0) return /"?([A-Za-z_]\w*)"?$/.exec(sql.slice(0, at))?.[1];
  }
  return undefined;
}

/** The statements of a migration, as the server gets them: whoever runs it has filled its placeholders. */
export function statementsOf(text: string): string[] {
  const sql = psql.fill(text);
  return splitStatements(sql)
    .statements.filter(({ kind }) => kind === "sql")
    .map((statement) => statementSql(sql, statement));
}

import { isInTransaction, type Session } from "../analysis/session.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Statement } from "../model/statement.ts";

/** How a table lost its rows: by TRUNCATE, or by a DELETE of all rows. */
export type Emptied = Map<string, "truncated" | "deleted">;

/**
 * Notes in `tables` what TRUNCATE has emptied: it holds its lock to the end of the transaction, so nobody else puts a row
 * into it, and whatever reads all rows of it reads none. A body may have been left before it came to its TRUNCATE. What a
 * DELETE emptied is still read, and others may have filled it since.
 */
export function noteEmptied(tables: Emptied, statement: Statement, isInBody: boolean): void {
  switch (statement.kind) {
    case "truncate":
      if (!isInBody) for (const table of statement.tables) tables.set(writtenName(table), "truncated");
      return;
    case "delete":
      forgetTruncated(tables);
      if (!isInBody && statement.where === null && statement.using.length === 0)
        tables.set(writtenName(statement.table), "deleted");
      return;
    case "update":
      forgetTruncated(tables);
      return;
    // These may have put rows anywhere, or ended the transaction.
    case "insert":
    case "merge":
    case "select":
    case "copy":
    case "call":
    case "do":
    case "other":
    case "transaction":
      tables.clear();
      return;
    // These change what a name means.
    case "set":
      if (moveNames.has(statement.name)) tables.clear();
      return;
    case "set schema":
      forget(tables, statement.target.name.name);
      return;
    case "rename":
      if (statement.object === "schema") tables.clear();
      if (statement.part !== null) return;
      forget(tables, statement.target.name.name);
      forget(tables, statement.to.name);
  }
}

/** A trigger may have put rows anywhere. */
function forgetTruncated(tables: Emptied): void {
  for (const [name, how] of tables) if (how === "truncated") tables.delete(name);
}

/** How the running transaction has emptied a table; null where it has not. */
export function howEmptied(
  name: QualifiedName,
  session: Session,
  { emptied }: { readonly emptied: Emptied },
): "truncated" | "deleted" | null {
  return isInTransaction(session) ? (emptied.get(writtenName(name)) ?? null) : null;
}

/** Settings that say in which schema a name is looked up; "$user" is part of the usual search_path. */
const moveNames: ReadonlySet<string> = new Set(["search_path", "role", "session authorization", "all"]);

function forget(tables: Emptied, name: string): void {
  for (const known of tables.keys()) if (known.endsWith(`\0${name}`)) tables.delete(known);
}

/** One table may be written in two ways, but what is written the same is the same: a table is known as it was truncated. */
function writtenName({ schema, name }: QualifiedName): string {
  return `${schema?.name ?? ""}\0${name.name}`;
}

import type { QualifiedName } from "../model/name.ts";
import type { Statement } from "../model/statement.ts";

/**
 * Notes in `names` what TRUNCATE has emptied: it holds its lock to the end of the transaction, so nobody else puts a row
 * into it, and whatever reads all rows of it reads none. A body may have been left before it came to its TRUNCATE.
 */
export function noteEmptied(names: Set<string>, statement: Statement, isInBody: boolean): void {
  switch (statement.kind) {
    case "truncate":
      if (!isInBody) for (const table of statement.tables) names.add(writtenName(table));
      return;
    // These may have put rows anywhere, or ended the transaction.
    case "insert":
    case "merge":
    case "update":
    case "delete":
    case "select":
    case "copy":
    case "call":
    case "do":
    case "other":
    case "transaction":
      names.clear();
      return;
    // These change what a name means.
    case "set":
      if (moveNames.has(statement.name)) names.clear();
      return;
    case "set schema":
      forget(names, statement.target.name.name);
      return;
    case "rename":
      if (statement.object === "schema") names.clear();
      if (statement.part !== null) return;
      forget(names, statement.target.name.name);
      forget(names, statement.to.name);
  }
}

/** Settings that say in which schema a name is looked up; "$user" is part of the usual search_path. */
const moveNames: ReadonlySet<string> = new Set(["search_path", "role", "session authorization", "all"]);

function forget(names: Set<string>, name: string): void {
  for (const known of names) if (known.endsWith(`\0${name}`)) names.delete(known);
}

/** One table may be written in two ways, but what is written the same is the same: a table is known as it was truncated. */
export function writtenName({ schema, name }: QualifiedName): string {
  return `${schema?.name ?? ""}\0${name.name}`;
}

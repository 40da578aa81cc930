import type { Statement } from "../model/statement.ts";

/** The tables of a unit that its running transaction has truncated and put nothing into since, as they are written. */
interface Emptied {
  read: number;
  readonly names: Set<string>;
}

const emptied = new WeakMap<readonly Statement[], Emptied>();

/**
 * What TRUNCATE has emptied by now: it holds its lock to the end of the transaction, so nobody else puts a row into it, and
 * whatever reads all rows of it reads none. `earlier` only ever grows: each statement is looked at once.
 */
export function emptiedBy(earlier: readonly Statement[]): ReadonlySet<string> {
  let known = emptied.get(earlier);
  if (known === undefined) {
    known = { read: 0, names: new Set() };
    emptied.set(earlier, known);
  }
  for (; known.read < earlier.length; known.read++) {
    const statement = earlier[known.read];
    if (statement !== undefined) note(known.names, statement);
  }
  return known.names;
}

function note(names: Set<string>, statement: Statement): void {
  switch (statement.kind) {
    case "truncate":
      for (const { name } of statement.tables) names.add(name.name);
      return;
    case "insert":
      names.delete(statement.table.name.name);
      return;
    case "transaction":
    case "copy":
    case "call":
    case "do":
    case "other":
      names.clear();
  }
}

import type { Action } from "../../model/action.ts";
import type { AlterTable, CreateTable } from "../../model/statement.ts";
import type { Constraint } from "../../model/table.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { fail, type Ledger } from "./ledger.ts";
import { hasWords } from "./words.ts";

/** What is said of rows that are stored here. */
const ofStorage: ReadonlySet<Action["kind"]> = new Set<Action["kind"]>([
  "cluster on",
  "set without cluster",
  "set tablespace",
  "set options",
  "reset options",
  "set logged",
  "set unlogged",
  "set access method",
  "set compression",
  "replica identity",
  "enable row security",
  "disable row security",
  "force row security",
  "no force row security",
  "enable rule",
  "disable rule",
  "of type",
  "not of",
  "attach partition",
  "detach partition",
]);

/** ALTER TABLE of a foreign table, and ALTER FOREIGN TABLE of another. */
export function refuseForeign(
  ledger: Ledger,
  { object }: AlterTable,
  table: Table,
  actions: readonly Action[],
): void {
  const name = quoteName(table.name);
  if (table.kind !== "foreign table") {
    for (const action of actions)
      if (isOfServer(ledger, action))
        fail(ledger, "42809", `${name} is not a foreign table: it has no OPTIONS`);
    return;
  }
  for (const action of actions) {
    if (ofStorage.has(action.kind))
      refuse(ledger, name, action.kind.toUpperCase().replace("ROW SECURITY", "ROW LEVEL SECURITY"));
    for (const { kind } of constraintsIn(action)) {
      if (kind !== "foreign key" && kind !== "exclusion") continue;
      if (isReadAsTable(ledger, object))
        refuse(ledger, name, kind === "exclusion" ? "EXCLUDE" : "ADD FOREIGN KEY");
      fail(
        ledger,
        "0A000",
        `a foreign table has no ${kind === "exclusion" ? "exclusion constraints" : "foreign keys"}`,
      );
    }
  }
}

function constraintsIn(action: Action): readonly Constraint[] {
  if (action.kind === "add constraint") return [action.constraint];
  return action.kind === "add column" ? action.column.constraints : [];
}

/** OPTIONS, of a table or of a column: what the server elsewhere is told. */
export function isOfServer(ledger: Ledger, action: Action): boolean {
  const isOfColumn = action.kind === "set column options" && hasWords(ledger, action.span, "options");
  return isOfColumn || action.kind === "set foreign options";
}

/** In 12 ALTER TABLE took the statement for one about a table, and saw what it is later. */
export function isReadAsTable({ world }: Ledger, object: AlterTable["object"]): boolean {
  return world.version < 13 && object === "table";
}

function refuse(ledger: Ledger, name: string, what: string): void {
  fail(ledger, "42809", `${name} is a foreign table: it has no ${what}`);
}

/** Keys of a new foreign table, of which nobody here could make sure. */
export function refuseForeignKeys(ledger: Ledger, { isForeign, columns, constraints }: CreateTable): void {
  if (!isForeign) return;
  const kinds = ["primary key", "unique", "foreign key", "exclusion"];
  const all = [...columns.flatMap((column) => column.constraints), ...constraints];
  if (all.some(({ kind }) => kinds.includes(kind))) fail(ledger, "0A000", "a foreign table has no keys");
}

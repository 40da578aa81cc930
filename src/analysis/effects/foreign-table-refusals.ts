import type { Action } from "../../model/action.ts";
import type { AlterTable, CreateTable } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import type { Table } from "../entities.ts";
import { fail, type Ledger } from "./ledger.ts";

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
  if (table.kind !== "foreign table") return;
  for (const action of actions) {
    if (ofStorage.has(action.kind))
      refuse(ledger, name, action.kind.toUpperCase().replace("ROW SECURITY", "ROW LEVEL SECURITY"));
    if (action.kind !== "add constraint" || action.constraint.kind !== "foreign key") continue;
    if (isReadAsTable(ledger, object)) refuse(ledger, name, "ADD FOREIGN KEY");
    fail(ledger, "0A000", "a foreign table has no foreign keys");
  }
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

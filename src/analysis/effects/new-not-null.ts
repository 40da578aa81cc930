import type { CreateTable } from "../../model/statement.ts";
import type { ColumnDefinition, Constraint } from "../../model/table.ts";
import { isSerial } from "../../model/type-names.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { failEvident, type Ledger } from "./ledger.ts";

type NotNull = Extract<Constraint, { readonly kind: "not null" }>;

/** What is said of one column in several places; undefined: nothing yet. */
interface Said {
  readonly name: string | null;
  readonly noInherit: boolean;
}

/** From 18 on NOT NULL is a constraint: one for each column, whose name and reach are told alike wherever they are told. */
export function refuseNotNulls(
  ledger: Ledger,
  statement: CreateTable,
  columns: ReadonlyMap<string, unknown> | null,
): void {
  const all = statement.constraints.filter((one) => one.kind === "not null");
  for (const { column } of all)
    if (columns?.has(truncateName(column.name)) === false)
      failEvident(
        ledger,
        "42703",
        `column ${quoteName(truncateName(column.name))}, which is to be NOT NULL, does not exist`,
      );
  if (ledger.world.version < 18) return;
  const said = new Map<string, Said>();
  for (const column of statement.columns) {
    const own = truncateName(column.name.name);
    if (column.notNull !== null) say(ledger, said, own, sayingOf(column.notNull));
    if (isImplied(column)) say(ledger, said, own, implied);
  }
  for (const one of all) say(ledger, said, truncateName(one.column.name), sayingOf(one));
  for (const one of statement.constraints)
    if (one.kind === "primary key")
      for (const column of one.columns) say(ledger, said, truncateName(column.name), implied, false);
  const names = new Set<string>();
  for (const { name } of said.values()) {
    if (name !== null && names.has(name))
      failEvident(ledger, "42710", `constraint ${quoteName(name)} is given to two columns`);
    if (name !== null) names.add(name);
  }
  if (statement.partitionBy !== null && [...said.values()].some(({ noInherit }) => noInherit))
    failEvident(ledger, "0A000", "NOT NULL of a partitioned table cannot be NO INHERIT");
}

const implied: Said = { name: null, noInherit: false };

function sayingOf({ name, noInherit }: Pick<NotNull, "name" | "noInherit">): Said {
  return { name: name === null ? null : truncateName(name.name), noInherit };
}

/** Keys, serial and identity columns are NOT NULL without a word. */
function isImplied(column: ColumnDefinition): boolean {
  return (
    isSerial(column) ||
    column.identity !== null ||
    column.constraints.some((one) => one.kind === "primary key")
  );
}

function say(ledger: Ledger, said: Map<string, Said>, column: string, next: Said, isFirst = true): void {
  const before = said.get(column);
  if (before === undefined) {
    if (isFirst) said.set(column, next);
    return;
  }
  if (before.name !== null && next.name !== null && before.name !== next.name)
    failEvident(ledger, "42601", `the not-null constraint of column ${quoteName(column)} has two names`);
  if (before.noInherit !== next.noInherit)
    failEvident(ledger, "42601", `NOT NULL of column ${quoteName(column)} is and is not NO INHERIT`);
  if (before.name === null) said.set(column, next);
}

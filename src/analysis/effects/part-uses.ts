import { quoteName } from "../../sql/names.ts";
import { isTable, type Table, type TableConstraint, type View } from "../entities.ts";
import type { Schema } from "../schema.ts";
import { isIndexOn } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { depend } from "./ledger.ts";

/** A rule, policy or constraint, of the table itself or of another, that reads the table or a column of it. */
interface PartInTheWay {
  /** `rule r`, `policy p`. */
  readonly part: string;
  /** Whose part it is. */
  readonly from: Table;
  readonly mayBeGone: boolean;
}

/** What reads a column of the table; those that are there for certain come first. */
export function partsOnColumn(schema: Schema, table: Table, column: string): readonly PartInTheWay[] {
  const own = table.policies
    .filter(({ columns }) => columns.includes(column))
    .map((one) => ({ part: `policy ${quoteName(one.name)}`, from: table, mayBeGone: schema.mayBeGone(one) }));
  return sureFirst([...own, ...usesOf(schema, table, (one) => one === column)]);
}

/**
 * An exclusion constraint goes with its columns, but not with those that only its expressions or its predicate read.
 * `isGone`: whether an earlier action of the statement takes it.
 */
export function exclusionsOn(
  schema: Schema,
  table: Table,
  column: string,
  isGone: (constraint: TableConstraint) => boolean = () => false,
): PartInTheWay[] {
  return schema.indexesOf(table.id).flatMap((index) => {
    const owner = table.constraints.find(({ name }) => name === index.constraint);
    if (owner?.kind !== "exclusion" || owner.columns.includes(column) || !isIndexOn(index, column)) return [];
    if (isGone(owner)) return [];
    return [{ part: `constraint ${quoteName(owner.name)}`, from: table, mayBeGone: false }];
  });
}

/** What reads the table, whichever of its columns. */
export function partsOnTable(schema: Schema, table: Table): readonly PartInTheWay[] {
  return sureFirst(usesOf(schema, table, () => true));
}

function usesOf(schema: Schema, table: Table, reads: (column: string | null) => boolean): PartInTheWay[] {
  return [table, ...schema.usersOf("reads", table.id).filter(isTable)].flatMap((from) =>
    (from.uses ?? [])
      .filter((use) => use.table === table.id && reads(use.column))
      .map((use) => ({ part: use.part, from, mayBeGone: schema.mayBeGone(use) })),
  );
}

function sureFirst(parts: readonly PartInTheWay[]): readonly PartInTheWay[] {
  return [...parts.filter((one) => !one.mayBeGone), ...parts.filter((one) => one.mayBeGone)];
}

/** Asked before a part is told to stand in the way: where nothing sure does, the answer depends on it. */
export function doubtPart(ledger: Ledger, { part, mayBeGone }: PartInTheWay): void {
  if (mayBeGone && ledger.fails === null) depend(ledger, `whether the ${part} is still there`);
}

/** The same of a view: what nobody could read may have dropped it. */
export function doubtView(ledger: Ledger, view: View): void {
  if (ledger.world.schema.mayViewBeGone(view) && ledger.fails === null)
    depend(ledger, `whether view ${quoteName(view.name)} is still there`);
}

import type { Action } from "../../model/action.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { AlterTable } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isTable, type Table } from "../entities.ts";
import { passesNotNull } from "../inherited-not-null.ts";
import { firstOf, hasActionOn } from "../same-statement.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, isAdded } from "./alter-plan.ts";
import { isOtherType, refuseCheckOf, refuseGeneratedOf, refuseNotNullOf } from "./child-refusals.ts";
import type { Place } from "./expression-refusals.ts";
import { isSystemColumn, refuseDefault } from "./expression-refusals.ts";
import { descendantsOf, hasChildren, isInheritedColumn, isPartitioned } from "./family.ts";
import type { Ledger, Target } from "./ledger.ts";
import { bareNameOf, fail, failEvident, needVersion, shortName, targetOf } from "./ledger.ts";
import { hasWords, lastName, numberAfter } from "./words.ts";

/** What the server refuses before it does anything, given what the history knows of the table. */
export function refuseAction(plan: AlterPlan, action: Action): void {
  const { ledger, statement } = plan;
  const table = plan.target.known;
  refuseSecond(plan, action);
  if ("column" in action && typeof action.column.name === "string")
    requireColumn(plan, action.column.name, action);
  switch (action.kind) {
    case "set default":
      refuseDefault(ledger, action.default.value);
      return;
    case "set storage":
    case "set compression":
      refusePlain(plan, action.column.name, action);
      return;
    case "set column options":
      // OPTIONS of a foreign table's column are another thing.
      if (hasWords(ledger, action.span, "options")) return;
      if (
        !hasWords(ledger, action.span, "n_distinct") &&
        !hasWords(ledger, action.span, "n_distinct_inherited")
      )
        fail(ledger, "22023", "a column has the parameters n_distinct and n_distinct_inherited only");
      for (const name of ["n_distinct", "n_distinct_inherited"])
        if ((numberAfter(ledger, action.span, name) ?? 0) < -1)
          fail(ledger, "22023", `${name} is at least -1`);
      return;
    case "set statistics":
      if (columnOf(plan, action.column.name)?.generated === "virtual")
        fail(ledger, "0A000", "statistics on virtual generated columns are not supported");
      if (hasWords(ledger, action.span, "statistics", "default"))
        needVersion(ledger, 17, "SET STATISTICS DEFAULT");
      return;
    case "drop expression":
      if (statement.only && table !== null && hasChildren(ledger.world.schema, table))
        fail(ledger, "0A000", "the expression has to be dropped in the child tables too");
      if (table !== null && isInheritedColumn(ledger.world.schema, table, action.column.name))
        fail(ledger, "42P16", `${quoteName(action.column.name)} has its expression from the parent table`);
      refuseOrdinary(plan, action);
      return;
    case "set expression":
      refuseOrdinary(plan, action);
      return;
    case "cluster on": {
      // The index is looked for first.
      const name = lastName(ledger, action.span) ?? "";
      const schema = table?.schema ?? null;
      if (isPartitioned(table) && ledger.world.schema.findIndex({ schema, name }) === undefined)
        fail(ledger, "42704", `index ${quoteName(name)} does not exist`);
      if (isPartitioned(table)) fail(ledger, "0A000", "a partitioned table cannot be marked as clustered");
      return;
    }
    case "set without cluster":
      if (isPartitioned(table)) fail(ledger, "0A000", "a partitioned table cannot be marked as clustered");
      return;
    case "of type":
      refuseOfType(plan, action);
      return;
    case "not of":
      if (table?.isComplete === true && table.ofType === undefined)
        fail(ledger, "42809", `${shortName(ledger.world, plan.target.label)} is not made of a type`);
      return;
    case "inherit":
      refuseInheritance(plan, table, targetOf(ledger.world, action.parent));
      return;
    default:
      return;
  }
}

/** Some actions can stand in a statement once only, or not together. */
function refuseSecond(plan: AlterPlan, action: Action): void {
  const { ledger, statement } = plan;
  if (action.kind === "set tablespace") {
    if (firstOf(statement, "set tablespace") !== action)
      fail(ledger, "42601", "SET TABLESPACE can stand only once");
  } else if (action.kind === "set logged" || action.kind === "set unlogged") {
    const others = [firstOf(statement, "set logged"), firstOf(statement, "set unlogged")];
    const isSecond = others.some((one) => one !== undefined && one.span.start < action.span.start);
    if (isSecond && ledger.world.version >= 13)
      fail(ledger, "0A000", "the persistence cannot be changed twice");
  }
}

/** What runs in the pass of the drops does not see a column that the same statement adds. */
const early = new Set<Action["kind"]>(["drop default", "drop not null", "drop identity", "drop expression"]);

/** An action on a column that a completely known table does not have is refused. */
function requireColumn(plan: AlterPlan, name: string, action: Action): void {
  const { ledger } = plan;
  const table = plan.target.known;
  if (isSystemColumn(name) && action.kind !== "add column") {
    fail(
      ledger,
      "0A000",
      `system column ${quoteName(name)} cannot be ${action.kind === "drop column" ? "dropped" : "altered"}`,
    );
    return;
  }
  if (action.kind === "set statistics" && Number.isInteger(Number(name)) && !action.column.quoted) {
    fail(ledger, "0A000", "only a column of an index is named by its number");
    return;
  }
  if (action.kind === "drop column" || action.kind === "alter column type" || table === null) return;
  // Drops run first; among themselves they run as they stand.
  const isGone =
    !early.has(action.kind) && hasActionOn(plan.statement, "drop column", name) && !isAdded(plan, name);
  if (!isGone && (!table.isComplete || columnOf(plan, name) !== undefined)) return;
  if (isAdded(plan, name) && !early.has(action.kind)) return;
  fail(
    ledger,
    "42703",
    `column ${quoteName(name)} of ${shortName(ledger.world, plan.target.label)} does not exist`,
  );
}

/** Types whose values are never stored out of line. */
const plainTypes = new Set(
  "int2 int4 int8 oid bool float4 float8 date time timetz timestamp timestamptz interval uuid money char".split(
    " ",
  ),
);

/** Whether values of the type have a fixed length, so that there is no other way to store them. */
export function isAlwaysPlain({ schema, name, dimensions }: TypeDescription): boolean {
  return schema === null && dimensions === 0 && plainTypes.has(name);
}

/** What a column can be stored and compressed as; an extension can add methods of neither. */
const storageWords = {
  storage: ["plain", "external", "extended", "main", "default"],
  compression: ["pglz", "lz4", "default"],
} as const;

/** A way to store or compress values that the server does not know. */
export function refuseStorageWord(
  ledger: Ledger,
  what: "storage" | "compression",
  word: string | null,
): void {
  const known: readonly string[] = storageWords[what];
  if (word !== null && !known.includes(word.toLowerCase()))
    fail(ledger, "22023", `there is no ${what} ${word}: it is ${known.slice(0, -1).join(", ")}`);
}

function refusePlain(plan: AlterPlan, name: string, action: Action): void {
  const { ledger } = plan;
  const what = action.kind === "set compression" ? "compression" : "storage";
  refuseStorageWord(ledger, what, lastName(ledger, action.span));
  const type = columnOf(plan, name)?.type;
  if (type === null || type === undefined || !isAlwaysPlain(type)) return;
  const word = lastName(ledger, action.span);
  if (word === "plain" || word === "default") return;
  fail(ledger, "0A000", `a column of type ${type.name} is always stored plain`);
}

/** SET and DROP EXPRESSION are for generated columns. */
function refuseOrdinary(
  plan: AlterPlan,
  action: Action & { readonly column: { readonly name: string } },
): void {
  const { ledger } = plan;
  const table = plan.target.known;
  const column = columnOf(plan, action.column.name);
  if (table?.isComplete !== true || column === undefined || column.generated !== null) return;
  if (hasWords(ledger, action.span, "if", "exists")) return;
  fail(ledger, "55000", `column ${quoteName(action.column.name)} is not a generated column`);
}

/** The table has the attributes of the type for columns, in their order. */
function refuseOfType(plan: AlterPlan, action: Action): void {
  const { ledger } = plan;
  const table = plan.target.known;
  const name = lastName(ledger, action.span);
  if (name === null) return;
  const attributes = ledger.world.schema.findType({ schema: null, name })?.attributes;
  if (table !== null && (table.partitionOf !== null || table.inherits.length > 0))
    fail(ledger, "42809", "a table made of a type does not inherit");
  if (table?.isComplete !== true || attributes === undefined) return;
  const [own, wanted] = [table.columns, attributes].map((parts) => parts.map((one) => one.name).join());
  if (own !== wanted)
    fail(ledger, "42804", `the columns of the table are not the attributes of ${quoteName(name)}`);
}

/** A child has all columns and constraints of its parent before it becomes its child. */
function refuseInheritance(plan: AlterPlan, table: Table | null, parent: Target): void {
  const { ledger } = plan;
  if (table?.ofType !== undefined) fail(ledger, "42809", "a table made of a type does not inherit");
  if (table?.partitionOf != null || isPartitioned(table))
    fail(ledger, "42809", "a partition or partitioned table does not inherit");
  if (table === null || !isTable(parent.known)) return;
  const { schema } = ledger.world;
  if (isPartitioned(parent.known) || parent.known.partitionOf !== null)
    fail(
      ledger,
      "42809",
      `${quoteName(parent.known.name)} is partitioned or a partition, and has no other children`,
    );
  if (table.id === parent.known.id) failEvident(ledger, "42P07", "a table cannot inherit from itself");
  if (descendantsOf(schema, table).some((one) => one.id === parent.known?.id))
    fail(ledger, "42P07", "circular inheritance is not allowed");
  if (table.inherits.includes(parent.known.id)) fail(ledger, "42P07", "it inherits from that table already");
  if (!table.isComplete) return;
  for (const column of parent.known.columns)
    if (columnOf(plan, column.name) === undefined && !isAdded(plan, column.name))
      fail(ledger, "42804", `the child table has no column ${quoteName(column.name)}`);
    else if (
      column.notNull === "valid" &&
      passesNotNull(parent.known, column.name) &&
      isNullable(plan, column.name)
    )
      fail(ledger, "42804", `column ${quoteName(column.name)} of the child table must be NOT NULL`);
    else if (
      !hasActionOn(plan.statement, "alter column type", column.name) &&
      isOtherType(column.type, columnOf(plan, column.name)?.type ?? null)
    )
      fail(ledger, "42804", `column ${quoteName(column.name)} of the child table is of another type`);
  for (const column of parent.known.columns) {
    const own = columnOf(plan, column.name);
    const isChanged = hasActionOn(plan.statement, "drop expression", column.name);
    if (own !== undefined && !isChanged) refuseGeneratedOf(ledger, column, own, "child table");
  }
  for (const one of parent.known.constraints) {
    if (one.kind === "check" && !hasActionOn(plan.statement, "add constraint", one.name))
      refuseCheckOf(ledger, one, table, "child table");
    if (one.kind === "not null") refuseNotNullOf(ledger, one, table, "child table");
  }
}

function isNullable(plan: AlterPlan, name: string): boolean {
  return columnOf(plan, name)?.notNull === "no" && !hasActionOn(plan.statement, "set not null", name);
}

/** Of each statement: the columns as it leaves them, gathered once, however many actions ask. */
const columnsBy = new WeakMap<AlterTable, { readonly table: Table; readonly columns: Columns }>();

type Columns = ReadonlyMap<string, TypeDescription | null>;

/**
 * The columns that constraints and expressions of the statement can read: drops run before they are looked at, but not
 * before USING is (`isBefore`).
 */
export function placeIn(plan: AlterPlan, what: string, isBefore = false): Place {
  const table = plan.target.known;
  const name = bareNameOf(plan.target);
  if (table === null || !table.isComplete) return { columns: null, rows: [name], what };
  if (isBefore)
    return {
      columns: new Map([
        ...columnsLeft(plan, table),
        ...table.columns.map(({ name, type }) => [name, type] as const),
      ]),
      rows: [name],
      what,
    };
  let known = columnsBy.get(plan.statement);
  if (known?.table !== table) {
    known = { table, columns: columnsLeft(plan, table) };
    columnsBy.set(plan.statement, known);
  }
  return { columns: known.columns, rows: [name], what };
}

function columnsLeft(plan: AlterPlan, table: Table): Columns {
  const columns = new Map<string, TypeDescription | null>();
  for (const one of table.columns)
    if (!hasActionOn(plan.statement, "drop column", one.name)) columns.set(one.name, one.type);
  for (const action of plan.statement.actions)
    if (action.kind === "add column") columns.set(action.column.name.name, action.column.type);
  return columns;
}

import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { QualifiedName, TypeDescription } from "../../model/name.ts";
import type { Delete, Insert, Update } from "../../model/query.ts";
import type { Statement } from "../../model/statement.ts";
import type { ColumnDefinition } from "../../model/table.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { isTable } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { failGone, findRelation, type Ledger } from "./ledger.ts";
import { actionsOf } from "./needed-relations.ts";
import { visitValues } from "./needed-values.ts";

/**
 * Refuses values of enums that the history gave another name, where a literal is sure to be read as one: it is cast, it is a
 * default, it is stored in a column, or it is compared with one in a change of a single table.
 */
export function refuseGoneLabels(ledger: Ledger, statement: Statement, only: Action | null): void {
  if (ledger.world.isInBody === true) return;
  visitValues(ledger, statement, only, (node) => {
    if (node.kind === "cast") refuseLabel(ledger, node.type, node.argument);
  });
  switch (statement.kind) {
    case "create table":
      for (const column of statement.columns) refuseDefault(ledger, column);
      return;
    case "alter table":
      for (const action of actionsOf(statement, only)) {
        if (action.kind === "add column") refuseDefault(ledger, action.column);
        if (action.kind === "set default")
          refuseFor(ledger, statement.table, action.column.name, action.default.value);
      }
      return;
    case "insert":
    case "update":
    case "delete":
      refuseInChange(ledger, statement);
  }
}

function refuseDefault(ledger: Ledger, { type, default: value }: ColumnDefinition): void {
  if (type !== null && value !== null) refuseLabel(ledger, type, value.value);
}

function refuseInChange(ledger: Ledger, change: Insert | Update | Delete): void {
  const { table } = change;
  const refuse = (column: string, value: Expression) => refuseFor(ledger, table, column, value);
  if (change.kind === "insert" && change.source?.kind === "values")
    for (const row of change.source.rows)
      for (const [k, value] of row.entries()) {
        const target = change.targets[k];
        const column = change.columns.length > 0 ? target?.column.name : columnAt(ledger, table, k);
        if (column !== undefined && target?.isWhole !== false) refuse(column, value);
      }
  if (change.kind !== "delete")
    for (const { column, isWhole, value } of change.assignments)
      if (isWhole && value !== null) refuse(column.name, value);
  if (change.kind === "insert" || change.where === null) return;
  // What else is read may have a column of that name.
  if ((change.kind === "update" ? change.from : change.using).length > 0) return;
  for (const { column, value } of comparisonsIn(change.where.value)) refuse(column, value);
}

function columnAt({ world }: Ledger, table: QualifiedName, at: number): string | undefined {
  const known = findRelation(world, table);
  return isTable(known) && known.isComplete ? known.columns[at]?.name : undefined;
}

interface Comparison {
  readonly column: string;
  readonly value: Expression;
}

const comparing: ReadonlySet<string> = new Set(["=", "<>", "<", ">", "<=", ">="]);

/** `column = 'a'`, `column IN ('a', 'b')`: of a condition and what it joins by AND, OR and NOT. */
function comparisonsIn(condition: Expression): readonly Comparison[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.arguments.flatMap(comparisonsIn);
    case "not":
      return comparisonsIn(condition.argument);
    case "operator": {
      const { name, left, right } = condition;
      if (left === null || !comparing.has(name)) return [];
      return [...comparison(left, right), ...comparison(right, left)];
    }
    case "in":
      // Values of one kind alone: beside others the column may be taken for text.
      return condition.list.every(isLiteral)
        ? condition.list.flatMap((value) => comparison(condition.argument, value))
        : [];
    default:
      return [];
  }
}

function isLiteral(value: Expression): boolean {
  return value.kind === "constant" && value.type === "string";
}

function comparison(side: Expression, value: Expression): readonly Comparison[] {
  const column = side.kind === "column" ? side.path.at(-1) : undefined;
  return column === undefined ? [] : [{ column, value }];
}

function refuseFor(ledger: Ledger, table: QualifiedName, column: string, value: Expression): void {
  const known = findRelation(ledger.world, table);
  const type = isTable(known) ? itemNamed(known.columns, truncateName(column))?.type : undefined;
  if (type !== undefined && type !== null) refuseLabel(ledger, type, value);
}

function refuseLabel(ledger: Ledger, type: TypeDescription, value: Expression): void {
  if (value.kind !== "constant" || value.type !== "string" || type.dimensions > 0) return;
  const { schema } = ledger.world;
  const known = schema.findType(type);
  if (known?.kind !== "enum" || itemNamed(known.labels, value.value) !== undefined) return;
  const gone = schema.findGonePart("value", known.id, value.value);
  if (gone !== undefined)
    failGone(ledger, "22P02", `value '${value.value}' of ${quoteName(known.name)}`, gone);
}

import { type Expression, walkExpression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { AlterTable } from "../../model/statement.ts";
import { spokenName } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import type { Column, Index, Table } from "../entities.ts";
import { type ColumnTypes, typeOf } from "../expression-type.ts";
import { isOwnFunction } from "../own-functions.ts";
import { actionsOn } from "../same-statement.ts";
import { mapExpression } from "../schema/expressions.ts";
import { type AlterPlan, isDroppedConstraint, isFreedName } from "./alter-plan.ts";
import { constraintsInForce } from "./family.ts";
import { type EffectsWorld, fail, failEvident } from "./ledger.ts";
import { classOf } from "./type-classes.ts";
import { unstableCast } from "./unstable-casts.ts";

/**
 * What reads a column is made anew when the column gets another type, as the server writes it down: the words in it stay values of
 * the old type, which may have no operator with the new one, and what was a condition may be none.
 */
export function refuseRetyped(plan: AlterPlan, table: Table, column: Column): void {
  const { ledger } = plan;
  const { schema } = ledger.world;
  if (column.type === null || schema.hasCasts) return;
  const isChanged = (expression: Expression) => reads(expression, column.name);
  const of = { table, column };
  // Indexes are looked at first.
  for (const index of schema.indexesOf(table.id)) {
    if (!readsInExpression(index, column.name) || isFreedName(plan, index.name)) continue;
    const what = `index ${quoteName(index.name)}`;
    for (const one of index.expressions.filter(isChanged)) remake(plan, of, one, what, { isIndex: true });
    if (index.predicate !== null && isChanged(index.predicate))
      remake(plan, of, index.predicate, what, { isIndex: true, isCondition: true });
  }
  for (const one of constraintsInForce(schema, table))
    if (one.kind === "check" && one.columns.includes(column.name) && !isDroppedConstraint(plan, one.name))
      remake(plan, of, one.expression, `constraint ${quoteName(one.name)}`, { isCondition: true });
}

/** Reads an expression over the columns as they are then. */
function remake(
  plan: AlterPlan,
  { table, column }: { readonly table: Table; readonly column: Column },
  expression: Expression,
  what: string,
  { isIndex = false, isCondition = false },
): void {
  const { ledger } = plan;
  const { world } = ledger;
  const types = typesOf(plan.statement, table);
  const stored = mapExpression(expression, (node) => writeDown(node, types.before));
  // What nobody reads may have taken the index away.
  const refuse = world.schema.hasGap ? fail : failEvident;
  const isNone = isCondition && conditionsIn(stored).some((one) => isNoCondition(world, one, types.then));
  const lost = isNone ? "42804" : lostIn(world, stored, types);
  const cause = isIndex && lost === null ? unstableCast(world, stored, types.then) : null;
  const name = quoteName(column.name);
  const old = spokenName(column.type?.name ?? "");
  if (isNone)
    refuse(ledger, "42804", `${what} takes ${name} for a condition, and is made anew for the new type`);
  else if (lost === "42804")
    refuse(
      ledger,
      lost,
      `${what} chooses between ${name} and values of ${old}, and is made anew for the new type`,
    );
  else if (lost !== null)
    refuse(ledger, lost, `${what} compares ${name} with values of ${old}, and is made anew for the new type`);
  if (cause !== null)
    refuse(
      ledger,
      "42P17",
      `${what} is made anew for the new type, and ${cause} does not always give the same`,
    );
}

function reads(expression: Expression, column: string): boolean {
  let found = false;
  walkExpression(expression, (node) => {
    found ||= isColumnOf(node, column);
  });
  return found;
}

function isColumnOf(one: Expression, name: string): boolean {
  return one.kind === "column" && one.path.at(-1) === name;
}

function readsInExpression(index: Index, column: string): boolean {
  return index.expressionColumns.includes(column) || index.predicateColumns.includes(column);
}

interface Types {
  readonly before: ColumnTypes;
  readonly then: ColumnTypes;
}

/** Of each statement: the columns of the table last asked for, before it and as it leaves them. */
const typesBy = new WeakMap<AlterTable, { readonly table: Table; readonly types: Types }>();

function typesOf(statement: AlterTable, table: Table): Types {
  const known = typesBy.get(statement);
  if (known?.table === table) return known.types;
  const before = new Map(table.columns.map(({ name, type }) => [name, type]));
  const then = new Map(before);
  for (const name of before.keys()) {
    const [change] = actionsOn(statement, "alter column type", name);
    if (change !== undefined) then.set(name, change.type);
  }
  const types = { before, then };
  typesBy.set(statement, { table, types });
  return types;
}

/** With the casts that the server keeps: a word is of the type that it is compared with, and a varchar is compared as text. */
function writeDown(node: Expression, before: ColumnTypes): Expression {
  const typeOfColumn = (one: Expression | null) =>
    one?.kind === "column" ? (before.get(one.path.at(-1) ?? "") ?? null) : null;
  const castTo = (argument: Expression, type: TypeDescription): Expression => ({
    kind: "cast",
    argument,
    type,
  });
  const isVarchar = (type: TypeDescription | null) =>
    type?.name === "varchar" && type.schema === null && type.dimensions === 0;
  const asText = (one: Expression) => (isVarchar(typeOfColumn(one)) ? castTo(one, text) : one);
  const beside = (one: Expression, other: Expression): Expression => {
    const type = typeOfColumn(other);
    if (one.kind !== "constant" || one.type !== "string" || type === null) return asText(one);
    return castTo(one, isVarchar(type) ? text : { ...type, modifiers: [] });
  };
  if (
    node.kind === "operator" &&
    node.left !== null &&
    (comparisons.has(node.name) || patterns.has(node.name))
  )
    return { ...node, left: beside(node.left, node.right), right: beside(node.right, node.left) };
  if (node.kind === "in")
    return {
      ...node,
      argument: asText(node.argument),
      list: node.list.map((one) => beside(one, node.argument)),
    };
  if (node.kind === "between")
    return {
      ...node,
      argument: asText(node.argument),
      low: beside(node.low, node.argument),
      high: beside(node.high, node.argument),
    };
  if (node.kind === "coalesce") {
    const type = node.arguments.map(typeOfColumn).find((one) => one !== null);
    const isLiteral = (one: Expression) => one.kind === "constant" && one.type === "string";
    if (type == null) return node;
    return { ...node, arguments: node.arguments.map((one) => (isLiteral(one) ? castTo(one, type) : one)) };
  }
  if (node.kind === "call" && ofText.has(node.name))
    return { ...node, arguments: node.arguments.map(asText) };
  return node;
}

const text: TypeDescription = {
  schema: null,
  name: "text",
  modifiers: [],
  dimensions: 0,
  isSetOf: false,
  isReference: false,
};

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "!=", "<", ">", "<=", ">="]);
const patterns: ReadonlySet<string> = new Set(["~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*"]);
/** What takes text and nothing else. */
const ofText: ReadonlySet<string> = new Set(["lower", "upper", "initcap", "left", "right", "split_part"]);

/** With which SQLSTATE the expression is refused then: sides that could be compared before can not, or texts are none. */
function lostIn(world: EffectsWorld, stored: Expression, types: Types): string | null {
  const isOwn = (name: string) => isOwnFunction(world.schema, name);
  const classIn = (columns: ColumnTypes) => (one: Expression) => classOf(world, typeOf(one, columns, isOwn));
  const [before, then] = [classIn(types.before), classIn(types.then)];
  const parts = (left: Expression, right: Expression) => {
    const [one, other] = [then(left), then(right)];
    return one !== null && other !== null && one !== other && before(left) === before(right);
  };
  const isTextNoMore = (one: Expression) => before(one) === "text" && ![null, "text"].includes(then(one));
  let lost: string | null = null;
  walkExpression(stored, (node) => {
    if (node.kind === "operator" && node.left !== null) {
      const { name, left, right } = node;
      if (comparisons.has(name) && parts(left, right)) lost ??= "42883";
      else if (patterns.has(name) && isTextNoMore(left)) lost ??= "42883";
    } else if (node.kind === "in") {
      if (node.list.some((one) => parts(node.argument, one))) lost ??= "42883";
    } else if (node.kind === "between") {
      if (parts(node.argument, node.low) || parts(node.argument, node.high)) lost ??= "42883";
    } else if (node.kind === "coalesce") {
      const [first] = node.arguments;
      if (node.arguments.some((one) => first !== undefined && parts(first, one))) lost ??= "42804";
    } else if (node.kind === "call" && node.schema === null && ofText.has(node.name) && !isOwn(node.name)) {
      const [first] = node.arguments;
      if (first !== undefined && isTextNoMore(first)) lost ??= "42883";
    }
  });
  return lost;
}

/** The parts of a condition that are true or false themselves. */
function conditionsIn(value: Expression): readonly Expression[] {
  if (value.kind === "and" || value.kind === "or") return value.arguments.flatMap(conditionsIn);
  if (value.kind === "not" || value.kind === "is boolean") return conditionsIn(value.argument);
  return [value];
}

function isNoCondition(world: EffectsWorld, one: Expression, then: ColumnTypes): boolean {
  if (one.kind !== "column") return false;
  const known = classOf(world, then.get(one.path.at(-1) ?? "") ?? null);
  return known !== null && known !== "bool";
}

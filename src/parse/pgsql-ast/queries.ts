import type {
  Expr,
  SelectedColumn,
  SelectFromStatement,
  SelectFromUnion,
  SelectStatement,
  WithRecursiveStatement,
  WithStatement,
  WithStatementBinding,
} from "pgsql-ast-parser";
import type { Expression } from "../../model/expression.ts";
import type { CommonTable, DataChange, Query, Select } from "../../model/query.ts";
import { readChange, takeWith, unwrap } from "../locate/changes.ts";
import { type Cursor, subCursor } from "../locate/cursor.ts";
import { lowerOrder } from "./calls.ts";
import { lowerAll, lowerExpression, lowerOptional } from "./expressions.ts";
import { descend, isMarkAt, isWordAt, type Lowering, nameIn, startOf } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { columnsIn, lowerSources } from "./sources.ts";
import { changeValues } from "./values.ts";

const queryTypes = new Set(["select", "union", "union all", "values", "with", "with recursive"]);

/** Whether an expression is a query in brackets. */
export function isQueryNode(node: Expr): node is Expr & SelectStatement {
  return queryTypes.has(node.type);
}

/** `at` is where the query stands, for the changes of data in its WITH clause; null inside of an expression. */
export function lowerQuery(lowering: Lowering, node: SelectStatement, at: Cursor | null): Query {
  return descend(lowering, () => lowerBody(lowering, node, at === null ? null : unwrap(at)));
}

function lowerBody(lowering: Lowering, node: SelectStatement, at: Cursor | null): Query {
  switch (node.type) {
    case "select":
      return lowerSelect(lowering, node);
    case "values":
      return { kind: "values", rows: node.values.map((row) => lowerAll(lowering, row)), with: [] };
    case "union":
    case "union all":
      return lowerUnion(lowering, node);
    case "with":
    case "with recursive":
      return lowerWith(lowering, node, at);
  }
}

function lowerSelect(lowering: Lowering, node: SelectFromStatement): Select {
  return {
    kind: "select",
    with: [],
    targets: (node.columns ?? []).map((column) => lowerTarget(lowering, column)),
    isDistinct: node.distinct !== undefined && node.distinct !== null && node.distinct !== "all",
    ...(Array.isArray(node.distinct) && { isDistinctOn: true }),
    from: lowerSources(lowering, node.from ?? []),
    where: lowerOptional(lowering, node.where),
    groupBy: lowerGroups(lowering, node.groupBy ?? []),
    having: lowerOptional(lowering, node.having),
    orderBy: lowerOrder(lowering, node.orderBy ?? []),
    limit: lowerOptional(lowering, node.limit?.limit),
    offset: lowerOptional(lowering, node.limit?.offset),
    locksRows: node.for !== undefined,
    lockedNames: [],
    into: null,
  };
}

function lowerTarget(lowering: Lowering, column: SelectedColumn): Select["targets"][number] {
  const alias = column.alias === undefined ? null : nameIn(lowering, column.alias.name);
  return { value: lowerExpression(lowering, column.expr), alias };
}

/** GROUP BY (a, b) is one row; the tree forgets its brackets, but not those of a row inside. */
function lowerGroups(lowering: Lowering, items: readonly Expr[]): Expression[] {
  const [first] = items;
  const groups = lowerAll(lowering, items);
  if (first === undefined || items.length < 2) return groups;
  let before = startOf(lowering, first) - 1;
  for (let row: Expr | undefined = first; row?.type === "list"; row = row.expressions[0]) before--;
  const isRow = isMarkAt(lowering, before, "(") && isWordAt(lowering, before - 1, "by");
  return isRow ? [{ kind: "row", items: groups }] : groups;
}

/**
 * The tree leans to the right and gives what ORDER BY and LIMIT say to the last arm; PostgreSQL's leans to the left
 * and gives it to the whole.
 */
function lowerUnion(lowering: Lowering, node: SelectFromUnion): Query {
  let left = lowerArm(lowering, node.left);
  let right: SelectStatement = node.right;
  while (isUnion(right) && !isBracketed(lowering, right)) {
    left = unite(left, lowerArm(lowering, right.left), null);
    right = right.right;
  }
  const last = lowerArm(lowering, right);
  if (isBracketed(lowering, right) || last.kind !== "select") return unite(left, last, null);
  if (last.locksRows) throw new NotUnderstood("FOR UPDATE behind UNION");
  return unite(left, { ...last, orderBy: [], limit: null, offset: null }, last.limit);
}

function isUnion(node: SelectStatement): node is SelectFromUnion {
  return node.type === "union" || node.type === "union all";
}

function lowerArm(lowering: Lowering, node: SelectStatement): Query {
  if (node.type === "with" || node.type === "with recursive")
    throw new NotUnderstood("WITH in an arm of UNION");
  return lowerQuery(lowering, node, null);
}

function unite(left: Query, right: Query, limit: Expression | null): Query {
  return { kind: "set operation", operation: "union", left, right, with: [], limit };
}

/** The place of a query in brackets is that of the bracket, as it is where only its first arm stands in some. */
function isBracketed(lowering: Lowering, node: SelectStatement): boolean {
  const start = startOf(lowering, node);
  if (!isMarkAt(lowering, start, "(")) return false;
  return !isUnion(node) || (lowering.cursor.closing[start] ?? 0) > startOf(lowering, node.right);
}

/** The WITH clause and the query behind it. */
function lowerWith(
  lowering: Lowering,
  node: WithStatement | WithRecursiveStatement,
  at: Cursor | null,
): Query {
  const { in: main } = node;
  if (!isSelect(main)) throw new NotUnderstood("a change of data inside of a query");
  if (main.type === "with" || main.type === "with recursive") throw new NotUnderstood("WITH behind WITH");
  const places = at === null ? [] : (takeWith(subCursor(at, at.at, at.end))?.tables ?? []);
  const tables = commonTables(node).map(
    ({ alias, statement }, index): CommonTable => ({
      name: nameIn(lowering, alias),
      query: lowerChange(lowering, statement, places[index]?.body ?? null),
      recursive: node.type === "with recursive",
      ...(node.type === "with recursive" ? columnsIn(lowering, node.columnNames) : {}),
    }),
  );
  return { ...lowerQuery(lowering, main, null), with: tables };
}

/** The queries of a WITH clause and their names. */
export function commonTables(
  node: WithStatement | WithRecursiveStatement,
): { alias: string; statement: WithStatementBinding }[] {
  if (node.type === "with recursive") return [{ alias: node.alias.name, statement: node.bind }];
  return node.bind.map(({ alias, statement }) => ({ alias: alias.name, statement }));
}

function isSelect(node: WithStatementBinding): node is SelectStatement {
  return queryTypes.has(node.type);
}

/** A query, or a change of data where its place is known. */
export function lowerChange(
  lowering: Lowering,
  node: WithStatementBinding,
  at: Cursor | null,
): Query | DataChange {
  if (isSelect(node) && !changesData(node)) return lowerQuery(lowering, node, at);
  if (at === null) throw new NotUnderstood("a change of data inside of an expression");
  return descend(lowering, () => readChange(unwrap(at), changeValues(lowering, node)));
}

/** Whether INSERT, UPDATE or DELETE stands behind the WITH clause. */
export function changesData(node: WithStatementBinding): boolean {
  return node.type === "with" || node.type === "with recursive" ? !isSelect(node.in) : !isSelect(node);
}

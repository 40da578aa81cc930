import { type Expression, walkExpression } from "../../model/expression.ts";
import type { Query, Select, Source } from "../../model/query.ts";
import type { Statement } from "../../model/statement.ts";
import { isPlainAggregate } from "./grouped-columns.ts";
import { fail, type Ledger } from "./ledger.ts";
import { refuseRow } from "./value-slips.ts";

/** Refuses window functions and aggregates where each row stands by itself: in SET, VALUES and the WHERE of a change. */
export function refusePlacedCalls(ledger: Ledger, statement: Statement): void {
  switch (statement.kind) {
    case "insert":
      if (statement.source?.kind === "values")
        for (const row of statement.source.rows)
          for (const value of row) if (value.kind !== "constant") refuseBoth(ledger, value, "VALUES");
      return;
    case "update":
      for (const { value } of statement.assignments) {
        if (value !== null) refuseWindow(ledger, value, "the SET of UPDATE");
        if (value?.kind === "subquery" && value.use === "scalar") refuseRow(ledger, value.query);
      }
      if (statement.where !== null) refuseBoth(ledger, statement.where.value, "WHERE");
      return;
    case "delete":
      if (statement.where !== null) refuseBoth(ledger, statement.where.value, "WHERE");
      return;
    default:
      return;
  }
}

function refuseBoth(ledger: Ledger, clause: Expression, where: string): void {
  refuseWindow(ledger, clause, where);
  walkExpression(clause, (node) => {
    if (isPlainAggregate(ledger, node)) fail(ledger, "42803", `an aggregate cannot stand in ${where}`);
  });
}

/** Window functions look at what SELECT gives: they stand in its list and in ORDER BY alone, in queries inside of others too. */
function refuseWindow(ledger: Ledger, clause: Expression, where: string): void {
  walkExpression(
    clause,
    (node) => {
      if (node.kind === "call" && node.isWindow)
        fail(ledger, "42P20", `a window function cannot stand in ${where}`);
    },
    (query) => refuseWindows(ledger, query),
  );
}

function refuseWindows(ledger: Ledger, query: Query): void {
  // `a UNION b UNION c` leans to the left.
  let leftmost = query;
  for (; leftmost.kind === "set operation"; leftmost = leftmost.left) refuseWindows(ledger, leftmost.right);
  if (leftmost.kind === "select") refuseWindowsOf(ledger, leftmost);
}

/** The same of one SELECT, and of the queries in its FROM. */
export function refuseWindowsOf(ledger: Ledger, select: Select): void {
  const { where, having, groupBy, limit, offset, from } = select;
  if (where !== null) refuseWindow(ledger, where, "WHERE");
  if (having !== null) refuseWindow(ledger, having, "HAVING");
  for (const one of groupBy) refuseWindow(ledger, one, "GROUP BY");
  for (const one of [limit, offset]) if (one !== null) refuseWindow(ledger, one, "LIMIT and OFFSET");
  for (const source of from) refuseWindowsIn(ledger, source);
}

function refuseWindowsIn(ledger: Ledger, source: Source): void {
  if (source.kind === "subquery") refuseWindows(ledger, source.query);
  if (source.kind !== "join") return;
  if (source.on !== null) refuseWindow(ledger, source.on, "ON");
  refuseWindowsIn(ledger, source.left);
  refuseWindowsIn(ledger, source.right);
}

/** An aggregate of aggregates, or of what a window gives: `sum(count(*))` without OVER. */
export function refuseNested(ledger: Ledger, { targets, having, orderBy }: Select): void {
  for (const value of [...targets.map((one) => one.value), ...(having === null ? [] : [having]), ...orderBy])
    walkExpression(value, (node) => {
      if (node.kind !== "call" || !(node.isWindow || isPlainAggregate(ledger, node))) return;
      for (const argument of node.arguments) refuseInside(ledger, argument, node.isWindow);
    });
}

function refuseInside(ledger: Ledger, argument: Expression, isWindow: boolean): void {
  walkExpression(argument, (node) => {
    if (node.kind === "call" && node.isWindow)
      fail(
        ledger,
        isWindow ? "42P20" : "42803",
        isWindow
          ? "a window function cannot stand inside of another"
          : "an aggregate cannot take what a window function gives",
      );
    else if (!isWindow && isPlainAggregate(ledger, node))
      fail(ledger, "42803", "an aggregate cannot stand inside of another");
  });
}

const worked: ReadonlySet<Expression["kind"]> = new Set(["call", "operator", "case", "coalesce"]);

/** SELECT DISTINCT can be ordered by what it gives alone. */
export function refuseOrder(ledger: Ledger, { targets, isDistinct, isDistinctOn, orderBy }: Select): void {
  if (!isDistinct || isDistinctOn === true || orderBy.length === 0) return;
  const isColumn = ({ value }: (typeof targets)[number]) => value.kind === "column";
  // What a value is called that is no column, and has no alias, only the server says.
  const areNamed = targets.every(
    (one) => one.alias !== null || (isColumn(one) && lastName(one.value) !== "*"),
  );
  const names = new Set(targets.flatMap(({ value, alias }) => [alias, lastName(value)]));
  for (const one of orderBy) {
    const isMissing =
      one.kind === "column"
        ? areNamed && !names.has(lastName(one))
        : // A cast may change nothing, and what the query works out may be the same in other words.
          worked.has(one.kind) && targets.every(isColumn);
    if (isMissing) fail(ledger, "42P10", "SELECT DISTINCT can be ordered only by what stands in its list");
  }
}

function lastName(value: Expression): string | null {
  return value.kind === "column" ? (value.path.at(-1) ?? null) : null;
}

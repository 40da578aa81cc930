import { type Expression, walkExpression } from "../../model/expression.ts";
import type { Query } from "../../model/query.ts";
import { shorten } from "../../text/shorten.ts";
import { type ColumnTypes, typeOf } from "../expression-type.ts";
import { isWindowFunction } from "../facts/aggregates.ts";
import { isOwnFunction } from "../own-functions.ts";
import { fail, failEvident, type Ledger } from "./ledger.ts";
import { classOf } from "./type-classes.ts";

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", ">", "<=", ">="]);

/** What is written `now() - '30 days'` is a day minus a day, and '30 days' is none. */
const span = /^\s*[+-]?\d+\s*(?:sec|second|min|minute|hour|day|week|mon|month|year)s?\b/i;

/** Refuses values that no server works out, of columns with these types; null: they are not known. */
export function refuseSlips(ledger: Ledger, whole: Expression, columns: ColumnTypes | null): void {
  const { schema } = ledger.world;
  const isOwn = (name: string) => isOwnFunction(schema, name);
  const typed = (node: Expression) => typeOf(node, columns, isOwn);
  const classed = (node: Expression) => classOf(ledger.world, typed(node));
  /** The subqueries that stand for a whole row. */
  const rows = new Set<Expression>([whole]);
  const compare = (left: Expression, right: Expression) => {
    const [one, other] = [classed(left), classed(right)];
    if (one === null || other === null || one === other || schema.hasCasts) return;
    // Nothing that the history does not know of lies between.
    const refuse = schema.hasGap || schema.hasUnread ? fail : failEvident;
    const types = [left, right].map((node) => typed(node)?.name).join(" and ");
    refuse(ledger, "42883", `values of type ${types} are not compared with one another`);
  };
  walkExpression(whole, (node) => {
    switch (node.kind) {
      case "operator": {
        const { left, right, name } = node;
        if (left?.kind === "row") rows.add(right);
        if (left !== null && right.kind === "row") rows.add(left);
        if (left !== null && comparisons.has(name)) compare(left, right);
        if (left === null || name !== "-" || right.kind !== "constant" || right.type !== "string") return;
        if (span.test(right.value) && classed(left) === "date")
          fail(
            ledger,
            "22007",
            `'${shorten(right.value, 20)}' is read as a point in time, as what it is taken from: write INTERVAL before it`,
          );
        return;
      }
      case "in":
        for (const one of node.list) compare(node.argument, one);
        return;
      case "between":
        for (const one of [node.low, node.high]) compare(node.argument, one);
        return;
      case "subquery":
        if (node.use === "scalar" && !rows.has(node)) refuseRow(ledger, node.query);
        return;
      case "call":
        if (!node.isWindow && node.schema === null && needsWindow(node.name) && !isOwn(node.name))
          fail(ledger, "42809", `${node.name}() is a window function: it needs OVER`);
        return;
      default:
        return;
    }
  });
}

/** Ranks are aggregates as well: `rank(5) WITHIN GROUP (ORDER BY total)`. */
const ranks: ReadonlySet<string> = new Set(["rank", "dense_rank", "percent_rank", "cume_dist"]);

function needsWindow(name: string): boolean {
  return isWindowFunction(name) && !ranks.has(name);
}

/** A subquery that stands for a value gives one column. */
export function refuseRow(ledger: Ledger, query: Query): void {
  let leftmost = query;
  while (leftmost.kind === "set operation") leftmost = leftmost.left;
  if (leftmost.kind !== "select" || leftmost.targets.length < 2) return;
  fail(ledger, "42601", `a subquery that stands for a value gives ${leftmost.targets.length} columns`);
}

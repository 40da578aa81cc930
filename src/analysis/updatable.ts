import { walkExpression } from "../model/expression.ts";
import type { Query } from "../model/query.ts";
import { isAggregate } from "./facts/aggregates.ts";

/** Whether rows can be written through a view of the query: it has one relation, and each row of it once. */
export function isUpdatable(query: Query): boolean {
  if (query.kind !== "select" || query.with.length > 0) return false;
  const [source, ...others] = query.from;
  if (source?.kind !== "relation" || others.length > 0) return false;
  if (query.isDistinct || query.groupBy.length > 0 || query.having !== null) return false;
  if (query.limit !== null || query.offset !== null) return false;
  let isCounted = false;
  for (const { value } of query.targets)
    walkExpression(value, (node) => {
      isCounted ||= node.kind === "call" && (node.isWindow || isAggregate(node.name));
    });
  return !isCounted;
}

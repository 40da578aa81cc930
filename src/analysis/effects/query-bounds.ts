import { walkExpression } from "../../model/expression.ts";
import type { Select } from "../../model/query.ts";
import type { Relation } from "../entities.ts";
import { isAggregate } from "../facts/aggregates.ts";
import type { EffectsWorld } from "./ledger.ts";

/** min() or max() of the first column of an index is looked up at its end, whatever is made of it. */
export function isExtremum(select: Select, relation: Relation | undefined, world: EffectsWorld): boolean {
  if (select.where !== null || select.from.length !== 1 || relation === undefined) return false;
  if (select.groupBy.length > 0 || select.having !== null) return false;
  const indexes = world.schema.indexesOf(relation.id);
  let [extrema, columns, others] = [0, 0, 0];
  for (const { value } of select.targets)
    walkExpression(value, (node) => {
      if (node.kind === "column") columns += 1;
      if (node.kind !== "call" || !isAggregate(node.name)) return;
      const [argument] = node.arguments;
      const column = argument?.kind === "column" ? argument.path.at(-1) : undefined;
      const isEnd = !node.isWindow && (node.name === "max" || node.name === "min");
      if (isEnd && column !== undefined && indexes.some((index) => index.keys[0] === column)) extrema += 1;
      else others += 1;
    });
  // Every column that is read stands in one of them.
  return extrema > 0 && others === 0 && columns === extrema;
}

/** LIMIT without sorting or grouping: the server stops early. */
export function isCut(select: Select): boolean {
  return (
    select.limit !== null &&
    select.orderBy.length === 0 &&
    select.groupBy.length === 0 &&
    select.from.length === 1
  );
}

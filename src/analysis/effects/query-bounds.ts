import type { Expression } from "../../model/expression.ts";
import type { Select } from "../../model/query.ts";
import { append } from "../../text/append.ts";
import type { Relation } from "../entities.ts";
import type { EffectsWorld } from "./ledger.ts";
import { findRelation } from "./ledger.ts";
import type { Read } from "./queries.ts";
import { isJoined } from "./selectivity.ts";

/** What WHERE and the inner joins of FROM ask for together. */
function conditionsOf(select: Select): readonly Expression[] {
  const found: Expression[] = [];
  const add = (one: Expression) => append(found, one.kind === "and" ? one.arguments : [one]);
  if (select.where !== null) add(select.where);
  const open = [...select.from];
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    if (source.kind !== "join" || source.type !== "inner") continue;
    if (source.on !== null) add(source.on);
    open.push(source.left, source.right);
  }
  return found;
}

/** A table that is joined by its key to one of which few rows are read: few rows of it are read. */
export function boundByJoin(select: Select, reads: Read[], first: number, world: EffectsWorld): void {
  const where: Expression = { kind: "and", arguments: conditionsOf(select) };
  const own = reads.slice(first);
  const bounded = new Set(own.flatMap((read) => (read.isBounded && read.alias != null ? [read.alias] : [])));
  for (const [k, read] of own.entries()) {
    if (read.isBounded || read.alias == null) continue;
    const found = findRelation(world, read);
    if (isJoined(where, found, read.alias, bounded, world)) reads[first + k] = { ...read, isBounded: true };
  }
}

/** min() or max() of the first column of an index is looked up at its end. */
export function isExtremum(select: Select, relation: Relation | undefined, world: EffectsWorld): boolean {
  const [target, ...others] = select.targets;
  const call = target?.value;
  if (others.length > 0 || select.where !== null || select.from.length !== 1 || relation === undefined)
    return false;
  if (call?.kind !== "call" || (call.name !== "max" && call.name !== "min")) return false;
  const [argument] = call.arguments;
  const column = argument?.kind === "column" ? argument.path.at(-1) : undefined;
  return (
    column !== undefined && world.schema.indexesOf(relation.id).some((index) => index.keys[0] === column)
  );
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

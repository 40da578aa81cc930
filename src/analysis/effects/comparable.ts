import type { TypeDescription } from "../../model/name.ts";
import { isStringType } from "../facts/casts.ts";
import { domainOf } from "./domains.ts";
import type { EffectsWorld } from "./ledger.ts";
import { changeOfType } from "./type-change.ts";

/** In the order in which PostgreSQL widens them by itself. */
const numbers = ["int2", "int4", "int8", "numeric", "float4", "float8"];

/** Within one of these all types are compared with one another as they are. */
const families = [
  new Set(["int2", "int4", "int8"]),
  new Set(["float4", "float8"]),
  new Set(["date", "timestamp", "timestamptz"]),
];

/** Whether a foreign key can join the two: by an operator of the referenced key, or by widening the referencing value. */
export function areComparable(world: EffectsWorld, own: TypeDescription, goal: TypeDescription): boolean {
  const change = changeOfType(world, own, goal);
  if (change === "unknown") return true;
  if (change === "explicit" || change === "refused") return false;
  const [left, right] = [own, goal].map((type) => domainOf(world, type)?.base ?? type);
  if (left === undefined || right === undefined || left.dimensions > 0 || right.dimensions > 0) return true;
  const isText = isStringType(goal.name) && goal.schema === null;
  if (isText && !isStringType(left.name)) return false;
  if (families.some((family) => family.has(left.name) && family.has(right.name))) return true;
  const [from, to] = [numbers.indexOf(left.name), numbers.indexOf(right.name)];
  return from === -1 || to === -1 || from <= to;
}

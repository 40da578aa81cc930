import type { TypeDescription } from "../../model/name.ts";
import { domainOf, findUserType } from "./domains.ts";
import type { EffectsWorld } from "./ledger.ts";

/** Types of one line are compared with one another; those of different lines never, without casts of the user's own. */
const classes = new Map(
  [
    "int2 int4 int8 numeric float4 float8",
    "text varchar bpchar name citext",
    "date timestamp timestamptz",
    "bool",
    "uuid",
    "json",
    "jsonb",
    "bytea",
    "xml",
    "money",
    "inet cidr",
    "bit varbit",
  ].flatMap((line) => line.split(" ").map((name, _, names) => [name, names[0] ?? name] as const)),
);

/** The class of a type, seen through a domain; null: none of these. */
export function classOf(world: EffectsWorld, type: TypeDescription | null): string | null {
  if (type === null || type.dimensions > 0 || type.isSetOf || type.isReference) return null;
  const own = findUserType(world, type);
  if (own?.kind === "enum") return own.origin === null ? null : `enum ${own.id}`;
  const base = domainOf(world, type)?.base ?? type;
  if (base.dimensions > 0 || base.schema !== null || own?.kind === "composite") return null;
  return classes.get(base.name) ?? null;
}

import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { UserType } from "../entities.ts";
import { isKnownType } from "../facts/casts.ts";
import type { EffectsWorld } from "./ledger.ts";

export interface Domain {
  /** Whether it, or a domain that it is made of, has a CHECK or NOT NULL. */
  readonly isConstrained: boolean;
  /** The nearest default of its own. */
  readonly default: Expression | null;
  /** The type at the bottom, null where the history does not tell. */
  readonly base: TypeDescription | null;
}

/** Whether a new column of the domain does not begin with nulls that nobody looks at. */
export function isActive(domain: Domain | null): boolean {
  return domain !== null && (domain.isConstrained || domain.default !== null);
}

/** Looks a user's type up through the search path. */
export function findUserType(world: EffectsWorld, name: TypeDescription): UserType | undefined {
  if (name.schema !== null) return world.schema.findType({ schema: name.schema, name: name.name });
  for (const schema of world.searchPath) {
    const found = world.schema.findType({ schema, name: name.name });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The domain of that name, seen through the domains below it; null: not a domain that the history knows. */
export function domainOf(world: EffectsWorld, name: TypeDescription): Domain | null {
  if (name.dimensions > 0) return null;
  let found = findUserType(world, name);
  if (found?.kind !== "domain") return null;
  let isConstrained = false;
  let value: Expression | null = null;
  let base: TypeDescription | null = null;
  const seen = new Set<number>();
  while (found?.kind === "domain" && !seen.has(found.id)) {
    seen.add(found.id);
    isConstrained ||= found.notNull || found.constraints.length > 0;
    value ??= found.default;
    base = found.base;
    found = base === null || base.dimensions > 0 ? undefined : findUserType(world, base);
  }
  // A domain over itself, which a history that names what it did not make can come to: nobody knows what is below.
  return { isConstrained, default: value, base: found?.kind === "domain" ? null : base };
}

const integers = new Set(["int2", "int4", "int8"]);

/** Whether values of the type are whole numbers, seen through a domain; of a type that nobody knows, yes. */
export function isInteger(world: EffectsWorld, type: TypeDescription): boolean {
  if (type.dimensions > 0) return false;
  const base = domainOf(world, type)?.base ?? type;
  return integers.has(base.name) || base.schema !== null || !isKnownType(base.name);
}

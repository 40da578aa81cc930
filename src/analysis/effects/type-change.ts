import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { castForm, isKnownType, isStringType, isZeroZone, operatorClassOf } from "../facts/casts.ts";
import { domainOf, findUserType } from "./domains.ts";
import type { EffectsWorld } from "./ledger.ts";

/**
 * What becomes of the stored values: `none` they stay, `rewrite` each is converted, `refused` PostgreSQL knows no way,
 * `explicit` only a written cast would do, `impossible` not even the cast that is written, `zone` they stay under a zone
 * with offset zero, `unknown` the history does not know one of the types.
 */
export type TypeChange = "none" | "zone" | "rewrite" | "explicit" | "refused" | "impossible" | "unknown";

const severity: readonly TypeChange[] = [
  "none",
  "zone",
  "unknown",
  "rewrite",
  "explicit",
  "refused",
  "impossible",
];

function worse(left: TypeChange, right: TypeChange): TypeChange {
  return severity.indexOf(left) >= severity.indexOf(right) ? left : right;
}

/** From one type to another. */
export function changeOfType(world: EffectsWorld, from: TypeDescription, to: TypeDescription): TypeChange {
  if (from.dimensions === 0 && isSameName(world, from, to)) return changeOfModifiers(from, to);
  // Seen through a domain, a value has no length any more.
  const base = domainOf(world, from)?.base;
  const source = base === null || base === undefined ? from : withoutModifiers(base);
  const domain = domainOf(world, to);
  if (domain !== null) {
    const below = domain.base === null ? "unknown" : changeOfType(world, source, domain.base);
    return domain.isConstrained ? worse(below, "rewrite") : below;
  }
  if (source.dimensions > 0 || to.dimensions > 0) return changeOfArray(world, source, to);
  if (isSameName(world, source, to)) return changeOfModifiers(source, to);
  const isForeign = (type: TypeDescription) => !isKnownType(type.name) || type.schema !== null;
  if (isForeign(source) || isForeign(to)) return changeOfUserType(world, source, to);
  const form = castForm(source.name, to.name, world.version);
  if (form === "none") return "refused";
  if (form === "explicit only") return "explicit";
  const isZoned = isTimestampPair(source.name, to.name);
  // A cast forgets the length of its source: any length of the target is applied to each value.
  const length = changeOfModifiers(withoutModifiers(to), to);
  if (isZoned) return worse("zone", length);
  return form === "converted" ? "rewrite" : length;
}

function withoutModifiers({ fields: _, ...type }: TypeDescription): TypeDescription {
  return { ...type, modifiers: [] };
}

function isTimestampPair(from: string, to: string): boolean {
  return (from === "timestamp" && to === "timestamptz") || (from === "timestamptz" && to === "timestamp");
}

function isSameName(world: EffectsWorld, from: TypeDescription, to: TypeDescription): boolean {
  if (from.name !== to.name || from.dimensions > 0 !== to.dimensions > 0) return false;
  if (from.schema === to.schema) return true;
  return findUserType(world, from)?.id === findUserType(world, to)?.id;
}

/** Whether the two are one type, of one length, precision and scale. */
export function isSameType(world: EffectsWorld, from: TypeDescription, to: TypeDescription): boolean {
  return (
    isSameName(world, from, to) && from.modifiers.join() === to.modifiers.join() && from.fields === to.fields
  );
}

function changeOfArray(world: EffectsWorld, from: TypeDescription, to: TypeDescription): TypeChange {
  if (to.dimensions === 0) {
    if (from.name === "text" && to.name === "hstore") return "explicit";
    const form = castForm("an array", to.name, world.version);
    return form === "none" ? "refused" : "rewrite";
  }
  if (from.dimensions === 0) return isStringType(from.name) ? "explicit" : "refused";
  const isSame = isSameName(world, from, to);
  const isBare = to.modifiers.length === 0 && to.fields === undefined;
  const hasSame = to.modifiers.join() === from.modifiers.join() && to.fields === from.fields;
  if (isSame && (isBare || hasSame)) return "none";
  // Elements are converted one by one, even where a bare value would not have to be.
  return worse("rewrite", changeOfType(world, { ...from, dimensions: 0 }, { ...to, dimensions: 0 }));
}

function changeOfUserType(world: EffectsWorld, from: TypeDescription, to: TypeDescription): TypeChange {
  const isOwn = (type: TypeDescription) => findUserType(world, type) !== undefined;
  const isTold = (type: TypeDescription) => isOwn(type) || (type.schema === null && isKnownType(type.name));
  if (!isTold(from) || !isTold(to)) return "unknown";
  // Enums, composites and ranges have casts to and from text only.
  const form = castForm(
    isOwn(from) ? "a user's type" : from.name,
    isOwn(to) ? "another user's type" : to.name,
    world.version,
  );
  if (isOwn(from) && isOwn(to)) return "refused";
  if (form === "none") return "refused";
  return form === "explicit only" ? "explicit" : "rewrite";
}

/** The same type with another length, precision or scale. */
function changeOfModifiers(from: TypeDescription, to: TypeDescription): TypeChange {
  if (to.name === "interval") return changeOfInterval(from, to);
  // Without a length: no limit. CHAR and BIT come with the length 1 that they stand for.
  if (to.modifiers.length === 0) return "none";
  if (from.modifiers.join() === to.modifiers.join() && from.modifiers.length > 0) return "none";
  const old = from.modifiers.map(Number);
  const [length = 0, scale = 0] = to.modifiers.map(Number);
  switch (to.name) {
    case "varchar":
    case "varbit":
      return old[0] !== undefined && old[0] <= length ? "none" : "rewrite";
    case "numeric": {
      const [oldPrecision, oldScale = 0] = old;
      return oldPrecision !== undefined && oldScale === scale && oldPrecision <= length ? "none" : "rewrite";
    }
    case "time":
    case "timetz":
    case "timestamp":
    case "timestamptz":
      return (old[0] ?? 6) <= length ? "none" : "rewrite";
    default:
      return "rewrite";
  }
}

const intervalFields = ["second", "minute", "hour", "day", "month", "year"];

/** Values are cut to the smallest field; fractions of a second are rounded only where there are seconds. */
function changeOfInterval(from: TypeDescription, to: TypeDescription): TypeChange {
  const least = ({ fields }: TypeDescription) =>
    intervalFields.indexOf(fields?.split(" ").at(-1) ?? "second");
  if (least(to) > least(from)) return "rewrite";
  const digits = ({ modifiers }: TypeDescription) => Number(modifiers[0] ?? 6);
  return least(from) > 0 || digits(to) >= digits(from) ? "none" : "rewrite";
}

/** USING: as good as none where it only casts the column itself; anything else is computed for each row. */
export function changeOfUsing(
  world: EffectsWorld,
  from: TypeDescription,
  to: TypeDescription,
  using: Expression,
  column: string,
): TypeChange {
  const casts: TypeDescription[] = [];
  let inner = using;
  while (inner.kind === "cast" || inner.kind === "collate") {
    if (inner.kind === "cast") casts.unshift(inner.type);
    inner = inner.argument;
  }
  if (inner.kind !== "column" || inner.path.at(-1) !== column) return "rewrite";
  let result: TypeChange = "none";
  let type = from;
  for (const next of casts) {
    const step = changeOfType(world, type, next);
    result = worse(result, step === "explicit" ? "rewrite" : step);
    if (step === "refused") return "impossible";
    type = next;
  }
  return worse(result, changeOfType(world, type, to));
}

/** Whether an index over values of the one type serves the other. */
export function sharesOperators(world: EffectsWorld, from: TypeDescription, to: TypeDescription): boolean {
  const [left, right] = [from, to].map((type) => domainOf(world, type)?.base ?? type);
  if (left === undefined || right === undefined) return false;
  if (isSameName(world, left, right)) return true;
  const isArray = left.dimensions > 0;
  if (isArray !== right.dimensions > 0) return false;
  return isArray
    ? left.name === right.name
    : operatorClassOf(left.name) === operatorClassOf(right.name) && left.schema === right.schema;
}

/** The session's zone: whether timestamps can stay as they are; null where nothing tells. */
export function isZoneZero(world: EffectsWorld): boolean | null {
  const zone = world.settings.get("timezone")?.value;
  return zone === undefined ? null : isZeroZone(zone);
}

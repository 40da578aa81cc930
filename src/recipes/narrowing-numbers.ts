import { integerEnds } from "../analysis/facts/integers.ts";
import type { TypeDescription } from "../model/name.ts";
import { fails, loses, type Narrowing, spokenType } from "./narrowing-kinds.ts";

/** So many decimal digits always fit into an integer; its own numbers have one more at most. */
const integerDigits: ReadonlyMap<string, number> = new Map([
  ["int2", 4],
  ["int4", 9],
  ["int8", 18],
]);
const floats = ["float4", "float8"];
/** More digits before the point than the largest float has, no number of anybody's has. */
const mostDigits = 309;
/** The largest float4 is some 3e38, the largest float8 some 2e308; decimals behind the point without an end, for what matters. */
const floatSizes: ReadonlyMap<string, [precision: number, scale: number]> = new Map([
  ["float4", [39 + 400, 400]],
  ["float8", [309 + 400, 400]],
]);

/** How a change between numbers narrows the column; null where it does not, or where the types are no numbers. */
export function narrowerNumber(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  if (integerEnds.has(to.name)) return narrowerInteger(from, to, column);
  if (to.name === "numeric") return narrowerNumeric(from, to, column);
  return floats.includes(to.name) ? narrowerFloat(from, to, column) : null;
}

function narrowerInteger(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  const [was, is = 0n] = [integerEnds.get(from.name), integerEnds.get(to.name)];
  const isNumeric = from.name === "numeric";
  if (was === undefined && !isNumeric && !floats.includes(from.name)) return null;
  if (was !== undefined && was <= is) return null;
  if (isNumeric) {
    const [precision, scale] = sizeOf(from);
    if (precision - scale <= (integerDigits.get(to.name) ?? 0))
      return scale > 0 ? loses("Decimals", "are rounded", `${column} <> round(${column})`) : null;
  }
  // 32767.6 is 32768 once it has no decimals.
  const whole = was === undefined ? `round(${column})` : column;
  return fails(`a number that ${spokenType(to)} cannot hold`, `${whole} >= ${is} OR ${whole} < -${is}`);
}

function narrowerNumeric(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  if (to.modifiers.length === 0) return null;
  const [precision, scale] = sizeOf(to);
  const size = sourceSize(from);
  if (size === null) return null;
  const [oldPrecision, oldScale] = size;
  const digits = precision - scale;
  const number = floats.includes(from.name) ? `${column}::numeric` : column;
  const oldDigits = oldPrecision - oldScale;
  if (digits < oldDigits && digits < mostDigits)
    return fails(
      `a number of more than ${digits} digits before the point`,
      `abs(round(${number}, ${scale})) >= 1e${digits}`,
    );
  if (scale >= oldScale) return null;
  // 999.96 has one digit more once it is 1000.0.
  const stops = digits === oldDigits ? `one that then has ${digits + 1} digits before the point` : null;
  return loses("Decimals", `are rounded to ${scale}`, `${number} <> round(${number}, ${scale})`, stops);
}

/** Precision and scale that numbers of a type may need; null: it is none. */
function sourceSize(from: TypeDescription): [precision: number, scale: number] | null {
  const digits = integerDigits.get(from.name);
  if (digits !== undefined) return [digits + 1, 0];
  return floatSizes.get(from.name) ?? (from.name === "numeric" ? sizeOf(from) : null);
}

function sizeOf(type: TypeDescription): [precision: number, scale: number] {
  const [precision, scale] = type.modifiers;
  if (precision === undefined) return [Number.POSITIVE_INFINITY, 16_383];
  return [Number(precision), Number(scale ?? 0)];
}

/** A float keeps 6 or 15 decimal digits for sure. */
function narrowerFloat(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  const kept = to.name === "float4" ? 6 : 15;
  const exact = to.name === "float4" ? 2 ** 24 : 2 ** 53;
  const digits = integerDigits.get(from.name);
  if (digits !== undefined)
    return digits < kept ? null : loses(`Numbers above ${exact}`, "are rounded", `abs(${column}) > ${exact}`);
  const isNarrower =
    from.name === "numeric" ? sizeOf(from)[0] > kept : to.name === "float4" && from.name === "float8";
  if (!isNarrower) return null;
  const { stops, query } = to.name === "float4" ? beyondReal(from, column) : { stops: null, query: null };
  return loses(`Digits behind the first ${kept}`, "may be lost", query, stops);
}

/** What real does not hold at all: a number too large for it, or one so close to zero that nothing would be left. */
function beyondReal(from: TypeDescription, column: string): Pick<Narrowing, "stops" | "query"> {
  const [precision, scale] = from.name === "numeric" ? sizeOf(from) : [Number.POSITIVE_INFINITY, 400];
  const large = `abs(${column}) > 3.40282356e38`;
  const found: (readonly [words: string, query: string])[] = [];
  if (precision - scale > 38)
    found.push([
      "beyond 3.4e38",
      from.name === "numeric" ? large : `(${large} AND abs(${column}) <> 'infinity')`,
    ]);
  if (scale > 45) found.push(["nearer to zero than 1e-45", `(${column} <> 0 AND abs(${column}) < 7.1e-46)`]);
  if (found.length === 0) return { stops: null, query: null };
  return {
    stops: `one ${found.map(([words]) => words).join(" or ")}`,
    query: found.map(([, query]) => query).join(" OR "),
  };
}

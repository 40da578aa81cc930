import type { TypeDescription } from "../model/name.ts";
import { typeSql } from "./names.ts";

/** What may not survive a change of type. */
export interface Narrowing {
  readonly outcome: "fails" | "loses";
  /** What does not fit: `more than 10 characters`. */
  readonly what: string;
  /** What happens to it, where nothing fails: `are rounded`. */
  readonly loss: string;
  /** A condition that finds such rows; null where the target version has none. */
  readonly query: string | null;
}

const integerBytes: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 };
const texts = ["text", "varchar", "bpchar"];
const moments = ["timestamp", "timestamptz"];
/** Types that text is read as, value by value. */
const parsed = [
  "int2",
  "int4",
  "int8",
  "numeric",
  "float4",
  "float8",
  "uuid",
  "date",
  "timestamp",
  "timestamptz",
  "bool",
  "json",
  "jsonb",
  "inet",
  "cidr",
];

/**
 * How the change narrows what the column can hold; null where it does not, or where nobody can tell. `column` is SQL, `cast`
 * the type of a cast in USING.
 */
export function narrowingOf(
  from: TypeDescription,
  to: TypeDescription,
  column: string,
  version: number,
  cast: TypeDescription | null = null,
): Narrowing | null {
  if (from.dimensions !== to.dimensions || from.dimensions > 0) return null;
  if (texts.includes(from.name) && texts.includes(to.name)) return narrowerText(from, to, column, cast);
  const was = integerBytes[from.name];
  const is = integerBytes[to.name];
  if (is !== undefined && (was ?? 8) > is && (was !== undefined || from.name === "numeric")) {
    const bound = (2n ** BigInt(is * 8 - 1)).toString();
    return fails(
      `a number that ${spokenType(to)} cannot hold`,
      `${column} >= ${bound} OR ${column} < -${bound}`,
    );
  }
  if (from.name === "numeric" && to.name === "numeric") return narrowerNumeric(from, to, column);
  if (moments.includes(from.name)) return narrowerMoment(from, to, column);
  if (texts.includes(from.name) && parsed.includes(to.name))
    return fails(`text that is no ${spokenType(to)}`, unreadable(to, column, version));
  return null;
}

/** The name that people give a type which the server calls otherwise. */
const spoken: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
};

function spokenType(type: TypeDescription): string {
  return spoken[type.name] ?? typeSql(type);
}

function narrowerText(
  from: TypeDescription,
  to: TypeDescription,
  column: string,
  cast: TypeDescription | null,
): Narrowing | null {
  const limit = lengthOf(to);
  if (limit === null || limit >= (lengthOf(from) ?? Number.POSITIVE_INFINITY)) return null;
  const query = `length(${column}) > ${limit}`;
  const many = `more than ${limit} ${limit === 1 ? "character" : "characters"}`;
  // A cast that is written out cuts, where an assignment refuses.
  const isCut = cast !== null && (lengthOf(cast) ?? Number.POSITIVE_INFINITY) <= limit;
  return isCut ? loses(`Text of ${many}`, "is cut", query) : fails(many, query);
}

/** Null: no limit. A bare `char` has one character. */
function lengthOf(type: TypeDescription): number | null {
  const [modifier] = type.modifiers;
  if (modifier !== undefined) return Number(modifier);
  return type.name === "bpchar" ? 1 : null;
}

function narrowerNumeric(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  if (to.modifiers.length === 0) return null;
  const [precision, scale] = sizeOf(to);
  const [oldPrecision, oldScale] = sizeOf(from);
  const digits = precision - scale;
  if (digits < oldPrecision - oldScale)
    return fails(
      `a number of more than ${digits} digits before the point`,
      `abs(round(${column}, ${scale})) >= 1e${digits}`,
    );
  if (scale < oldScale)
    return loses("Decimals", `are rounded to ${scale}`, `${column} <> round(${column}, ${scale})`);
  return null;
}

function sizeOf(type: TypeDescription): [precision: number, scale: number] {
  const [precision, scale] = type.modifiers;
  if (precision === undefined) return [Number.POSITIVE_INFINITY, 16_383];
  return [Number(precision), Number(scale ?? 0)];
}

function narrowerMoment(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  if (to.name === "date")
    return loses("The time of day", "is lost", `${column} <> date_trunc('day', ${column})`);
  if (!moments.includes(to.name)) return null;
  const was = Number(from.modifiers[0] ?? 6);
  const is = Number(to.modifiers[0] ?? 6);
  if (is >= was) return null;
  return loses(
    "Fractions of a second",
    `are rounded to ${is} digits`,
    `${column} <> ${column}::${from.name}(${is})`,
  );
}

/** From 16 on the server can be asked whether text reads as a type. */
function unreadable(to: TypeDescription, column: string, version: number): string | null {
  return version < 16 ? null : `NOT pg_input_is_valid(${column}, '${typeSql(to)}')`;
}

function fails(what: string, query: string | null): Narrowing {
  return { outcome: "fails", what, loss: "", query };
}

function loses(what: string, loss: string, query: string | null): Narrowing {
  return { outcome: "loses", what, loss, query };
}

import type { TypeDescription } from "../model/name.ts";
import { typeSql } from "./names.ts";
import { fails, loses, type Narrowing, spokenType } from "./narrowing-kinds.ts";
import { narrowerNumber } from "./narrowing-numbers.ts";
import { narrowerTime } from "./narrowing-times.ts";

const texts = ["text", "varchar", "bpchar"];
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
/** The longest text of values that all have a bounded one. */
const textLengths: ReadonlyMap<string, number> = new Map([
  ["int2", 6],
  ["int4", 11],
  ["int8", 20],
  ["uuid", 36],
]);

/** A change of type: `column` is SQL, `cast` the type of a cast in USING, `labels` those of an enum that it changes to. */
interface NarrowingQuestion {
  readonly from: TypeDescription;
  readonly to: TypeDescription;
  readonly column: string;
  readonly version: number;
  readonly cast: TypeDescription | null;
  readonly labels: readonly string[] | null;
}

/** How the change narrows what the column can hold; null where it does not, or where nobody can tell. */
export function narrowingOf(question: NarrowingQuestion): Narrowing | null {
  const { from, to, column, version, cast, labels } = question;
  if (from.dimensions > 0 !== to.dimensions > 0) return null;
  if (from.dimensions > 0) return narrowerElements(question);
  if (labels !== null) return texts.includes(from.name) ? noLabel(to, labels, column) : null;
  if (from.schema !== null || to.schema !== null) return null;
  if (texts.includes(from.name) && texts.includes(to.name)) return narrowerText(from, to, column, cast);
  if (texts.includes(from.name) && parsed.includes(to.name))
    return fails(`text that is no ${spokenType(to)}`, unreadable(to, column, version));
  if (texts.includes(to.name)) return longValue(from, to, column);
  if (["bit", "varbit"].includes(from.name) && ["bit", "varbit"].includes(to.name))
    return narrowerBits(from, to, column);
  if (from.name === "inet" && to.name === "cidr")
    return loses(
      "What an address has behind its network mask",
      "is set to zero",
      `${column} <> network(${column})`,
    );
  return narrowerNumber(from, to, column) ?? narrowerTime(from, to, column);
}

/** An element that is too long stops the migration just so; there is no short query that finds it. */
function narrowerElements(question: NarrowingQuestion): Narrowing | null {
  const bare = (type: TypeDescription) => ({ ...type, dimensions: 0 });
  const { from, to } = question;
  if (!texts.includes(from.name) || !texts.includes(to.name) || to.schema !== null) return null;
  const one = narrowingOf({ ...question, from: bare(from), to: bare(to) });
  return one?.outcome === "fails" ? fails(`an element of ${one.what}`, null) : null;
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

/** Null: no limit. CHAR comes with the length 1 that it stands for; bpchar under its own name has none. */
function lengthOf(type: TypeDescription): number | null {
  const [modifier] = type.modifiers;
  return modifier === undefined ? null : Number(modifier);
}

function noLabel(to: TypeDescription, labels: readonly string[], column: string): Narrowing {
  const list = labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(", ");
  return fails(
    `text that is no value of ${typeSql(to)}`,
    labels.length === 0 ? null : `${column} NOT IN (${list})`,
  );
}

function longValue(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  const [limit, longest] = [lengthOf(to), textLengths.get(from.name)];
  if (limit === null || longest === undefined || limit >= longest) return null;
  const many = `a value of more than ${limit} ${limit === 1 ? "character" : "characters"}`;
  return fails(many, `length(${column}::text) > ${limit}`);
}

function narrowerBits(from: TypeDescription, to: TypeDescription, column: string): Narrowing | null {
  const [was, is] = [lengthOf(from), lengthOf(to)];
  if (is === null) return null;
  if (to.name === "bit") {
    if (from.name === "bit" && was === is) return null;
    return fails(`other than ${is} ${is === 1 ? "bit" : "bits"}`, `length(${column}) <> ${is}`);
  }
  if (was !== null && was <= is) return null;
  return fails(`more than ${is} ${is === 1 ? "bit" : "bits"}`, `length(${column}) > ${is}`);
}

/** From 16 on the server can be asked whether text reads as a type. */
function unreadable(to: TypeDescription, column: string, version: number): string | null {
  return version < 16 ? null : `NOT pg_input_is_valid(${column}, '${typeSql(to)}')`;
}

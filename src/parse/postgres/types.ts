import type { TypeDescription } from "../../model/name.ts";
import { type Fields, isSet, listOf, nodeOf, stringOf, stringsIn, structOf, textIn } from "./tree.ts";

/** The type of a cast. Where a statement declares a type, the shared reader gives it, with its span. */
export function lowerType(type: Fields): TypeDescription {
  const names = stringsIn(type, "names");
  const name = names.pop() ?? "";
  const schema = names.join(".");
  const isBuiltIn = schema === "pg_catalog";
  const modifiers = listOf(type, "typmods").map(modifierText);
  const isInterval = isBuiltIn && name === "interval";
  const fields = isInterval ? intervalFields(Number(modifiers[0])) : undefined;
  return {
    schema: schema === "" || isBuiltIn ? null : schema,
    name,
    // The first modifier of an interval says which fields it keeps; the second is its precision.
    modifiers: isInterval ? modifiers.slice(1) : modifiers,
    ...(fields === undefined ? {} : { fields }),
    dimensions: listOf(type, "arrayBounds").length,
    isSetOf: isSet(type, "setof"),
    isReference: isSet(type, "pct_type"),
  };
}

/** The fields of an interval, from the bits that PostgreSQL's grammar gives them (datetime.h). */
const fieldBits: readonly (readonly [name: string, bit: number])[] = [
  ["year", 2],
  ["month", 1],
  ["day", 3],
  ["hour", 10],
  ["minute", 11],
  ["second", 12],
];

/** `day to second`; undefined where all of them are meant. */
function intervalFields(mask: number): string | undefined {
  const named = fieldBits.filter(([, bit]) => (mask & (1 << bit)) !== 0).map(([name]) => name);
  const [first] = named;
  const last = named.at(-1);
  // All bits stand for no fields at all.
  if (first === undefined || named.length === fieldBits.length) return undefined;
  return first === last ? first : `${first} to ${last}`;
}

function modifierText(value: unknown): string {
  const node = nodeOf(value);
  if (node?.tag === "A_Const") return constantText(node.fields);
  if (node?.tag === "ColumnRef") return listOf(node.fields, "fields").map(stringOf).join(".");
  return "";
}

/** The value of an A_Const as text. */
export function constantText(fields: Fields): string {
  const integer = structOf(fields, "ival");
  if (integer !== null) return String(integer.ival ?? 0);
  const float = structOf(fields, "fval");
  if (float !== null) return textIn(float, "fval");
  const text = structOf(fields, "sval");
  if (text !== null) return textIn(text, "sval");
  const boolean = structOf(fields, "boolval");
  if (boolean !== null) return String(boolean.boolval === true);
  const bits = structOf(fields, "bsval");
  if (bits !== null) return textIn(bits, "bsval");
  return "null";
}

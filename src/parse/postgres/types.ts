import type { TypeDescription } from "../../model/name.ts";
import { type Fields, isSet, listOf, nodeOf, stringOf, stringsIn, structOf, textIn } from "./tree.ts";

/** The type of a cast. Where a statement declares a type, the shared reader gives it, with its span. */
export function lowerType(type: Fields): TypeDescription {
  const names = stringsIn(type, "names");
  const name = names.pop() ?? "";
  const schema = names.join(".");
  const isBuiltIn = schema === "pg_catalog";
  const modifiers = listOf(type, "typmods").map(modifierText);
  return {
    schema: schema === "" || isBuiltIn ? null : schema,
    name,
    // The first modifier of an interval says which fields it keeps; the second is its precision.
    modifiers: isBuiltIn && name === "interval" ? modifiers.slice(1) : modifiers,
    dimensions: listOf(type, "arrayBounds").length,
    isSetOf: isSet(type, "setof"),
    isReference: isSet(type, "pct_type"),
  };
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

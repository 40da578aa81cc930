import type { TypeDescription } from "../model/name.ts";
import { quoteName } from "../sql/names.ts";

/** A relation of the history as SQL; without its schema where that is `public`. */
export function relationSql(relation: { readonly schema: string | null; readonly name: string }): string {
  const { schema, name } = relation;
  return schema === null || schema === "public" ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

/** A type of the history as SQL, in PostgreSQL's short names: `int8`, `varchar(20)`, `text[]`. */
export function typeSql(type: TypeDescription): string {
  const schema = type.schema === null ? "" : `${quoteName(type.schema)}.`;
  // "char" with its quotes is another type than char; bpchar is the latter's own name.
  const name = schema === "" && type.name === "char" ? '"char"' : quoteType(type.name);
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(", ")})`;
  return `${schema}${name}${modifiers}${"[]".repeat(type.dimensions)}`;
}

/** Type names such as `time` and `interval` are reserved as other names, not as types. */
function quoteType(name: string): string {
  return typeWords.has(name) ? name : quoteName(name);
}

const typeWords = new Set(["bit", "interval", "numeric", "time", "timestamp", "varchar"]);

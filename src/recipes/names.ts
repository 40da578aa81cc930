import { quoteName } from "../sql/names.ts";

export { typeSql } from "../model/render.ts";

/** A relation of the history as SQL; without its schema where that is `public`. */
export function relationSql(relation: { readonly schema: string | null; readonly name: string }): string {
  const { schema, name } = relation;
  return schema === null || schema === "public" ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

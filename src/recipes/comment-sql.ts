import type { Column } from "../analysis/entities.ts";

/** The comment of a column for another one; empty where it has none. All parts are SQL. */
export function commentSql(table: string, column: string, comment: string | null | undefined): string {
  return comment == null ? "" : `COMMENT ON COLUMN ${table}.${column} IS ${comment};`;
}

/** What ALTER COLUMN has set for a column, for another one. Storage and compression are those of a type. */
export function settingsSql(
  table: string,
  column: string,
  { settings = [] }: Pick<Column, "settings">,
  isSameType: boolean,
): string[] {
  return settings
    .filter(({ kind }) => isSameType || (kind !== "set storage" && kind !== "set compression"))
    .map(({ text }) => `ALTER TABLE ${table} ALTER COLUMN ${column} ${text};`);
}

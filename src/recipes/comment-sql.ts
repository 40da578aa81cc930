/** The comment of a column for another one; empty where it has none. All parts are SQL. */
export function commentSql(table: string, column: string, comment: string | null | undefined): string {
  return comment == null ? "" : `COMMENT ON COLUMN ${table}.${column} IS ${comment};`;
}

import type { Schema } from "../analysis/schema.ts";
import type { QualifiedName } from "../model/name.ts";

/**
 * Whether a sequence that the history does not know has the name that the server gives to one of a serial or identity column:
 * `table_column_seq`, where the table is there, or was before it was renamed or dropped. Names that were cut are not followed.
 */
export function isNamedBySerial({ schema: place, name }: QualifiedName, schema: Schema): boolean {
  const whole = name.name;
  if (!whole.endsWith("_seq")) return false;
  const ends = [...whole.slice(0, -"_seq".length).matchAll(/_/g)].map(({ index }) => index);
  return ends.some((end) => {
    const table = { schema: place?.name ?? null, name: whole.slice(0, end) };
    return schema.findTable(table) !== undefined || schema.findGone("relation", table) !== undefined;
  });
}

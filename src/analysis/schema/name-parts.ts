import type { QualifiedName } from "../../model/name.ts";
import { truncateName } from "../../sql/names.ts";

/** A name as a statement has it, or as the schema keeps it. */
export type NameLike = QualifiedName | { readonly schema: string | null; readonly name: string };

/** Under which key a name stands in the maps of the state. */
export function keyOf(schema: string, name: string): string {
  return `${schema}\0${name}`;
}

/** The parts of a name as the server keeps them: cut at 63 bytes. */
export function partsOf(name: NameLike): { readonly schema: string | null; readonly name: string } {
  return { schema: schemaPartOf(name), name: namePartOf(name) };
}

/** The schema of a name, cut at 63 bytes as the server does; null where none was written. */
export function schemaPartOf({ schema }: NameLike): string | null {
  return schema === null || typeof schema === "string" ? schema : truncateName(schema.name);
}

/** The name without its schema, cut at 63 bytes as the server does. */
export function namePartOf({ name }: NameLike): string {
  return truncateName(typeof name === "string" ? name : name.name);
}

const systemSchemas = new Set(["pg_catalog", "information_schema", "pg_toast"]);

/** Whether a name is the server's own: such relations are there without anybody creating them. */
export function isSystemName(name: NameLike): boolean {
  const parts = partsOf(name);
  if (parts.schema !== null) return systemSchemas.has(parts.schema);
  return parts.name.startsWith("pg_");
}

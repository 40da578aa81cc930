import { truncateName } from "../../sql/names.ts";
import type { NameLike } from "../schema.ts";

export function keyOf(schema: string, name: string): string {
  return `${schema}\0${name}`;
}

export function partsOf(name: NameLike): { readonly schema: string | null; readonly name: string } {
  return { schema: schemaPartOf(name), name: namePartOf(name) };
}

export function schemaPartOf({ schema }: NameLike): string | null {
  return schema === null || typeof schema === "string" ? schema : truncateName(schema.name);
}

export function namePartOf({ name }: NameLike): string {
  return truncateName(typeof name === "string" ? name : name.name);
}

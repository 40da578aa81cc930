import type { QualifiedName } from "../../../src/model/name.ts";
import { type Fields, itemsOf, listOf, nodeOf, stringOf, textIn } from "../../../src/parse/postgres/tree.ts";
import { lowerType } from "../../../src/parse/postgres/types.ts";
import { joinNames, truncateName } from "../../../src/sql/names.ts";

/** What two sources tell of one statement: equal, or one of them is wrong. */
export interface Facts {
  readonly tree: unknown;
  readonly model: unknown;
}

export function pair(tree: unknown, model: unknown): Facts {
  return { tree, model };
}

export function cut(value: string | null | undefined): string {
  return truncateName(value ?? "");
}

export function name(qualified: QualifiedName): string[] {
  return [...(qualified.schema === null ? [] : [cut(qualified.schema.name)]), cut(qualified.name.name)];
}

export function relation(range: Fields | null): string[] {
  return range === null
    ? []
    : [textIn(range, "schemaname"), textIn(range, "relname")].filter((part) => part !== "");
}

export function persistence(range: Fields | null): string {
  const letter = textIn(range ?? {}, "relpersistence");
  return letter === "t" ? "temporary" : letter === "u" ? "unlogged" : "permanent";
}

export function targetName(target: unknown): string {
  return textIn(nodeOf(target)?.fields ?? {}, "name");
}

/** `drops` name things as lists, types and functions with their names; the database before a schema is left out. */
export function objectName(value: unknown, onTable: boolean): string[] {
  const node = nodeOf(value);
  let parts: string[] = [];
  if (node?.tag === "RangeVar") parts = relation(node.fields);
  else if (node?.tag === "List") parts = itemsOf(value).map(stringOf);
  else if (node?.tag === "String") parts = [stringOf(value)];
  else if (node?.tag === "TypeName") parts = listOf(node.fields, "names").map(stringOf);
  else if (node?.tag === "ObjectWithArgs") parts = listOf(node.fields, "objname").map(stringOf);
  return onTable ? parts.slice(-3) : parts.slice(-2);
}

export function treeType(type: Fields | null): unknown {
  return type === null ? null : { ...lowerType(type), span: null };
}

export function dotted(value: unknown): string {
  const names = (Array.isArray(value) ? value : []).map(stringOf);
  return joinNames(names);
}

/** A field that holds a number; 0 where it is absent. */
export function numberIn(fields: Fields, field: string): number {
  return Number(fields[field] ?? 0);
}

/**
 * PostgreSQL's tree comes as JSON: a node is an object with one key, its type, whose value holds the fields; fields
 * that are zero, false or empty are left out. These functions read it without trusting it.
 */
export interface Fields {
  readonly [field: string]: unknown;
}

export interface TreeNode {
  readonly tag: string;
  readonly fields: Fields;
}

const NO_FIELDS: Fields = {};

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The node in a field, or null where there is none. */
export function nodeOf(value: unknown): TreeNode | null {
  if (!isObject(value)) return null;
  for (const tag in value) {
    const fields = value[tag];
    return { tag, fields: isObject(fields) ? fields : NO_FIELDS };
  }
  return null;
}

/** The fields of a node of this type; null for all else. */
export function fieldsOf(value: unknown, tag: string): Fields | null {
  const node = nodeOf(value);
  return node !== null && node.tag === tag ? node.fields : null;
}

/** The fields of a struct that is not wrapped in its type's name (a RangeVar in `relation`, a TypeName in `typeName`). */
export function structOf(fields: Fields, field: string): Fields | null {
  const value = fields[field];
  return isObject(value) ? value : null;
}

/** A field that holds a list; empty where it is absent, as protobuf leaves it. */
export function listOf(fields: Fields, field: string): readonly unknown[] {
  const value = fields[field];
  return Array.isArray(value) ? value : [];
}

/** A field that holds a text; "" where it is absent. */
export function textIn(fields: Fields, field: string): string {
  const value = fields[field];
  return typeof value === "string" ? value : "";
}

/** A field that holds a switch; false where it is absent. */
export function isSet(fields: Fields, field: string): boolean {
  return fields[field] === true;
}

/** The text of a String node; "" for all else. */
export function stringOf(value: unknown): string {
  const fields = fieldsOf(value, "String");
  return fields === null ? "" : textIn(fields, "sval");
}

/** The texts of a list of String nodes: a name and its schema. */
export function stringsIn(fields: Fields, field: string): string[] {
  return listOf(fields, field).map(stringOf);
}

/** The items of a List node; a node that is no list stands for itself. */
export function itemsOf(value: unknown): readonly unknown[] {
  const fields = fieldsOf(value, "List");
  return fields === null ? [value] : listOf(fields, "items");
}

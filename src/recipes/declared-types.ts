import type { Action } from "../model/action.ts";
import type { Identifier, TypeName } from "../model/name.ts";
import type { CreateTable } from "../model/statement.ts";
import type { ColumnDefinition } from "../model/table.ts";

/** A column and the type that a statement gives it. */
export interface DeclaredType {
  readonly column: Identifier;
  readonly type: TypeName;
  /** Null for ALTER COLUMN TYPE. */
  readonly definition: ColumnDefinition | null;
}

export const declaringKinds = ["create table", "add column", "alter column type"] as const;

/** The types that CREATE TABLE, ADD COLUMN and ALTER COLUMN TYPE spell out. */
export function declaredTypes(
  node: CreateTable | Extract<Action, { kind: "add column" | "alter column type" }>,
): DeclaredType[] {
  switch (node.kind) {
    case "create table":
      return node.columns.flatMap(typeOf);
    case "add column":
      return typeOf(node.column);
    case "alter column type":
      return [{ column: node.column, type: node.type, definition: null }];
  }
}

function typeOf(definition: ColumnDefinition): DeclaredType[] {
  const { name, type } = definition;
  return type === null ? [] : [{ column: name, type, definition }];
}

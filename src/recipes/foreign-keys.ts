import type { Action } from "../model/action.ts";
import type { CreateTable } from "../model/statement.ts";
import type { ColumnDefinition, Constraint, ForeignKey } from "../model/table.ts";

/** A foreign key and the columns that it constrains, also where a column's own REFERENCES does not name it. */
interface DeclaredKey {
  readonly key: ForeignKey;
  readonly columns: readonly string[];
}

/** The foreign keys that a statement or an action declares. */
export function foreignKeysOf(
  node: CreateTable | Extract<Action, { kind: "add column" | "add constraint" }>,
): DeclaredKey[] {
  switch (node.kind) {
    case "create table":
      return [...node.columns.flatMap(keysOfColumn), ...keysAmong(node.constraints, [])];
    case "add column":
      return keysOfColumn(node.column);
    case "add constraint":
      return keysAmong([node.constraint], []);
  }
}

function keysOfColumn(column: ColumnDefinition): DeclaredKey[] {
  return keysAmong(column.constraints, [column.name.name]);
}

function keysAmong(constraints: readonly Constraint[], own: readonly string[]): DeclaredKey[] {
  return constraints.flatMap((key) =>
    key.kind === "foreign key"
      ? [{ key, columns: key.columns.length === 0 ? own : key.columns.map(({ name }) => name) }]
      : [],
  );
}

import type {
  AlterColumn,
  ColumnConstraint,
  CreateColumnDef,
  CreateColumnsLikeTable,
  CreateIndexStatement,
  Expr,
  TableAlteration,
  TableConstraint,
} from "pgsql-ast-parser";
import {
  type Cursor,
  commaSegments,
  isDone,
  step,
  subCursor,
  takeBracket,
  takeWords,
} from "../locate/cursor.ts";
import { isFunctionElement } from "../locate/indexes.ts";
import type { Lowering } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { inOrder } from "./values.ts";

export interface Elements {
  readonly columns: readonly (CreateColumnDef | CreateColumnsLikeTable)[];
  readonly constraints: readonly TableConstraint[];
}

/** The expressions of a table's columns and constraints, which the tree has in two lists. */
export function elementExpressions(lowering: Lowering, elements: Elements): Expr[] {
  const ofColumns = elements.columns.flatMap((column) =>
    column.kind === "column" ? columnExpressions(column) : [],
  );
  return inOrder(lowering, [...ofColumns, ...elements.constraints.flatMap(constraintExpressions)]);
}

function columnExpressions(column: CreateColumnDef): Expr[] {
  return (column.constraints ?? []).flatMap(constraintExpressions);
}

function constraintExpressions(constraint: ColumnConstraint | TableConstraint | AlterColumn): Expr[] {
  switch (constraint.type) {
    case "default":
    case "set default":
      return [constraint.default];
    case "check":
      return [constraint.expr];
    case "add generated":
      return constraint.expression === undefined ? [] : [constraint.expression];
  }
  return [];
}

/** The expressions of an ALTER TABLE in the order of the text. */
export function alterExpressions(lowering: Lowering, changes: readonly TableAlteration[]): Expr[] {
  const expressions = changes.flatMap((change) => {
    switch (change.type) {
      case "add column":
        return columnExpressions(change.column);
      case "add constraint":
        return constraintExpressions(change.constraint);
      case "alter column":
        return constraintExpressions(change.alter);
    }
    return [];
  });
  return inOrder(lowering, expressions);
}

/** The expressions of an index. A column's name is an expression to the tree only. */
export function indexExpressions(at: Cursor, index: CreateIndexStatement): Expr[] {
  const segments = elementSegments(at);
  if (segments.length !== index.expressions.length) throw new NotUnderstood("the columns of the index");
  const elements = index.expressions.filter((_, k) => {
    const segment = segments[k];
    return segment !== undefined && isFunctionElement(segment);
  });
  return [
    ...elements.map(({ expression }) => expression),
    ...(index.where === undefined ? [] : [index.where]),
  ];
}

/** The elements in the first bracket behind ON. */
function elementSegments(at: Cursor): Cursor[] {
  const cursor = subCursor(at, at.at, at.end);
  while (!isDone(cursor) && !takeWords(cursor, "on")) step(cursor);
  while (!isDone(cursor)) {
    const inside = takeBracket(cursor);
    if (inside !== null) return commaSegments(inside);
    step(cursor);
  }
  return [];
}

import type { Expression } from "../../model/expression.ts";
import type { Values } from "../locate/values.ts";
import { lowerExpression } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { lowerChange, lowerQuery } from "./queries.ts";
import { lowerSources } from "./sources.ts";
import { type Fields, fieldsOf, listOf, nodeOf, structOf, type TreeNode } from "./tree.ts";

/** The nodes of one statement that the readers will ask for, each kind in the order of the text. */
export interface Pieces {
  readonly expressions?: readonly unknown[];
  readonly query?: unknown;
  /** The bodies of the WITH clause. */
  readonly common?: readonly unknown[];
  readonly sources?: readonly unknown[];
}

/** Thrown, and caught by the adapter, where tokens and tree do not tell the same: no model is better than a wrong one. */
export class Mismatch extends Error {}

/** Hands out a statement's expressions and queries one by one; `finish` throws where some were not asked for. */
export function createValues(lowering: Lowering, pieces: Pieces): Values & { finish(): void } {
  const expressions = pieces.expressions ?? [];
  const common = pieces.common ?? [];
  let used = 0;
  let usedCommon = 0;
  return {
    expression(): Expression {
      if (used >= expressions.length) throw new Mismatch("an expression is missing");
      return lowerExpression(lowering, expressions[used++]);
    },
    query: (at) => lowerQuery(lowering, pieces.query, at),
    change: (at) =>
      lowerChange(lowering, usedCommon < common.length ? common[usedCommon++] : pieces.query, at),
    sources: () => lowerSources(lowering, pieces.sources ?? []),
    finish() {
      if (used < expressions.length) throw new Mismatch("an expression was not asked for");
    },
  };
}

/** INSERT, UPDATE, DELETE and MERGE. */
export function changeValues(lowering: Lowering, node: TreeNode): Values & { finish(): void } {
  return createValues(lowering, changePieces(node.fields));
}

function changePieces(fields: Fields): Pieces {
  const clause = structOf(fields, "withClause");
  const common = (clause === null ? [] : listOf(clause, "ctes")).map((item) => nodeOf(item)?.fields.ctequery);
  const conflict = structOf(fields, "onConflictClause");
  const merge = fields.joinCondition;
  if (nodeOf(merge) !== null) return { common, expressions: [merge], sources: [fields.sourceRelation] };
  const isInsert = fields.selectStmt !== undefined || conflict !== null || fields.cols !== undefined;
  if (isInsert) {
    const targets = conflict === null ? [] : listOf(conflict, "targetList");
    return { common, query: fields.selectStmt, expressions: assigned(targets) };
  }
  const sources = [...listOf(fields, "fromClause"), ...listOf(fields, "usingClause")];
  const expressions = [...assigned(listOf(fields, "targetList")), ...present(fields.whereClause)];
  return { common, expressions, sources };
}

/** The values of SET a = 1, and of SET (a, b) = (...) the row that they are set from together. */
function assigned(targets: readonly unknown[]): unknown[] {
  return targets.flatMap((target) => {
    const value = nodeOf(target)?.fields.val;
    const row = fieldsOf(value, "MultiAssignRef");
    if (row === null) return [value];
    return row.colno === 1 ? [row.source] : [];
  });
}

/** The value as a list of one, or of none where it is no node. */
export function present(value: unknown): unknown[] {
  return nodeOf(value) === null ? [] : [value];
}

/** The expressions of a column or a constraint. */
export function elementExpressions(value: unknown): unknown[] {
  const node = nodeOf(value);
  if (node?.tag === "ColumnDef") {
    const own = present(node.fields.raw_default);
    return [...own, ...listOf(node.fields, "constraints").flatMap(elementExpressions)];
  }
  if (node?.tag !== "Constraint") return [];
  // Each element of an exclusion constraint is a pair: what is compared, and the operator.
  const excluded = listOf(node.fields, "exclusions").flatMap((pair) => {
    const [element] = listOf(nodeOf(pair)?.fields ?? {}, "items");
    return present(nodeOf(element)?.fields.expr);
  });
  return [...present(node.fields.raw_expr), ...excluded, ...present(node.fields.where_clause)];
}

/** The expressions of FOR VALUES IN (...), FROM (...) TO (...). */
function boundExpressions(bound: Fields | null): unknown[] {
  if (bound === null) return [];
  return [...listOf(bound, "listdatums"), ...listOf(bound, "lowerdatums"), ...listOf(bound, "upperdatums")];
}

/** The expressions of a CREATE TABLE in the order of the text. */
export function tableExpressions(table: Fields): unknown[] {
  const key = structOf(table, "partspec");
  return [
    ...listOf(table, "tableElts").flatMap(elementExpressions),
    ...boundExpressions(structOf(table, "partbound")),
    ...(key === null ? [] : listOf(key, "partParams")).flatMap((item) => present(nodeOf(item)?.fields.expr)),
  ];
}

/** The expressions of a CREATE INDEX in the order of the text. */
export function indexExpressions(index: Fields): unknown[] {
  return [
    ...listOf(index, "indexParams").flatMap((item) => present(nodeOf(item)?.fields.expr)),
    ...present(index.whereClause),
  ];
}

/** The expressions of all actions of ALTER TABLE. */
export function actionExpressions(statement: Fields): unknown[] {
  return listOf(statement, "cmds").flatMap((command) => {
    const fields = nodeOf(command)?.fields;
    const node = nodeOf(fields?.def);
    if (fields === undefined || node === null) return [];
    switch (fields.subtype) {
      case "AT_ColumnDefault":
      case "AT_SetExpression":
        return [fields.def];
      case "AT_AttachPartition":
        return boundExpressions(structOf(fieldsOf(fields.def, "PartitionCmd") ?? {}, "bound"));
    }
    return elementExpressions(fields.def);
  });
}

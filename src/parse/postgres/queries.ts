import type { Expression } from "../../model/expression.ts";
import {
  type CommonTable,
  type DataChange,
  emptySelect,
  type Query,
  type Select,
} from "../../model/query.ts";
import { readChange, takeWith, unwrap } from "../locate/changes.ts";
import { type Cursor, subCursor } from "../locate/cursor.ts";
import { locateInto } from "../locate/definitions.ts";
import { lowerOrder } from "./calls.ts";
import { lowerAll, lowerExpression, lowerOptional } from "./expressions.ts";
import { descend, type Lowering } from "./lowering.ts";
import { lowerSources } from "./sources.ts";
import { type Fields, isSet, itemsOf, listOf, nodeOf, stringOf, structOf, textIn } from "./tree.ts";
import { changeValues } from "./values.ts";

/**
 * A SELECT, VALUES or set operation. `at` is where it stands, for what in it has a position; null inside of an
 * expression, where PostgreSQL allows nothing of the kind.
 */
export function lowerQuery(lowering: Lowering, value: unknown, at: Cursor | null): Query {
  const node = nodeOf(value);
  if (node === null || node.tag !== "SelectStmt") return emptySelect;
  return descend(lowering, () =>
    lowerSelectStatement(lowering, node.fields, at === null ? null : unwrap(at)),
  );
}

function lowerSelectStatement(lowering: Lowering, fields: Fields, at: Cursor | null): Query {
  const tables = lowerWith(lowering, fields, at);
  const operation = textIn(fields, "op");
  if (operation !== "" && operation !== "SETOP_NONE") {
    return {
      kind: "set operation",
      operation:
        operation === "SETOP_UNION" ? "union" : operation === "SETOP_INTERSECT" ? "intersect" : "except",
      left: lowerArm(lowering, fields.larg),
      right: lowerArm(lowering, fields.rarg),
      with: tables,
      limit: lowerOptional(lowering, fields.limitCount),
    };
  }
  const rows = listOf(fields, "valuesLists");
  if (rows.length > 0) {
    return { kind: "values", rows: rows.map((row) => lowerAll(lowering, itemsOf(row))), with: tables };
  }
  return {
    kind: "select",
    with: tables,
    targets: listOf(fields, "targetList").map((target) => lowerTarget(lowering, target)),
    isDistinct: listOf(fields, "distinctClause").length > 0,
    ...(listOf(fields, "distinctClause").some((item) => nodeOf(item) !== null) && { isDistinctOn: true }),
    from: lowerSources(lowering, listOf(fields, "fromClause")),
    where: lowerOptional(lowering, fields.whereClause),
    groupBy: lowerGroups(lowering, listOf(fields, "groupClause")),
    having: lowerOptional(lowering, fields.havingClause),
    orderBy: lowerOrder(lowering, listOf(fields, "sortClause")),
    limit: lowerOptional(lowering, fields.limitCount),
    offset: lowerOptional(lowering, fields.limitOffset),
    locksRows: listOf(fields, "lockingClause").length > 0,
    lockedNames: lowerLocked(listOf(fields, "lockingClause")),
    into: at !== null && structOf(fields, "intoClause") !== null ? (locateInto(at)?.table ?? null) : null,
  };
}

/** The names behind OF of all its FOR UPDATE and FOR SHARE; none where one of them stands for all. */
function lowerLocked(clauses: readonly unknown[]): string[] {
  const lists = clauses.map((clause) => listOf(nodeOf(clause)?.fields ?? {}, "lockedRels"));
  if (lists.some((list) => list.length === 0)) return [];
  return lists.flat().map((item) => textIn(nodeOf(item)?.fields ?? {}, "relname"));
}

/** The arms of a set operation are SelectStmts that are not wrapped in their type's name. */
function lowerArm(lowering: Lowering, value: unknown): Query {
  const isWrapped = nodeOf(value)?.tag === "SelectStmt";
  return lowerQuery(lowering, isWrapped ? value : { SelectStmt: value }, null);
}

function lowerTarget(lowering: Lowering, target: unknown): Select["targets"][number] {
  const fields = nodeOf(target)?.fields ?? {};
  const alias = textIn(fields, "name");
  return {
    value: lowerExpression(lowering, fields.val),
    alias: alias === "" ? null : alias,
  };
}

/** GROUP BY with its grouping sets laid flat. */
function lowerGroups(lowering: Lowering, items: readonly unknown[]): Expression[] {
  return items.flatMap((item) => {
    const node = nodeOf(item);
    if (node?.tag !== "GroupingSet") return [lowerExpression(lowering, item)];
    return descend(lowering, () => lowerGroups(lowering, listOf(node.fields, "content")));
  });
}

/** The WITH clause of a query: the tree tells what stands in it, the tokens where. */
function lowerWith(lowering: Lowering, fields: Fields, at: Cursor | null): CommonTable[] {
  const clause = structOf(fields, "withClause");
  if (clause === null) return [];
  const bodies = at === null ? [] : (takeWith(subCursor(at, at.at, at.end))?.tables ?? []);
  return listOf(clause, "ctes").map((item, index) => {
    const table = nodeOf(item)?.fields ?? {};
    const columns = listOf(table, "aliascolnames").map(stringOf);
    return {
      name: textIn(table, "ctename"),
      query: lowerChange(lowering, table.ctequery, bodies[index]?.body ?? null),
      recursive: isSet(clause, "recursive"),
      ...(columns.length > 0 && { columns }),
    };
  });
}

/** A query, or a change of data where its place is known. */
export function lowerChange(lowering: Lowering, value: unknown, at: Cursor | null): Query | DataChange {
  const node = nodeOf(value);
  if (node === null || node.tag === "SelectStmt" || at === null) return lowerQuery(lowering, value, at);
  return descend(lowering, () => readChange(unwrap(at), changeValues(lowering, node)));
}

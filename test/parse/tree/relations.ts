import type { Statement } from "../../../src/model/statement.ts";
import {
  fieldsOf,
  isSet,
  listOf,
  nodeOf,
  structOf,
  type TreeNode,
  textIn,
} from "../../../src/parse/postgres/tree.ts";
import { modelAction, treeAction } from "./actions.ts";
import { modelColumn, modelConstraint, treeColumn, treeConstraint, treeElement } from "./columns.ts";
import { cut, type Facts, name, pair, persistence, relation, targetName } from "./names.ts";

/** Tables, indexes and changes of their rows. */
export function compareRelations(node: TreeNode, statement: Statement): Facts | null {
  const { fields } = node;
  switch (statement.kind) {
    case "create table": {
      const table = structOf(fields, "base_stmt") ?? structOf(fields, "base") ?? fields;
      const elements = listOf(table, "tableElts");
      return pair(
        [
          relation(structOf(table, "relation")),
          persistence(structOf(table, "relation")),
          isSet(table, "if_not_exists"),
          elements.filter((each) => nodeOf(each)?.tag === "ColumnDef").map(treeColumn),
          elements.filter((each) => nodeOf(each)?.tag === "Constraint").map(treeConstraint),
          elements.filter((each) => nodeOf(each)?.tag === "TableLikeClause").length,
          listOf(table, "inhRelations").map((each) => relation(fieldsOf(each, "RangeVar"))),
        ],
        [
          name(statement.table),
          statement.persistence,
          statement.ifNotExists,
          statement.columns.map(modelColumn),
          statement.constraints.map(modelConstraint),
          statement.likes.length,
          statement.partitionOf === null
            ? statement.inherits.map(name)
            : [name(statement.partitionOf.parent)],
        ],
      );
    }
    case "alter table":
      return pair(
        [
          relation(structOf(fields, "relation")),
          !isSet(structOf(fields, "relation") ?? {}, "inh"),
          isSet(fields, "missing_ok"),
          listOf(fields, "cmds").map(treeAction),
        ],
        [name(statement.table), statement.only, statement.ifExists, statement.actions.map(modelAction)],
      );
    case "create index":
      return pair(
        [
          textIn(fields, "idxname"),
          relation(structOf(fields, "relation")),
          !isSet(structOf(fields, "relation") ?? {}, "inh"),
          ["unique", "concurrent", "if_not_exists", "nulls_not_distinct"].map((flag) => isSet(fields, flag)),
          textIn(fields, "accessMethod"),
          textIn(fields, "tableSpace"),
          listOf(fields, "indexParams").map((each) => treeElement(nodeOf(each)?.fields ?? {})),
          listOf(fields, "indexIncludingParams").map((each) => textIn(nodeOf(each)?.fields ?? {}, "name")),
          fields.whereClause !== undefined,
        ],
        [
          cut(statement.index?.name),
          name(statement.table),
          statement.only,
          [statement.unique, statement.concurrently, statement.ifNotExists, statement.nullsNotDistinct],
          statement.method,
          cut(statement.tablespace?.name),
          statement.elements.map((each) => [
            cut(each.column?.name),
            each.expression !== null,
            each.collation ?? "",
            each.operatorClass ?? "",
            each.descending,
            each.nullsFirst,
          ]),
          statement.including.map((each) => cut(each.name)),
          statement.where !== null,
        ],
      );
    case "insert":
    case "update":
    case "delete": {
      const returning = fields.returningClause !== undefined || fields.returningList !== undefined;
      const target = structOf(fields, "relation");
      const conflict = structOf(fields, "onConflictClause");
      const columns = statement.kind === "insert" ? listOf(fields, "cols") : listOf(fields, "targetList");
      const assigned =
        statement.kind === "delete" ? [] : statement.assignments.map((each) => cut(each.column.name));
      return pair(
        [
          relation(target),
          textIn(structOf(target ?? {}, "alias") ?? {}, "aliasname"),
          returning,
          columns.map(targetName),
          (conflict === null ? [] : listOf(conflict, "targetList")).map(targetName),
          listOf(structOf(fields, "withClause") ?? {}, "ctes").map((each) =>
            textIn(nodeOf(each)?.fields ?? {}, "ctename"),
          ),
        ],
        [
          name(statement.table),
          cut(statement.alias),
          statement.isReturning,
          statement.kind === "insert" ? statement.columns.map((each) => cut(each.name)) : assigned,
          statement.kind === "insert" ? assigned : [],
          statement.with.map((each) => cut(each.name)),
        ],
      );
    }
  }
  return null;
}

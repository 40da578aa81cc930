import type { Action } from "../../model/action.ts";
import { type Expression, walkExpression } from "../../model/expression.ts";
import { type CommonTable, type DataChange, type Query, type Source, valuesSet } from "../../model/query.ts";
import type { AlterTable, Statement } from "../../model/statement.ts";
import type { ColumnDefinition } from "../../model/table.ts";
import { truncateName } from "../../sql/names.ts";
import { isTable } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import {
  actionValues,
  columnValues,
  constraintValues,
  indexValues,
  policyValues,
} from "./definition-values.ts";
import { findRelation, type Ledger } from "./ledger.ts";
import { actionsOf } from "./needed-relations.ts";
import { isChange } from "./reads.ts";

/** Calls `visit` for each node of each expression in a statement, subqueries included; `only`: of one action of it. */
export function visitValues(
  ledger: Ledger,
  statement: Statement,
  only: Action | null,
  visit: (node: Expression) => void,
): void {
  const values = (expressions: readonly Expression[]): void => {
    for (const one of expressions) walkExpression(one, visit, query);
  };
  const query = (one: Query | DataChange): void => {
    if (isChange(one)) change(one);
    else readQuery(one);
  };
  const common = (tables: readonly CommonTable[]): void => {
    for (const table of tables) query(table.query);
  };
  const readQuery = (one: Query): void => {
    common(one.with);
    switch (one.kind) {
      case "select": {
        for (const source of one.from) from(source);
        const rest = [one.where, one.having, one.limit, one.offset].filter((value) => value !== null);
        values([...one.targets.map(({ value }) => value), ...rest, ...one.groupBy, ...one.orderBy]);
        return;
      }
      case "set operation":
        readQuery(one.left);
        readQuery(one.right);
        return;
      case "values":
        for (const row of one.rows) values(row);
    }
  };
  const from = (source: Source): void => {
    switch (source.kind) {
      case "function":
        if (source.call !== null) values([source.call]);
        return;
      case "subquery":
        readQuery(source.query);
        return;
      case "join":
        from(source.left);
        from(source.right);
        if (source.on !== null) values([source.on]);
    }
  };
  const change = (one: DataChange): void => {
    common(one.with);
    if (one.kind === "merge") {
      from(one.source);
      values([one.on]);
      return;
    }
    if (one.kind === "insert" && one.source !== null) readQuery(one.source);
    for (const source of one.kind === "update" ? one.from : one.kind === "delete" ? one.using : [])
      from(source);
    if (one.kind !== "delete") values(valuesSet(one.assignments));
    if (one.kind !== "insert" && one.where !== null) values([one.where.value]);
  };
  switch (statement.kind) {
    case "insert":
    case "update":
    case "delete":
    case "merge":
      change(statement);
      return;
    case "select":
    case "create view":
    case "declare cursor":
      readQuery(statement.query);
      return;
    case "create table as":
    case "copy":
      if (statement.query !== null) query(statement.query);
      return;
    case "explain":
    case "prepare":
      visitValues(ledger, statement.statement, only, visit);
      return;
    case "call":
      values([statement.call]);
      return;
    default:
      values(definedBy(ledger, statement, only));
  }
}

/** The expressions that definitions keep: what is skipped because it is there already is not looked at. */
function definedBy(ledger: Ledger, statement: Statement, only: Action | null): readonly Expression[] {
  switch (statement.kind) {
    case "alter table":
      if (statement.ifExists && findRelation(ledger.world, statement.table) === undefined) return [];
      return actionsOf(statement, only).flatMap((action) =>
        action.kind === "add column" && action.ifNotExists && hasColumn(ledger, statement, action)
          ? []
          : ofAction(action),
      );
    case "create table":
      if (statement.ifNotExists && findRelation(ledger.world, statement.table) !== undefined) return [];
      return [...statement.columns.flatMap(ofColumn), ...statement.constraints.flatMap(constraintValues)];
    // Looked at even where IF NOT EXISTS finds the index.
    case "create index":
      return indexValues(statement);
    case "create policy":
    case "alter policy":
      return policyValues(statement);
    case "create trigger":
      return statement.when === null ? [] : [statement.when];
    case "create domain":
      return [
        ...(statement.default === null ? [] : [statement.default.value]),
        ...statement.constraints.flatMap(constraintValues),
      ];
    case "alter domain":
      return statement.constraint === null ? [] : constraintValues(statement.constraint);
    default:
      return [];
  }
}

/** Whether the column is there before the statement. */
export function hasColumn(
  { world }: Ledger,
  { table }: AlterTable,
  { column }: Extract<Action, { kind: "add column" }>,
): boolean {
  const known = findRelation(world, table);
  return isTable(known) && itemNamed(known.columns, truncateName(column.name.name)) !== undefined;
}

function ofAction(action: Action): readonly Expression[] {
  if (action.kind === "add column") return ofColumn(action.column);
  return action.kind === "set default" ? [action.default.value] : actionValues(action);
}

function ofColumn(column: ColumnDefinition): readonly Expression[] {
  const values = columnValues(column);
  return column.default === null ? values : [column.default.value, ...values];
}

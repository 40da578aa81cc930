import type { Expression } from "../../model/expression.ts";
import {
  type CommonTable,
  type DataChange,
  emptySelect,
  type Query,
  type Select,
  type Source,
  valuesSet,
} from "../../model/query.ts";
import type { Statement } from "../../model/statement.ts";
import { isChange } from "./reads.ts";

/** The queries of a statement; what a data change reads is one over its table and what stands beside it. */
export function neededQueries(statement: Statement): readonly Query[] {
  switch (statement.kind) {
    case "create view":
    case "select":
    case "declare cursor":
      return [statement.query];
    case "create table as":
      return statement.query === null ? [] : [statement.query];
    case "copy":
      return statement.query === null || isChange(statement.query) ? [] : [statement.query];
    case "insert": {
      const { source } = statement;
      const read = source === null ? [] : [{ ...source, with: [...statement.with, ...source.with] }];
      return [...read, ...neededOnConflict(statement)];
    }
    case "update":
    case "delete": {
      const { where } = statement;
      const beside = statement.kind === "update" ? statement.from : statement.using;
      const values = statement.kind === "update" ? [...valuesSet(statement.assignments)] : [];
      if (where !== null) values.push(where.value);
      return [selectOf(statement, [ownSource(statement), ...beside], values)];
    }
    case "merge":
      return [selectOf(statement, [ownSource(statement), statement.source], [statement.on])];
    default:
      return [];
  }
}

/** The statement that EXPLAIN and PREPARE are about. */
export function innermost(statement: Statement): Statement {
  let inner = statement;
  while (inner.kind === "explain" || inner.kind === "prepare") inner = inner.statement;
  return inner;
}

/** DO UPDATE reads the row that is there, and the one that is not let in. */
function neededOnConflict(change: DataChange & { readonly kind: "insert" }): readonly Query[] {
  const values = valuesSet(change.assignments);
  if (values.length === 0) return [];
  const own = ownSource(change);
  // A table may be called as the other row is.
  const isBoth = (own.alias ?? own.name) === "excluded";
  return [selectOf(change, isBoth ? [own] : [own, { ...own, alias: "excluded" }], values)];
}

function ownSource({ table, alias }: DataChange): Source & { readonly kind: "relation" } {
  return { kind: "relation", schema: table.schema?.name ?? null, name: table.name.name, alias };
}

function selectOf(
  { with: common }: { readonly with: readonly CommonTable[] },
  from: readonly Source[],
  values: readonly Expression[],
): Select {
  const targets = values.map((value) => ({ value, alias: null }));
  return { ...emptySelect, with: common, targets, from };
}

/** Statements inside of the statement that change data, or are explained or prepared. */
export function changesIn(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case "explain":
    case "prepare":
      return [statement.statement];
    case "copy":
      return statement.query !== null && isChange(statement.query) ? [statement.query] : [];
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return statement.with.flatMap(({ query }) => (isChange(query) ? [query] : []));
    default:
      return neededQueries(statement).flatMap((query) =>
        query.with.flatMap((one) => (isChange(one.query) ? [one.query] : [])),
      );
  }
}

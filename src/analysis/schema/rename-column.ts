import { replaceColumn } from "../../sql/column-text.ts";
import { quoteName } from "../../sql/names.ts";
import {
  type Column,
  type Index,
  isTable,
  type Table,
  type TableConstraint,
  type View,
} from "../entities.ts";
import { type Draft, relationById, tableById } from "./draft.ts";
import { dependents, putRelation, rewordTable, usersIn } from "./draft-edits.ts";
import { renameColumnIn } from "./expressions.ts";
import { noteGonePart } from "./gone.ts";
import { indexesOf } from "./own-indexes.ts";
import { assumeColumns, changeTable, familyOf } from "./tables.ts";

/** Renames a column of a table or view, of its children, and wherever another object names it. */
export function renameColumn(draft: Draft, id: number, from: string, to: string): void {
  const swap = (name: string) => (name === from ? to : name);
  for (const member of familyOf(draft, id)) {
    const relation = relationById(draft, member);
    if (relation === undefined) continue;
    noteGonePart(draft, "column", member, from, `renamed to ${quoteName(to)}`);
    if (isTable(relation)) renameInTable(draft, member, from, to);
    else if (relation.kind === "view" || relation.kind === "materialized view") {
      putRelation<View>(draft, { ...relation, outputs: relation.outputs?.map(swap) ?? null });
    }
    for (const index of indexesOf(draft, member)) {
      putRelation(draft, renameInIndex(index, from, to));
    }
    for (const sequence of dependents(draft, "sequence", member)) {
      if (sequence.kind !== "sequence" || sequence.ownedBy?.column !== from) continue;
      putRelation(draft, { ...sequence, ownedBy: { table: member, column: to } });
    }
    for (const view of dependents(draft, "view", member)) {
      if (view.kind === "view" || view.kind === "materialized view") renameInView(draft, view, member, swap);
    }
    renameReferences(draft, member, swap);
    for (const reader of [relation, ...usersIn(draft, "reads", member)])
      renameInUses(draft, reader.id, member, swap);
  }
}

/** What the rules of a table read of it and of others, and its policies of others, is called otherwise now. */
function renameInUses(draft: Draft, id: number, read: number, swap: (name: string) => string): void {
  changeTable(draft, id, ({ uses }) =>
    uses === undefined
      ? {}
      : {
          uses: uses.map((use) =>
            use.table !== read || use.column === null ? use : { ...use, column: swap(use.column) },
          ),
        },
  );
}

function renameInTable(draft: Draft, id: number, from: string, to: string): void {
  assumeColumns(draft, id, [from]);
  const table = tableById(draft, id);
  if (table === undefined) return;
  const swap = (name: string) => (name === from ? to : name);
  putRelation<Table>(draft, {
    ...table,
    columns: table.columns.map((column) => renameInColumn(column, from, swap)),
    constraints: table.constraints.map((constraint) => renameInConstraint(constraint, from, to)),
    policies: table.policies.map((policy) => ({
      ...policy,
      columns: policy.columns.map(swap),
      clauses: { using: policy.clauses.using.map(swap), check: policy.clauses.check.map(swap) },
    })),
    triggers: table.triggers.map((trigger) => ({ ...trigger, columns: trigger.columns.map(swap) })),
    ...(table.statistics && {
      statistics: table.statistics.map((one) => ({ ...one, columns: one.columns.map(swap) })),
    }),
    ...(table.publications && {
      publications: table.publications.map((one) => ({ ...one, columns: one.columns.map(swap) })),
    }),
    partitionBy:
      table.partitionBy === null
        ? null
        : {
            ...table.partitionBy,
            columns: table.partitionBy.columns.map(({ column, expression }) => ({
              column: column === null ? null : swap(column),
              expression: expression === null ? null : renameColumnIn(expression, from, to),
            })),
          },
  });
}

function renameInColumn(column: Column, from: string, swap: (name: string) => string): Column {
  const isNamed = column.name === from || column.generatedFrom.includes(from);
  if (!isNamed) return column;
  return { ...column, name: swap(column.name), generatedFrom: column.generatedFrom.map(swap) };
}

function renameInConstraint(constraint: TableConstraint, from: string, to: string): TableConstraint {
  if (!constraint.columns.includes(from)) return constraint;
  const columns = constraint.columns.map((name) => (name === from ? to : name));
  if (constraint.kind !== "check") return { ...constraint, columns };
  return {
    ...constraint,
    columns,
    expression: renameColumnIn(constraint.expression, from, to),
    ...reworded(constraint.definition, from, to),
  };
}

function renameInIndex(index: Index, from: string, to: string): Index {
  const swap = (name: string) => (name === from ? to : name);
  return {
    ...index,
    keys: index.keys.map((key) => (key === null ? null : swap(key))),
    including: index.including.map(swap),
    expressionColumns: index.expressionColumns.map(swap),
    predicateColumns: index.predicateColumns.map(swap),
    expressions: index.expressions.map((expression) => renameColumnIn(expression, from, to)),
    predicate: index.predicate === null ? null : renameColumnIn(index.predicate, from, to),
    ...reworded(index.definition, from, to),
  };
}

/** What was written of an index or a CHECK, with the name of today. */
function reworded(
  definition: string | undefined,
  from: string,
  to: string,
): { readonly definition?: string } {
  return definition === undefined ? {} : { definition: replaceColumn(definition, from, to) ?? definition };
}

/** The view goes on reading the column; what it calls its own columns stays. */
function renameInView(draft: Draft, view: View, table: number, swap: (name: string) => string): void {
  if (view.columns === null) return;
  const columns = view.columns.map((read) =>
    read.table === table ? { table, column: swap(read.column) } : read,
  );
  putRelation<View>(draft, { ...view, columns });
}

function renameReferences(draft: Draft, id: number, swap: (name: string) => string): void {
  for (const table of dependents(draft, "reference", id)) {
    if (!isTable(table)) continue;
    const constraints = table.constraints.map((key) =>
      key.kind === "foreign key" && key.references.id === id
        ? { ...key, referencedColumns: key.referencedColumns.map(swap) }
        : key,
    );
    rewordTable(draft, { ...table, constraints });
  }
}

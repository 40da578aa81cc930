import type { QualifiedName } from "../../model/name.ts";
import { isStandIn } from "../../model/stand-in.ts";
import { type Index, isTable, type Relation, type Table, type TableConstraint } from "../entities.ts";
import { type Draft, findRelation, relationById, tableById } from "./draft.ts";
import { dependents, putRelation, removeRelation, usersIn } from "./draft-edits.ts";
import { ownedRoles } from "./edges.ts";
import { noteGonePart } from "./gone.ts";
import { tablesLosing } from "./losing-tables.ts";
import { indexesOf } from "./own-indexes.ts";
import { changeColumn, changeTable, familyOf } from "./tables.ts";
import { valuesOf } from "./trie.ts";

type ForeignKey = Extract<TableConstraint, { kind: "foreign key" }>;

/*
 * A DROP without CASCADE fails while something depends on the object. A history has run, so what would have stood in the
 * way cannot have been there: dependents go whether the statement says CASCADE or not.
 */

/** Drops a relation with all that cannot be without it. `isSure`: it is gone for certain, not only by what is known. */
export function dropRelation(draft: Draft, id: number, isSure = true): void {
  const doomed = new Set([id]);
  // What would have stood in the way has gone another way, or is no dependent any more.
  const doubted = new Set(isSure ? [] : [id]);
  for (const member of doomed) {
    for (const role of ["partition", "child", "view", ...ownedRoles, "partition index"] as const) {
      const isDoubted = doubted.has(member) || ((role === "view" || role === "child") && !draft.cascades);
      for (const dependent of dependents(draft, role, member)) {
        if (isDoubted && !doomed.has(dependent.id)) doubted.add(dependent.id);
        doomed.add(dependent.id);
      }
    }
  }
  for (const member of doomed) {
    const relation = relationById(draft, member);
    if (relation?.kind === "index" && !doomed.has(relation.table)) {
      if (relation.constraint !== null) forgetConstraint(draft, relation.table, relation.constraint);
      dropReferences(draft, relation.table, (key) => key.restsOn === member, new Set());
    }
    if (relation !== undefined && isTable(relation)) dropReferences(draft, relation.id, null, doomed);
    if (relation !== undefined) dropReaders(draft, member, null);
    removeRelation(draft, member, !doubted.has(member));
  }
}

/** Takes away what belongs to a relation that is about to be made again under its name. */
export function clearRelation(draft: Draft, id: number): void {
  const relation = relationById(draft, id);
  if (relation === undefined) return;
  for (const role of ownedRoles) {
    for (const own of dependents(draft, role, id)) removeRelation(draft, own.id, false);
  }
  removeRelation(draft, id, false);
}

/** DROP COLUMN: its indexes, constraints, sequences, views, triggers and policies go, and foreign keys that point at it. */
export function dropColumn(draft: Draft, id: number, column: string, only: boolean, isSure = true): void {
  const table = tableById(draft, id);
  if (table === undefined) return;
  if (only)
    for (const child of dependents(draft, "child", id))
      changeColumn(draft, child.id, column, () => ({ isInherited: false }));
  const family = {
    tableById: (member: number) => tableById(draft, member),
    childrenOf: (member: number) =>
      [...dependents(draft, "partition", member), ...dependents(draft, "child", member)].filter(isTable),
  };
  const losing = only ? [table] : tablesLosing(family, table, column);
  for (const member of losing) dropOwnColumn(draft, member.id, column, isSure);
}

function dropOwnColumn(draft: Draft, id: number, column: string, isSure: boolean): void {
  const before = tableById(draft, id);
  if (before === undefined) return;
  if (isSure) noteGonePart(draft, "column", id, column);
  for (const index of indexesOf(draft, id)) {
    if (usesColumn(index, column)) dropRelation(draft, index.id, isSure);
  }
  for (const sequence of dependents(draft, "sequence", id)) {
    if (sequence.kind === "sequence" && sequence.ownedBy?.column === column)
      removeRelation(draft, sequence.id, isSure);
  }
  for (const view of dependents(draft, "view", id)) {
    const reads = view.kind === "view" || view.kind === "materialized view" ? view.columns : null;
    if (reads?.some((read) => read.table === id && read.column === column))
      dropRelation(draft, view.id, isSure && draft.cascades);
  }
  dropReferences(draft, id, (key) => key.referencedColumns.includes(column), new Set());
  const generated = before.columns.filter((other) => other.generatedFrom.includes(column));
  const gone = new Set([column, ...generated.map((other) => other.name)]);
  dropReaders(draft, id, column);
  // A policy that goes reads no other table any more.
  const policies = before.policies.filter((policy) => policy.columns.includes(column));
  const parts = new Set(policies.map(({ name }) => `policy ${name}`));
  changeTable(draft, id, (table) => ({
    columns: table.columns.filter((other) => !gone.has(other.name)),
    constraints: table.constraints.filter((constraint) => !constraint.columns.some((name) => gone.has(name))),
    triggers: table.triggers.filter((trigger) => !trigger.columns.includes(column)),
    policies: table.policies.filter((policy) => !policy.columns.includes(column)),
    ...(table.uses && parts.size > 0 && { uses: table.uses.filter(({ part }) => !parts.has(part)) }),
    ...(table.statistics && {
      statistics: table.statistics.filter((one) => !one.columns.includes(column)),
    }),
    ...(table.publications && {
      publications: table.publications.filter((one) => !one.columns.includes(column)),
    }),
  }));
}

/** CASCADE takes the rules, and the policies of other tables, that read what goes; `column`: null for the whole table. */
function dropReaders(draft: Draft, id: number, column: string | null): void {
  if (!draft.cascades) return;
  for (const reader of [tableById(draft, id), ...usersIn(draft, "reads", id)]) {
    if (reader === undefined || !isTable(reader) || reader.uses === undefined) continue;
    const reads = reader.uses.filter((use) => use.table === id && (column === null || use.column === column));
    const parts = new Set(reads.map(({ part }) => part));
    if (parts.size === 0) continue;
    changeTable(draft, reader.id, ({ rules, policies, uses = [] }) => ({
      rules: rules.filter((name) => !parts.has(`rule ${name}`)),
      policies: policies.filter(({ name }) => !parts.has(`policy ${name}`)),
      uses: uses.filter(({ part }) => !parts.has(part)),
    }));
  }
}

/** DROP CONSTRAINT: with its index, with the foreign keys that rest on it, and with the copies that children have. */
export function dropConstraint(draft: Draft, id: number, name: string, only: boolean): void {
  const first = tableById(draft, id)?.constraints.find((constraint) => constraint.name === name);
  noteGonePart(draft, "constraint", id, name);
  for (const member of familyOf(draft, id, only)) {
    const table = tableById(draft, member);
    const constraint = table?.constraints.find((own) => isCopy(own, first, name, member === id));
    if (table === undefined || constraint === undefined) continue;
    dropOwnConstraint(draft, table, constraint);
  }
}

function isCopy(
  own: TableConstraint,
  parent: TableConstraint | undefined,
  name: string,
  isSame: boolean,
): boolean {
  if (isSame) return own.name === name;
  // Keys of partitions go with the index that is attached to the parent's.
  if (parent === undefined || own.kind !== parent.kind) return false;
  if (own.kind === "foreign key" || own.kind === "not null") {
    return own.columns.join("\0") === parent.columns.join("\0");
  }
  return own.kind === "check" && own.name === name;
}

function dropOwnConstraint(draft: Draft, table: Table, constraint: TableConstraint): void {
  forgetConstraint(draft, table.id, constraint.name);
  if (constraint.kind === "not null") {
    changeTable(draft, table.id, (current) => ({
      columns: current.columns.map((column) =>
        column.name === constraint.columns[0] ? { ...column, notNull: "no" } : column,
      ),
    }));
  }
  if (constraint.kind !== "unique" && constraint.kind !== "primary key" && constraint.kind !== "exclusion")
    return;
  for (const index of indexesOf(draft, table.id)) {
    if (index.constraint === constraint.name) dropRelation(draft, index.id);
  }
  const columns = constraint.columns.join("\0");
  const hasOther = tableById(draft, table.id)?.constraints.some(
    (other) =>
      (other.kind === "unique" || other.kind === "primary key") && other.columns.join("\0") === columns,
  );
  if (!hasOther && constraint.kind !== "exclusion") {
    const mayRest = (key: ForeignKey) => key.restsOn === null && key.referencedColumns.join("\0") === columns;
    dropReferences(draft, table.id, mayRest, new Set());
  }
}

function forgetConstraint(draft: Draft, id: number, name: string): void {
  changeTable(draft, id, (table) => ({
    constraints: table.constraints.filter((constraint) => constraint.name !== name),
  }));
}

/**
 * After a constraint that only the server can name is dropped, none of the foreign keys is sure to be left: of the table, or
 * of all of its schema where the server names that too. Other constraints stay: without them more would be claimed.
 */
export function forgetForeignKeys(draft: Draft, name: QualifiedName): void {
  for (const relation of isStandIn(name.name.name) ? relationsIn(draft, name) : [findRelation(draft, name)]) {
    if (relation === undefined || !isTable(relation)) continue;
    const kept = relation.constraints.filter(({ kind }) => kind !== "foreign key");
    if (kept.length < relation.constraints.length)
      putRelation(draft, { ...relation, constraints: kept, isComplete: false });
  }
}

function relationsIn(draft: Draft, { schema }: QualifiedName): readonly Relation[] {
  const isAny = schema === null || isStandIn(schema.name);
  return [...valuesOf(draft.relations)].filter((relation) => isAny || relation.schema === schema.name);
}

/** Foreign keys that point at the table: all of them, or those that the test picks. */
function dropReferences(
  draft: Draft,
  id: number,
  isWanted: ((key: ForeignKey) => boolean) | null,
  doomed: ReadonlySet<number>,
): void {
  for (const table of dependents(draft, "reference", id)) {
    if (!isTable(table) || doomed.has(table.id)) continue;
    const kept = table.constraints.filter(
      (key) =>
        key.kind !== "foreign key" || key.references.id !== id || (isWanted !== null && !isWanted(key)),
    );
    if (kept.length < table.constraints.length) putRelation(draft, { ...table, constraints: kept });
  }
}

function usesColumn(index: Index, column: string): boolean {
  return (
    index.keys.includes(column) ||
    index.including.includes(column) ||
    index.expressionColumns.includes(column) ||
    index.predicateColumns.includes(column)
  );
}

import type { Expression } from "../../model/expression.ts";
import type { CreateIndex } from "../../model/statement.ts";
import type { IndexElement } from "../../model/table.ts";
import { truncateName } from "../../sql/names.ts";
import {
  type Index,
  isTable,
  type KeyForm,
  type Relation,
  type Table,
  type TableConstraint,
} from "../entities.ts";
import { bindCalls } from "./bound-calls.ts";
import { type Draft, findRelation, originOf, relationById, takeId } from "./draft.ts";
import { chooseRelationName, dependents, putRelation, removeRelation } from "./draft-edits.ts";
import { areEqual, bareColumns, columnsOf } from "./expressions.ts";
import { joinColumnNames, nameIndexColumns, nameOfExpression } from "./naming.ts";
import { freeIndexesOf } from "./own-indexes.ts";
import { appendConstraint, assumeColumns, freshConstraint, tableFor } from "./tables.ts";
import type { Timing } from "./timing.ts";

/** What an index is made from, by a statement of its own, a constraint, or a parent's index. */
interface IndexPlan {
  /** Null: the server chooses. */
  readonly name: string | null;
  readonly unique: boolean;
  readonly method: string;
  /** A column's name, or an expression. */
  readonly keys: readonly (string | Expression)[];
  readonly including: readonly string[];
  readonly predicate: Expression | null;
  /** Default: true, as for the index of a constraint. */
  readonly hasPlainKeys?: boolean;
  /** Default: none. */
  readonly keyForms?: readonly KeyForm[];
  readonly constraint: "primary key" | "unique" | "exclusion" | null;
  readonly isCertainlyNew: boolean;
  readonly definition?: string;
  /** Of the constraint: whether its check can wait. */
  readonly timing?: Timing;
}

const labels = { "primary key": "pkey", unique: "key", exclusion: "excl" } as const;

/** CREATE INDEX, on a partitioned table with the indexes of its partitions. */
export function foldCreateIndex(draft: Draft, statement: CreateIndex): void {
  const named = findRelation(draft, statement.table);
  const relation = named?.kind === "materialized view" ? named : tableFor(draft, statement.table);
  if (relation === undefined) return;
  const name = statement.index === null ? null : truncateName(statement.index.name);
  if (name !== null) {
    const taken = findRelation(draft, { schema: relation.schema, name });
    if (taken !== undefined && statement.ifNotExists) return;
    if (taken?.kind === "index") removeRelation(draft, taken.id);
  }
  const plan: IndexPlan = {
    name,
    unique: statement.unique,
    method: statement.method,
    keys: statement.elements.map(indexedBy),
    including: statement.including.map((column) => truncateName(column.name)),
    predicate: statement.where === null ? null : bareColumns(statement.where.value),
    hasPlainKeys: statement.elements.every(isPlain),
    keyForms: formsOf(statement.elements),
    constraint: null,
    definition: draft.context.text.slice(statement.table.span.end, statement.span.end).trim(),
    isCertainlyNew: !statement.ifNotExists || !isTable(relation) || relation.isComplete,
  };
  buildIndex(draft, relation, plan, statement.only, null);
}

function isPlain(element: CreateIndex["elements"][number]): boolean {
  const { collation, operatorClass, descending, nullsFirst } = element;
  return collation === null && operatorClass === null && !descending && nullsFirst !== true;
}

function formsOf(elements: readonly IndexElement[]): readonly KeyForm[] {
  const forms = elements.map(({ collation, operatorClass }) => ({ collation, operatorClass }));
  return forms.some((form) => form.collation !== null || form.operatorClass !== null) ? forms : [];
}

/** The column or expression that an element of an index or of an exclusion constraint names. */
export function indexedBy(element: IndexElement): string | Expression {
  if (element.column !== null) return truncateName(element.column.name);
  return bareColumns(element.expression ?? { kind: "default" });
}

/** Makes the index and those of the partitions; a constraint's index makes the constraint as well. */
export function buildIndex(
  draft: Draft,
  relation: Relation,
  plan: IndexPlan,
  only: boolean,
  parent: number | null,
): Index {
  const index = putRelation(draft, describe(draft, relation, plan, parent));
  assumeColumns(draft, relation.id, [
    ...namesIn(plan),
    ...index.expressionColumns,
    ...index.predicateColumns,
  ]);
  if (plan.constraint !== null) {
    const columns = plan.keys.flatMap((key) => (typeof key === "string" ? [key] : []));
    appendConstraint(draft, relation.id, {
      kind: plan.constraint,
      ...freshConstraint(draft),
      name: index.name,
      columns,
      ...(plan.definition !== undefined && { definition: plan.definition }),
      ...plan.timing,
    });
  }
  if (!isTable(relation) || relation.partitionBy === null) return index;
  const partitions = dependents(draft, "partition", relation.id).filter(isTable);
  if (only) return partitions.length === 0 ? index : putRelation(draft, { ...index, isValid: false });
  for (const partition of partitions) provideIndex(draft, partition, index);
  return index;
}

/** Attaches an index of the partition that is like its parent's, or builds one. */
export function provideIndex(draft: Draft, partition: Table, parent: Index): void {
  const match = freeIndexesOf(draft, partition.id).find((index) => isMatch(draft, index, parent));
  if (match !== undefined) putRelation(draft, { ...match, partitionOf: parent.id });
  else buildIndex(draft, partition, { ...planOf(draft, parent), name: null }, false, parent.id);
}

/** The plan that would make this index again. */
export function planOf(draft: Draft, index: Index): IndexPlan {
  let next = 0;
  const keys = index.keys.map((key) => {
    if (key !== null) return key;
    next += 1;
    return index.expressions[next - 1] ?? ({ kind: "default" } as const);
  });
  const owner = constraintOf(draft, index);
  const { kind, deferrable, deferred } = owner ?? {};
  const isKey = kind === "primary key" || kind === "unique" || kind === "exclusion";
  const timing = { ...(deferrable && { deferrable }), ...(deferred && { deferred }) };
  return { timing, ...index, keys, constraint: isKey ? kind : null };
}

function constraintOf(draft: Draft, index: Index): TableConstraint | undefined {
  if (index.constraint === null) return undefined;
  const table = relationById(draft, index.table);
  if (table === undefined || !isTable(table)) return undefined;
  return table.constraints.find((constraint) => constraint.name === index.constraint);
}

const none: readonly never[] = [];

function describe(draft: Draft, relation: Relation, plan: IndexPlan, parent: number | null): Index {
  const name = plan.name ?? chooseIndexName(draft, relation, plan);
  const found = plan.keys.filter((key) => typeof key !== "string");
  // Most indexes have none: a large schema is smaller by what empty lists take.
  const expressions = found.length === 0 ? none : found.map((one) => bindCalls(draft, one));
  const expressionColumns =
    found.length === 0 ? none : [...new Set(found.flatMap((expression) => columnsOf(expression)))];
  return {
    kind: "index",
    id: takeId(draft),
    schema: relation.schema,
    name,
    origin: originOf(draft),
    isCertainlyNew: plan.isCertainlyNew,
    table: relation.id,
    unique: plan.unique,
    method: plan.method,
    keys: plan.keys.map((key) => (typeof key === "string" ? key : null)),
    including: plan.including.length === 0 ? none : plan.including,
    expressionColumns,
    predicateColumns: plan.predicate === null ? none : columnsOf(plan.predicate),
    hasExpression: expressions.length > 0,
    isPartial: plan.predicate !== null,
    expressions,
    predicate: plan.predicate === null ? null : bindCalls(draft, plan.predicate),
    hasPlainKeys: plan.hasPlainKeys ?? true,
    keyForms: plan.keyForms ?? [],
    constraint: plan.constraint === null ? null : name,
    isValid: true,
    partitionOf: parent,
    ...(plan.definition !== undefined && { definition: plan.definition }),
  };
}

/** Included columns count in the name; that of a primary key has no columns. */
function chooseIndexName(draft: Draft, relation: Relation, plan: IndexPlan): string {
  const label = plan.constraint === null ? "idx" : labels[plan.constraint];
  const names = plan.keys.map((key) => (typeof key === "string" ? key : nameOfExpression(key)));
  const columns = joinColumnNames(nameIndexColumns([...names, ...plan.including]));
  const addition = plan.constraint === "primary key" ? null : columns;
  return chooseRelationName(
    draft,
    relation.schema,
    [relation.name, addition, label],
    plan.constraint !== null,
  );
}

function namesIn(plan: IndexPlan): readonly string[] {
  return [...plan.keys.filter((key) => typeof key === "string"), ...plan.including];
}

function isMatch(draft: Draft, index: Index, parent: Index): boolean {
  return (
    isLikeIndex(index, parent) &&
    (parent.constraint === null || constraintOf(draft, index)?.kind === constraintOf(draft, parent)?.kind)
  );
}

/** Whether an index of a partition can be part of one of its parent: all but the order of the keys has to be the same. */
export function isLikeIndex(index: Index, parent: Index): boolean {
  return (
    index.unique === parent.unique &&
    index.method === parent.method &&
    index.keys.length === parent.keys.length &&
    index.keys.every((key, k) => key === parent.keys[k]) &&
    index.including.join("\0") === parent.including.join("\0") &&
    index.expressions.every((expression, k) => areEqual(expression, parent.expressions[k] ?? expression)) &&
    isSamePredicate(index.predicate, parent.predicate) &&
    index.keys.every((_, k) => isSameForm(index.keyForms[k], parent.keyForms[k]))
  );
}

function isSameForm(first: KeyForm | undefined, second: KeyForm | undefined): boolean {
  return (
    (first?.collation ?? null) === (second?.collation ?? null) &&
    (first?.operatorClass ?? null) === (second?.operatorClass ?? null)
  );
}

function isSamePredicate(first: Expression | null, second: Expression | null): boolean {
  if (first === null || second === null) return first === second;
  return areEqual(first, second);
}

import {
  type Caller,
  callersIn,
  callerWords,
  callsAny,
  groupLeaving,
  leavingOf,
} from "../analysis/callers.ts";
import { argumentsDropped } from "../analysis/drop-arguments.ts";
import { exclusionsOn, partsOnColumn, partsOnTable } from "../analysis/effects/part-uses.ts";
import type { EffectsWorld } from "../analysis/effects.ts";
import { isTable, type Relation, type Table } from "../analysis/entities.ts";
import type { Schema } from "../analysis/schema.ts";
import { sequenceBindings } from "../analysis/sequence-uses.ts";
import type { QualifiedName } from "../model/name.ts";
import type { Drop } from "../model/statement.ts";
import { quoteName } from "../sql/names.ts";
import { append } from "../text/append.ts";
import { relationSql } from "./names.ts";

/** What goes along with something else, and how it is told: `view daily`, `foreign key orders_user_fk of orders`. */
export interface Dependent {
  readonly kind: Relation["kind"] | Caller["kind"] | "foreign key" | "column";
  readonly words: string;
}

/** What the server drops with a column without being asked: its indexes and constraints. Names as SQL. */
export function partsOfColumn(schema: Schema, table: Table, column: string): string[] {
  const constraints = table.constraints
    .filter(({ kind, columns }) => kind !== "not null" && columns.includes(column))
    .map(({ name }) => name);
  const indexes = schema
    .indexesOf(table.id)
    .filter((index) => index.constraint === null)
    .filter((index) =>
      [index.keys, index.including, index.expressionColumns, index.predicateColumns].some((columns) =>
        columns.includes(column),
      ),
    )
    .map(({ name }) => name);
  return [...new Set([...indexes, ...constraints])].map(quoteName);
}

/**
 * What CASCADE takes along with a column: views that read it, foreign keys that point at it, columns computed from it, triggers,
 * policies and rules that name it, and defaults that draw from its sequence.
 */
export function dependentsOfColumn(schema: Schema, table: Table, column: string): Dependent[] {
  const views = schema
    .viewsOf(table.id)
    .filter(
      ({ columns }) =>
        columns === null || columns.some((one) => one.table === table.id && one.column === column),
    );
  return [
    ...views.flatMap((view) => [describe(view), ...dependentsOfRelation(schema, view)]),
    ...foreignKeysTo(schema, table, (columns) => columns.includes(column)),
    ...table.columns
      .filter(({ generatedFrom }) => generatedFrom.includes(column))
      .map(({ name }) => ({ kind: "column" as const, words: `column ${quoteName(name)}` })),
    ...table.triggers
      .filter(({ columns }) => columns.includes(column))
      .map(({ name }) => ({ kind: "trigger" as const, words: `trigger ${quoteName(name)}` })),
    ...exclusionsOn(schema, table, column).map(({ part }) => ({ kind: "constraint" as const, words: part })),
    ...partsOnColumn(schema, table, column).map(({ part, from }) => ({
      kind: "policy" as const,
      words: from.id === table.id ? part : `${part} of ${relationSql(from)}`,
    })),
    ...schema
      .sequencesOf(table.id)
      .filter(({ ownedBy }) => ownedBy?.column === column)
      .flatMap((sequence) => defaultsOf(schema, sequence, new Set([table.id]))),
  ];
}

/** Defaults of columns that draw from a sequence without owning it. */
function defaultsOf(schema: Schema, sequence: Relation, going: ReadonlySet<number>): Dependent[] {
  return schema.usersOf("draws from", sequence.name).flatMap((table) => {
    if (!isTable(table) || going.has(table.id)) return [];
    return table.columns
      .filter(
        ({ default: value }) =>
          value !== null && sequenceBindings(value).some((use) => isNamed(sequence, use)),
      )
      .map(({ name }) => ({
        kind: "default" as const,
        words: `the default of ${relationSql(table)}.${quoteName(name)}`,
      }));
  });
}

function isNamed(
  relation: Relation,
  use: { readonly schema: string | null; readonly name: string },
): boolean {
  return use.name === relation.name && (use.schema === null || use.schema === relation.schema);
}

/**
 * What CASCADE takes along with a relation: views that read it, at any distance, foreign keys, policies and rules of other tables,
 * and column defaults. What is among `going` goes anyway.
 */
export function dependentsOfRelation(
  schema: Schema,
  relation: Relation,
  going: ReadonlySet<number> = new Set(),
): Dependent[] {
  const found: Dependent[] = [];
  const seen = new Set([relation.id]);
  const queue = [relation];
  for (const next of queue) {
    for (const view of schema.viewsOf(next.id)) {
      if (seen.has(view.id)) continue;
      seen.add(view.id);
      queue.push(view);
      if (!going.has(view.id)) found.push(describe(view));
    }
  }
  if (relation.kind === "table") {
    append(
      found,
      foreignKeysTo(schema, relation, () => true, going),
    );
    const children = schema.childrenOf(relation.id).filter(({ id }) => !going.has(id));
    append(found, children.map(describe));
    const isLeft = (id: number) => id !== relation.id && !going.has(id);
    for (const { part, from } of partsOnTable(schema, relation))
      if (isLeft(from.id)) found.push({ kind: "policy", words: `${part} of ${relationSql(from)}` });
    for (const sequence of schema.sequencesOf(relation.id))
      append(found, defaultsOf(schema, sequence, new Set([relation.id, ...going])));
  }
  if (relation.kind === "sequence")
    append(found, defaultsOf(schema, relation, new Set([relation.ownedBy?.table ?? 0, ...going])));
  if (relation.kind === "sequence" && relation.ownedBy !== null) {
    const owner = schema.tableById(relation.ownedBy.table);
    if (owner !== undefined)
      found.push({
        kind: "default",
        words: `the default of ${relationSql(owner)}.${quoteName(relation.ownedBy.column)}`,
      });
  }
  return found;
}

/** Foreign keys of other tables; `points` is asked whether the referenced columns count, which are empty for the primary key. */
function foreignKeysTo(
  schema: Schema,
  table: Table,
  points: (columns: readonly string[]) => boolean,
  going: ReadonlySet<number> = new Set(),
): Dependent[] {
  const primary = table.constraints.find(({ kind }) => kind === "primary key")?.columns ?? [];
  return schema
    .referencingTables(table.id)
    .filter(({ id }) => id !== table.id && !going.has(id))
    .flatMap((other) =>
      other.constraints.flatMap((constraint) => {
        if (constraint.kind !== "foreign key" || constraint.references.id !== table.id) return [];
        const columns = constraint.referencedColumns.length === 0 ? primary : constraint.referencedColumns;
        const words = `foreign key ${quoteName(constraint.name)} of ${relationSql(other)}`;
        return points(columns) ? [{ kind: constraint.kind, words }] : [];
      }),
    );
}

/** A relation as something that goes. */
export function describe(relation: Relation): Dependent {
  return { kind: relation.kind, words: `${relation.kind} ${relationSql(relation)}` };
}

/** What calls one of the names of a DROP FUNCTION, as far as it is certain that it calls that one. */
export function dependentsOfFunctions(
  { schema, searchPath, text }: EffectsWorld,
  drop: Drop,
  name: QualifiedName,
): Dependent[] {
  const listed = argumentsDropped(text, drop, drop.names.indexOf(name));
  const leaving = leavingOf(name.schema?.name ?? null, name.name.name, schema.findFunctions(name), listed);
  const find = (bare: string) => schema.findFunctions({ schema: null, name: bare })[0]?.schema;
  const groups = groupLeaving([leaving]);
  return schema.usersOf("calls", name.name.name).flatMap((relation) => {
    const owner = relationSql(relation);
    return callersIn(relation)
      .filter((caller) => callsAny(caller, groups, searchPath, find) === "surely")
      .map((caller) =>
        isTable(relation)
          ? { kind: caller.kind, words: `${callerWords(caller)} of ${owner}` }
          : describe(relation),
      );
  });
}

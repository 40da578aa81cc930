import type { Column, Index, Table, TableConstraint } from "../analysis/entities.ts";
import type { Context, Migration } from "../rule.ts";
import { namesAll, replaceColumn } from "../sql/column-text.ts";
import { quoteName } from "../sql/names.ts";
import { isWord, tokenize } from "../sql/tokens.ts";
import { outsideTransaction } from "./create-index.ts";
import { type ForeignKeyOfTable, foreignKeySql } from "./foreign-key-text.ts";
import { keyForm } from "./key-form.ts";
import { relationSql } from "./names.ts";
import { bareName, freshName } from "./text.ts";

/** A column that is to take the place of another one, with all that hangs on it. */
interface Replacement {
  readonly table: Table;
  /** The table as SQL, and its schema with a dot, or nothing. */
  readonly tableSql: string;
  readonly schemaSql: string;
  readonly column: Column;
  /** Bare name of the new column, and of what takes the old one's place in the end. */
  readonly fresh: string;
  readonly final: string;
  /** Whether the very statement drops the constraint of that name: the new column is not to have it. */
  readonly isDropped?: (constraint: string) => boolean;
}

/** What gives the new column the indexes and constraints of the old one. */
export interface CarriedParts {
  /** Index builds and constraints, each the gentle way, while the column still has its first name. */
  readonly steps: readonly Migration[];
  /** Statements of the swap, before and behind the renaming of the columns. */
  readonly beforeSwap: readonly string[];
  readonly afterSwap: readonly string[];
  /** What is checked when the swap is done. */
  readonly later: readonly Migration[];
}

interface Draft {
  readonly replacement: Replacement;
  readonly context: Context;
  /** A name, as SQL, made of one that is there. */
  readonly nameFor: (name: string, word: "new" | "old") => string;
  readonly builds: string[];
  readonly promises: string[];
  readonly validations: string[];
  readonly beforeSwap: string[];
  readonly afterSwap: string[];
  readonly lateValidations: string[];
}

/** Null where something hangs on the column that the history does not know well enough to make it again. */
export function carryParts(replacement: Replacement, context: Context): CarriedParts | null {
  const { table, column, tableSql } = replacement;
  const draft: Draft = {
    replacement,
    context,
    nameFor: namesFor(table, context),
    builds: [],
    promises: [],
    validations: [],
    beforeSwap: [],
    afterSwap: [],
    lateValidations: [],
  };
  const indexes = context.schema.indexesOf(table.id);
  if (hasMore(table, column.name, indexes)) return null;
  for (const constraint of table.constraints) {
    if (constraint.kind === "not null" || !constraint.columns.includes(column.name)) continue;
    if (replacement.isDropped?.(constraint.name) === true) continue;
    if (!carryConstraint(draft, constraint, indexes)) return null;
  }
  for (const index of indexes) {
    if (!isUsing(index, column.name)) continue;
    const owner = table.constraints.find(({ name }) => name === index.constraint);
    // An exclusion constraint may read the column in an expression only.
    const isCarried = owner === undefined ? carryIndex(draft, index) : owner.columns.includes(column.name);
    if (!isCarried) return null;
  }
  return {
    steps: [
      ...(draft.builds.length === 0 ? [] : buildSteps(draft.builds, context)),
      ...promised(
        "Give the new column the constraints of the old one; older rows are not read",
        draft.promises,
      ),
      ...promised("Check the older rows while others read and write", draft.validations),
    ],
    beforeSwap: draft.beforeSwap,
    afterSwap: draft.afterSwap,
    later: promised(
      `Check the keys that point at ${tableSql} while others read and write`,
      draft.lateValidations,
    ),
  };
}

/** Extended statistics, publications and the replica identity name columns too, and go with them or hold them back. */
function hasMore(
  { statistics = [], publications = [], identityIndex }: Table,
  column: string,
  indexes: readonly Index[],
) {
  return (
    [...statistics, ...publications].some(({ columns }) => columns.includes(column)) ||
    indexes.some((index) => index.id === identityIndex && isUsing(index, column))
  );
}

function buildSteps(builds: readonly string[], context: Context): Migration[] {
  const title = "Build the indexes of the new column while others read and write";
  const groups = context.runner.leaving.alone ? builds.map((one) => [one]) : [builds];
  return groups.flatMap((group) => outsideTransaction(title, group, context));
}

function promised(title: string, statements: readonly string[]): Migration[] {
  return statements.length === 0 ? [] : [{ title, sql: statements.join("\n"), transaction: true }];
}

/** A name that was given to a part is taken too: long ones may be the same when they are cut. */
function namesFor(table: Table, context: Context): Draft["nameFor"] {
  const given = new Set<string>();
  const isTaken = (name: string) =>
    given.has(name) ||
    table.constraints.some((one) => one.name === name) ||
    context.schema.findRelation({ schema: table.schema, name }) !== undefined;
  return (name, word) => {
    const sql = freshName([name, word], isTaken);
    given.add(bareName(sql));
    return sql;
  };
}

/** Whether the column is anywhere in the index: key, INCLUDE, expression or predicate. */
export function isUsing(index: Index, column: string): boolean {
  const { keys, including, expressionColumns, predicateColumns } = index;
  return [keys, including, expressionColumns, predicateColumns].some((columns) => columns.includes(column));
}

/** The index again over the new column; at the swap it takes the name, and the old one goes with its column. */
function carryIndex(draft: Draft, index: Index): boolean {
  const { tableSql, schemaSql, column, fresh } = draft.replacement;
  const columns = [...index.keys, ...index.including, ...index.expressionColumns, ...index.predicateColumns];
  const known = columns.filter((name) => name !== null);
  if (index.definition === undefined || !namesAll(index.definition, known)) return false;
  const definition = replaceColumn(index.definition, column.name, fresh);
  if (definition === null || !index.isValid) return false;
  const name = draft.nameFor(index.name, "new");
  const unique = index.unique ? "UNIQUE " : "";
  draft.builds.push(`CREATE ${unique}INDEX CONCURRENTLY ${name} ON ${tableSql} ${definition};`);
  draft.beforeSwap.push(
    `ALTER INDEX ${schemaSql}${quoteName(index.name)} RENAME TO ${draft.nameFor(index.name, "old")};`,
  );
  draft.afterSwap.push(`ALTER INDEX ${schemaSql}${name} RENAME TO ${quoteName(index.name)};`);
  carryIndexComment(draft, index);
  return true;
}

function carryIndexComment(draft: Draft, { name, comment }: Index): void {
  if (comment == null) return;
  draft.afterSwap.push(`COMMENT ON INDEX ${draft.replacement.schemaSql}${quoteName(name)} IS ${comment};`);
}

function carryComment(draft: Draft, { name, comment }: TableConstraint): void {
  if (comment == null) return;
  draft.afterSwap.push(
    `COMMENT ON CONSTRAINT ${quoteName(name)} ON ${draft.replacement.tableSql} IS ${comment};`,
  );
}

function carryConstraint(draft: Draft, constraint: TableConstraint, indexes: readonly Index[]): boolean {
  const { definition } = constraint;
  if (definition === undefined) return false;
  switch (constraint.kind) {
    case "check":
      if (!namesAll(definition, constraint.columns)) return false;
      return carryPromise(
        draft,
        constraint,
        replaceColumn(definition, draft.replacement.column.name, draft.replacement.fresh),
      );
    case "foreign key":
      return carryForeignKey(draft, constraint);
    case "unique":
    case "primary key":
      return carryKey(draft, constraint, definition, indexes);
    default:
      return false;
  }
}

/** A CHECK must not hold for the old column any longer, which nobody fills after the swap; a key over null does not mind. */
function carryPromise(draft: Draft, constraint: TableConstraint, replaced: string | null): boolean {
  const { tableSql } = draft.replacement;
  if (replaced === null || !constraint.enforced) return false;
  const name = draft.nameFor(constraint.name, "new");
  const own = quoteName(constraint.name);
  draft.promises.push(
    `ALTER TABLE ${tableSql} ADD CONSTRAINT ${name} ${withoutNotValid(replaced)} NOT VALID;`,
  );
  if (constraint.validated) draft.validations.push(`ALTER TABLE ${tableSql} VALIDATE CONSTRAINT ${name};`);
  draft.beforeSwap.push(
    constraint.kind === "check"
      ? `ALTER TABLE ${tableSql} DROP CONSTRAINT ${own};`
      : `ALTER TABLE ${tableSql} RENAME CONSTRAINT ${own} TO ${draft.nameFor(constraint.name, "old")};`,
  );
  draft.afterSwap.push(`ALTER TABLE ${tableSql} RENAME CONSTRAINT ${name} TO ${own};`);
  carryComment(draft, constraint);
  return true;
}

function carryForeignKey(draft: Draft, key: ForeignKeyOfTable): boolean {
  // A key from the table to itself would point at the old column as well.
  if (key.references.id === null || key.references.id === draft.replacement.table.id) return false;
  return key.columns.length === 1 && carryPromise(draft, key, foreignKeySql([draft.replacement.fresh], key));
}

function carryKey(
  draft: Draft,
  key: TableConstraint,
  definition: string,
  indexes: readonly Index[],
): boolean {
  const { tableSql, column, fresh } = draft.replacement;
  const index = indexes.find(({ constraint }) => constraint === key.name);
  const form =
    index === undefined ? null : keyForm(definition, index, (name) => (name === column.name ? fresh : name));
  if (index === undefined || form === null) return false;
  const name = draft.nameFor(key.name, "new");
  const own = quoteName(key.name);
  const word = key.kind === "primary key" ? "PRIMARY KEY" : "UNIQUE";
  draft.builds.push(`CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${tableSql} ${form.index};`);
  const pointing = keysTo(draft.replacement, key, draft.context);
  if (pointing === null) return false;
  for (const { other, foreign } of pointing)
    draft.beforeSwap.push(`ALTER TABLE ${relationSql(other)} DROP CONSTRAINT ${quoteName(foreign.name)};`);
  draft.beforeSwap.push(`ALTER TABLE ${tableSql} DROP CONSTRAINT ${own};`);
  draft.afterSwap.push(
    `ALTER TABLE ${tableSql} ADD CONSTRAINT ${own} ${word} USING INDEX ${name}${form.timing};`,
  );
  carryComment(draft, key);
  carryIndexComment(draft, index);
  for (const { other, foreign, whole } of pointing) {
    const named = quoteName(foreign.name);
    draft.afterSwap.push(`ALTER TABLE ${relationSql(other)} ADD CONSTRAINT ${named} ${whole} NOT VALID;`);
    draft.lateValidations.push(`ALTER TABLE ${relationSql(other)} VALIDATE CONSTRAINT ${named};`);
  }
  return true;
}

interface KeyTo {
  readonly other: Table;
  readonly foreign: TableConstraint;
  readonly whole: string;
}

/** Foreign keys that need the key: they are made again at the swap, NOT VALID. Null where one is not known as written. */
function keysTo(replacement: Replacement, key: TableConstraint, context: Context): KeyTo[] | null {
  const { table, column, final } = replacement;
  const found: KeyTo[] = [];
  for (const other of context.schema.referencingTables(table.id)) {
    for (const foreign of other.constraints) {
      if (foreign.kind !== "foreign key" || foreign.references.id !== table.id) continue;
      const same = foreign.referencedColumns.length === key.columns.length;
      if (!same || !foreign.referencedColumns.every((name) => key.columns.includes(name))) continue;
      const referencedColumns = foreign.referencedColumns.map((name) =>
        name === column.name ? final : name,
      );
      const whole = foreignKeySql(foreign.columns, { ...foreign, referencedColumns });
      if (whole === null || other.id === table.id || other.partitionBy !== null) return null;
      found.push({ other, foreign, whole: withoutNotValid(whole) });
    }
  }
  return found;
}

/** A definition without NOT VALID at its end. */
export function withoutNotValid(definition: string): string {
  const tokens = tokenize(definition);
  const [last, before] = [tokens.at(-1), tokens.at(-2)];
  const isEnd = isWord(definition, before, "not") && isWord(definition, last, "valid");
  return isEnd && before !== undefined ? definition.slice(0, before.start).trim() : definition;
}

import { namePartitionIndex } from "../analysis/effects/index-names.ts";
import { hasLikeKey, isAlike, labelOfIndex } from "../analysis/effects/partitions.ts";
import type { Index, Table } from "../analysis/entities.ts";
import type { Context, Migration } from "../rule.ts";
import { namesAll } from "../sql/column-text.ts";
import { quoteName } from "../sql/names.ts";
import { withoutNotValid } from "./carried-parts.ts";
import { outsideTransaction } from "./create-index.ts";
import { type ForeignKeyOfTable, foreignKeySql } from "./foreign-key-text.ts";
import { keyForm } from "./key-form.ts";
import { freshName } from "./text.ts";
import { worldOf } from "./world.ts";

interface Draft {
  readonly parent: Table;
  readonly child: Table;
  /** The partition to be, as SQL. */
  readonly sql: string;
  readonly context: Context;
  readonly builds: string[];
  readonly keys: string[];
  readonly promises: string[];
  readonly validations: string[];
  readonly given: Set<string>;
}

/**
 * The indexes, keys and foreign keys of a partitioned table that a table misses which is to be its partition, each the gentle
 * way: ATTACH takes over what it finds, and builds and checks the rest while nobody can use the table. Null where the history
 * does not tell one of them well enough.
 */
export function attachedPartsRecipe(
  parent: Table,
  child: Table,
  sql: string,
  context: Context,
): Migration[] | null {
  const draft: Draft = {
    parent,
    child,
    sql,
    context,
    builds: [],
    keys: [],
    promises: [],
    validations: [],
    given: new Set(),
  };
  const free = new Set(context.schema.freeIndexesOf(child.id));
  for (const index of context.schema.indexesOf(parent.id)) {
    const match = [...free].find((own) => isAlike(index, own));
    if (match !== undefined) free.delete(match);
    else if (!addIndex(draft, index)) return null;
  }
  for (const key of parent.constraints)
    if (key.kind === "foreign key" && !addForeignKey(draft, key)) return null;
  const steps = stepsOf(draft);
  // What the history does not know of it may be there already.
  return steps.length > 0 && (child.partitionBy !== null || !child.isComplete) ? null : steps;
}

function addIndex(draft: Draft, index: Index): boolean {
  const { parent, child, sql, context, given } = draft;
  const owner = parent.constraints.find(({ name }) => name === index.constraint);
  const columns = [...index.keys, ...index.including, ...index.expressionColumns, ...index.predicateColumns];
  const definition = owner === undefined ? index.definition : owner.definition;
  if (definition === undefined || !index.isValid) return false;
  const named = namePartitionIndex(
    worldOf(context),
    child,
    [...index.keys, ...index.including],
    index.expressions,
    labelOfIndex(parent, index),
    given,
  );
  const name = quoteName(named);
  if (owner === undefined) {
    const known = columns.filter((column) => column !== null);
    if (!namesAll(definition, known)) return false;
    draft.builds.push(
      `CREATE ${index.unique ? "UNIQUE " : ""}INDEX CONCURRENTLY ${name} ON ${sql} ${definition};`,
    );
    return true;
  }
  if (owner.kind !== "unique" && owner.kind !== "primary key") return false;
  const form = keyForm(definition, index);
  if (form === null) return false;
  const word = owner.kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
  draft.builds.push(`CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${sql} ${form.index};`);
  draft.keys.push(`ALTER TABLE ${sql} ADD CONSTRAINT ${name} ${word} USING INDEX ${name}${form.timing};`);
  return true;
}

function addForeignKey(draft: Draft, key: ForeignKeyOfTable): boolean {
  const { child, sql, context } = draft;
  const world = worldOf(context);
  if (!key.validated || !key.enforced) return false;
  if (hasLikeKey(world, child, key)) return true;
  if (hasLikeKey(world, child, key, false)) return false;
  const whole = foreignKeySql(key.columns, key);
  if (whole === null) return false;
  const isTaken = (name: string) => child.constraints.some((one) => one.name === name);
  const name = freshName([key.name], isTaken);
  draft.promises.push(`ALTER TABLE ${sql} ADD CONSTRAINT ${name} ${withoutNotValid(whole)} NOT VALID;`);
  draft.validations.push(`ALTER TABLE ${sql} VALIDATE CONSTRAINT ${name};`);
  return true;
}

function stepsOf({ builds, keys, promises, validations, parent, context }: Draft): Migration[] {
  const inTransaction = (title: string, sql: readonly string[], after?: string): Migration[] =>
    sql.length === 0
      ? []
      : [{ title, sql: sql.join("\n"), transaction: true, ...(after === undefined ? {} : { after }) }];
  const name = quoteName(parent.name);
  const title = `Build the indexes that ${name} has, while others read and write`;
  const groups = context.runner.leaving.alone ? builds.map((one) => [one]) : [builds];
  return [
    ...(builds.length === 0 ? [] : groups.flatMap((group) => outsideTransaction(title, group, context))),
    ...inTransaction("Make them the indexes of its keys: nothing is built", keys),
    ...inTransaction(`Promise the foreign keys that ${name} has; older rows are not read`, promises),
    ...inTransaction(
      "Check the older rows while others read and write",
      validations,
      "the step before is committed",
    ),
  ];
}

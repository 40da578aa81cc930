import { hasActionOn } from "../src/analysis/same-statement.ts";
import type { Action } from "../src/model/action.ts";
import type { KeyConstraint } from "../src/model/table.ts";
import { type AddColumn, addColumnWithout, addRemainder } from "../src/recipes/add-column.ts";
import { keyRecipe } from "../src/recipes/key.ts";
import { isMadeNotNull, provesNotNull } from "../src/recipes/known-not-null.ts";
import { notNullOfKey } from "../src/recipes/not-null-of-key.ts";
import { afterOldColumn, afterOwnColumns } from "../src/recipes/own-columns.ts";
import { renderList, verb } from "../src/recipes/words.ts";
import { type Context, defineRule, type Finding, type Migration } from "../src/rule.ts";

export default defineRule({
  id: "constraint-builds-index",
  severity: "error",
  category: "lock",
  summary: "UNIQUE or PRIMARY KEY that builds its index while nobody can use the table",
  why: `
ADD UNIQUE and ADD PRIMARY KEY take an ACCESS EXCLUSIVE lock on the table and build an index over all its rows. Until that is done
reads and writes wait. NOT VALID is no way out: PostgreSQL refuses it on keys.

The index can be built beforehand, with CREATE UNIQUE INDEX CONCURRENTLY. Making it the index of a constraint then changes the
catalog only. The same goes for a column that is added with UNIQUE or PRIMARY KEY behind it.`,
  instead: `
CREATE UNIQUE INDEX CONCURRENTLY outside a transaction, then ADD CONSTRAINT ... USING INDEX. If the build fails, as it does over
duplicates, drop the INVALID index with DROP INDEX CONCURRENTLY before the next attempt.`,
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX"],
  aliases: ["disallowed-unique-constraint", "adding-serial-primary-key-field"],
  on: ["add constraint", "add column"],

  *check(action: Action, context) {
    if (context.hasNoRows(context.table.table)) return;
    const { buildsIndexes, fails, uncertain, rewrites } = context.effects;
    if (buildsIndexes.length === 0 || (fails !== null && uncertain === null)) return;
    if (action.kind === "add constraint") {
      const { constraint } = action;
      if (!isKey(constraint) || changesType(constraint, context)) return;
      yield finding(action, constraint, constraintSteps(constraint, context), context);
    }
    // Where the column is filled by a table rewrite, that is the greater trouble, and its rule knows of the key.
    if (action.kind !== "add column" || rewrites.length > 0) return;
    const keys = action.column.constraints.filter(isKey);
    const [key] = keys;
    if (key !== undefined) yield finding(action, key, columnSteps(action, context), context);
  },
});

function isKey(constraint: { readonly kind: string }): constraint is KeyConstraint {
  return constraint.kind === "unique" || constraint.kind === "primary key";
}

function finding(action: Action, key: KeyConstraint, rewrite: Migration[], context: Context): Finding {
  const table = context.nameOf(context.table.table);
  const what =
    key.kind === "primary key"
      ? "the primary key"
      : key.name === null
        ? "the unique constraint"
        : context.text(key.name.span);
  return {
    at: action.head,
    message: `Reads and writes of ${table} wait until the index of ${what} is built`,
    ...(rewrite.length > 0
      ? { rewrite }
      : {
          advice: `There is no gentle way to this key as it stands: choose a quiet time, and set lock_timeout so that the statement gives up instead of queueing`,
        }),
  };
}

/** Where ALTER COLUMN TYPE of the same statement writes the table and its indexes anew, its rule speaks. */
function changesType(key: KeyConstraint, context: Context): boolean {
  const { rewrites, uncertain } = context.statementEffects;
  if (rewrites.length === 0 && uncertain === null) return false;
  return key.columns.some(({ name }) => hasActionOn(context.table, "alter column type", name));
}

/** Empty where the key's column is one that the same statement drops and adds anew. */
function constraintSteps(key: KeyConstraint, context: Context): Migration[] {
  if (key.columns.some(({ name }) => hasActionOn(context.table, "drop column", name))) return [];
  const steps = keyRecipe(key, context);
  if (steps.length === 0) return steps;
  const open = key.columns
    .map(({ name }) => name)
    .filter((name) => !provesNotNull(name, context) && !isMadeNotNull(name, context));
  if (key.kind !== "primary key") return afterOwnColumns(steps, key, context);
  return afterOwnColumns(
    [...notNullOfKey(open, context), ...afterNotNull(steps, key, context)],
    key,
    context,
  );
}

/** Columns that the same statement sets NOT NULL have to be so before the key, which would read every row for it. */
function afterNotNull(steps: readonly Migration[], key: KeyConstraint, context: Context): Migration[] {
  const set = key.columns.filter(
    ({ name }) => hasActionOn(context.table, "set not null", name) && !provesNotNull(name, context),
  );
  const last = steps.at(-1);
  if (set.length === 0 || last === undefined) return [...steps];
  const names = renderList(set.map(({ span }) => context.text(span)));
  return [...steps.slice(0, -1), { ...last, after: `${names} ${verb(set.length, "is", "are")} NOT NULL` }];
}

/** The column first, its key later; a primary key needs values before. */
function columnSteps(action: AddColumn, context: Context): Migration[] {
  const { column } = action;
  const isLater = (constraint: { readonly kind: string }) => isKey(constraint) || constraint.kind === "check";
  const later = column.constraints.filter(isLater);
  const isEmpty = column.default === null;
  const needsValues = column.notNull !== null || later.some(({ kind }) => kind === "primary key");
  // With a constant default NOT NULL costs nothing and stays where it is.
  const first = addColumnWithout(action, { constraints: isLater, notNull: isEmpty }, context);
  const isRequired = needsValues && (isEmpty || column.notNull === null);
  const [next, ...rest] = addRemainder(action, { isRequired, constraints: later }, context);
  if (next === undefined) return [];
  const name = context.text(column.name.span);
  return [
    {
      title: "Add the column by itself: only the catalog changes",
      sql: first,
      transaction: true,
      ...afterOldColumn(action, context),
    },
    isEmpty && needsValues
      ? { ...next, after: `the application writes ${name}, and older rows are filled` }
      : next,
    ...rest,
  ];
}

import { shortName } from "../src/analysis/effect.ts";
import type { Identifier, QualifiedName } from "../src/model/name.ts";
import {
  type AddColumn,
  addColumnWithout,
  addRemainder,
  isRequiredVirtual,
} from "../src/recipes/add-column.ts";
import { alterHead } from "../src/recipes/alter-table.ts";
import { relationSql } from "../src/recipes/names.ts";
import { notNullSteps, notNullTarget } from "../src/recipes/new-not-null.ts";
import { afterOldColumn } from "../src/recipes/own-columns.ts";
import { freshName } from "../src/recipes/text.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule, type Finding, type Memory, type NodeOf } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";

/** A constraint that the unit has validated. */
interface Validation {
  readonly table: QualifiedName;
  readonly constraint: Identifier;
}

/** More of one table nobody writes; each NOT NULL looks at all of them. */
const mostValidations = 100;

/** The validations of a unit so far, by the bare name of their table. */
const validations: Memory<Map<string, Validation[]>> = {
  start: () => new Map(),
  note(found, statement) {
    if (statement.kind !== "alter table") return;
    const { table } = statement;
    for (const action of statement.actions) {
      if (action.kind !== "validate constraint") continue;
      const before = found.get(table.name.name);
      const validation = { table, constraint: action.constraint };
      if (before === undefined) found.set(table.name.name, [validation]);
      else if (before.length < mostValidations) before.push(validation);
    }
  },
};

export default defineRule({
  id: "not-null-scan",
  severity: "error",
  category: "lock",
  summary: "SET NOT NULL, or ADD NOT NULL, that reads every row while nobody can use the table",
  why: `
SET NOT NULL takes an ACCESS EXCLUSIVE lock and then reads the whole table to prove that no row holds a null. Until it is
done, reads and writes wait.

PostgreSQL skips the scan where a valid CHECK constraint already proves it, as \`c IS NOT NULL\` does, also as one arm of
an AND. A constraint that is still NOT VALID proves nothing, nor does one that the same ALTER TABLE drops: drops run first.`,
  instead: `
Add the proof NOT VALID, validate it in a later transaction (VALIDATE CONSTRAINT lets reads and writes go on), and only
then set NOT NULL. PostgreSQL 18 can add the not-null constraint itself as NOT VALID.`,
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
  aliases: ["adding-not-nullable-field"],
  on: ["set not null", "add constraint", "add column", "alter constraint"],
  remembers: [validations],

  *check(action, context) {
    const { table } = context;
    if (context.hasNoRows(table.table) || context.effects.scans.length === 0) return;
    if (action.kind === "add column") {
      yield* ofVirtualColumn(action, context);
      return;
    }
    if (action.kind === "alter constraint") {
      yield* ofChildren(action, context);
      return;
    }
    const target = notNullTarget(action);
    // Before 18 that is a syntax error, which has a rule of its own.
    if (target === null || target.isNotValid || (action.kind === "add constraint" && context.version < 18))
      return;
    const known = context.schema.findTable(table.table);
    const tableName = context.nameOf(table.table);
    const column = context.text(target.column.span);
    // Where the not-null constraint itself waits for validation (18), validating it is all that is left to do.
    const pending = known?.constraints.find(
      (constraint) =>
        constraint.kind === "not null" &&
        !constraint.validated &&
        constraint.columns.includes(target.column.name),
    );
    const message = `Reads and writes of ${tableName} wait while every row is checked for nulls in ${column}`;
    // An older constraint may prove it where the history does not begin at the beginning.
    const severity = known?.isComplete === true ? {} : { severity: "warning" as const };
    if (pending !== undefined) {
      const sql = `ALTER TABLE ${tableName} VALIDATE CONSTRAINT ${freshName([pending.name])};`;
      yield {
        at: action.head,
        message,
        ...severity,
        rewrite: [
          { title: "Validate the not-null constraint that is there already", sql, transaction: true },
        ],
      };
      return;
    }
    const validated = known?.isComplete === true ? null : validatedUnseen(context);
    if (validated !== null) {
      yield {
        at: action.head,
        message: `Unless ${validated} proves that ${column} holds no null, reads and writes of ${tableName} wait while every row is checked`,
        severity: "warning",
        advice: `Lint it together with the migration that added ${validated}, and the answer is exact`,
      };
      return;
    }
    const rewrite = notNullSteps(target, context);
    yield { at: action.head, message, ...severity, rewrite };
  },
});

/** A VIRTUAL column (18) is computed for each row to see whether it is null. A CHECK beside it is told of by its own rule. */
function* ofVirtualColumn(action: AddColumn, context: Context): Iterable<Finding> {
  const { column } = action;
  const isToldElsewhere = column.constraints.some(({ kind }) => kind === "check");
  if (!isRequiredVirtual(column) || isToldElsewhere || context.effects.rewrites.length > 0) return;
  const add = {
    title: "Add the column by itself: only the catalog changes",
    sql: addColumnWithout(action, { notNull: true }, context),
    transaction: true,
    ...afterOldColumn(action, context),
  };
  const table = context.nameOf(context.table.table);
  yield {
    at: action.head,
    message: `Reads and writes of ${table} wait while ${context.text(column.name.span)} is computed for every row, to see that none is null`,
    rewrite: [add, ...addRemainder(action, { isRequired: true, constraints: [] }, context)],
  };
}

/** ALTER CONSTRAINT ... INHERIT (18) gives the constraint to tables that had none, and reads their rows. */
function* ofChildren(action: NodeOf<"alter constraint">, context: Context): Iterable<Finding> {
  if (action.inherit !== true) return;
  const { schema, effects, table } = context;
  const known = schema.findTable(table.table);
  const constraint = known?.constraints.find(({ name }) => name === action.constraint.name);
  if (known === undefined || constraint?.kind !== "not null") return;
  const column = renderList(constraint.columns.map(quoteName));
  const name = context.text(action.constraint.span);
  const children = schema.childrenOf(known.id).map(relationSql);
  const each = (sql: string) => children.map((child) => `ALTER TABLE ${child} ${sql};`).join("\n");
  yield {
    at: action.head,
    message: `Reads and writes of ${renderList(effects.scans.map(shortName), 3)} wait while every row is checked for nulls in ${column}`,
    rewrite: [
      {
        title: "Refuse new nulls in what inherits from it; existing rows are not read",
        sql: each(`ADD CONSTRAINT ${name} NOT NULL ${column} NOT VALID`),
        transaction: true,
      },
      {
        title: "Read the rows while others read and write",
        sql: each(`VALIDATE CONSTRAINT ${name}`),
        transaction: true,
        after: "the step before is committed",
      },
      {
        title: "Hand the constraint on: theirs prove it, nothing is read",
        sql: `${alterHead(table, context)} ${context.text(action.span)};`,
        transaction: true,
        after: "the step before is committed",
      },
    ],
  };
}

/** A constraint of the table that was validated here and added where nobody has looked: it may be the proof. */
function validatedUnseen(context: Context): string | null {
  const { table } = context.table;
  const known = context.schema.findTable(table);
  for (const { table: other, constraint } of context.recall(validations).get(table.name.name) ?? []) {
    if (context.schema.findTable(other)?.id !== known?.id) continue;
    const { name, span } = constraint;
    if (known?.constraints.some((one) => one.name === name) !== true) return context.text(span);
  }
  return null;
}

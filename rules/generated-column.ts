import type { Schema } from "../src/analysis/schema.ts";
import type { Action } from "../src/model/action.ts";
import type { AlterTable } from "../src/model/statement.ts";
import type { Constraint } from "../src/model/table.ts";
import { alterHead } from "../src/recipes/alter-table.ts";
import { backfillBatch, batchKey } from "../src/recipes/backfill.ts";
import { fillCause } from "../src/recipes/fill.ts";
import { filledColumnRecipe } from "../src/recipes/filled-column.ts";
import { relationSql } from "../src/recipes/names.ts";
import { findColumn } from "../src/recipes/new-columns.ts";
import { heirsOf } from "../src/recipes/partitions.ts";
import { syncTrigger } from "../src/recipes/sync-trigger.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";

export default defineRule({
  id: "generated-column",
  severity: "error",
  category: "lock",
  summary: "Stored generated column that is computed for every row of an existing table",
  why: `
A column GENERATED ALWAYS AS (...) STORED is computed for each row when it is added, and again when SET EXPRESSION changes how. Either way
the whole table and its indexes are written anew under an ACCESS EXCLUSIVE lock, and nobody reads or writes it meanwhile.

A VIRTUAL column (PostgreSQL 18) is computed when it is read: adding one touches the catalog only. It cannot be indexed, and
its expression can use built-in functions and types only. Where it is NOT NULL, or a CHECK names it, SET EXPRESSION writes no row but reads
them all under that lock.`,
  instead: `
A plain column, a trigger that computes it for new and changed rows, and a batched backfill for the others. On PostgreSQL 18 a VIRTUAL column
where nobody needs an index on it.`,
  references: ["ddl-generated-columns.html", "sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  aliases: ["adding-field-with-default"],
  on: ["add column", "set expression"],

  *check(action: Action, context) {
    const { table } = context.table;
    if (context.hasNoRows(table)) return;
    const { rewrites, scans, uncertain, fails } = context.effects;
    if (fails !== null && uncertain === null) return;
    if (action.kind === "set expression" && rewrites.length === 0 && scans.length > 0) {
      yield {
        at: action.head,
        message: `Reads and writes of ${context.nameOf(table)} wait while ${columnOf(action, context)} is computed for every row to check its constraints`,
        advice: provenLater,
      };
      return;
    }
    if (rewrites.length === 0) return;
    // The table is written anew once for all of them, and the first one speaks for the others.
    const together = computedWith(action, context);
    if (together[0] !== action) return;
    const tableName = context.nameOf(table);
    const rewrite = recipeFor(action, context);
    if (rewrite === null) return;
    yield {
      at: action.head,
      message:
        uncertain === null
          ? `Reads and writes of ${tableName} wait while the whole table is written anew to compute ${listColumns(together, context)}`
          : `Reads and writes of ${tableName} may wait while the whole table is written anew: it depends on ${uncertain.on}`,
      ...(uncertain === null ? {} : { severity: "warning" as const }),
      ...(takesNoTrigger(context)
        ? { advice: triggerOnEach }
        : { rewrite: together.length === 1 ? rewrite : recipeForAll(together, context) }),
      ...(context.version >= 18 && together.some(canBeVirtual)
        ? {
            advice:
              "Or make it VIRTUAL, if it needs no index: then it is computed when it is read, and only the catalog changes",
          }
        : {}),
    };
  },
});

const provenLater =
  "Drop its NOT NULL and the CHECK constraints over it first, and add them NOT VALID with the new expression: VALIDATE CONSTRAINT checks the rows while others read and write";

/** Before 13 a partitioned table has no triggers that change a row. */
function takesNoTrigger({ schema, table, version }: Context): boolean {
  return version < 13 && (schema.findTable(table.table)?.partitionBy ?? null) !== null;
}

const triggerOnEach =
  "Add a plain column, and to each partition a BEFORE trigger that computes it: before PostgreSQL 13 the partitioned table takes none. Fill the older rows in batches";

function canBeVirtual(action: Action): boolean {
  return action.kind === "add column" && !action.column.constraints.some(needsIndex);
}

function needsIndex({ kind }: Constraint): boolean {
  return kind === "unique" || kind === "primary key" || kind === "foreign key";
}

function columnOf(action: Action, context: Context): string {
  if (action.kind === "add column") return context.text(action.column.name.span);
  return action.kind === "set expression" ? context.text(action.column.span) : "";
}

/** The generated columns that the statement computes, where the action is one of them; else the action alone. */
function computedWith(action: Action, context: Context): readonly Action[] {
  const known = computed.get(context.table);
  const { all, are } = known?.schema === context.schema ? known : findComputed(context);
  return are.has(action) ? all : [action];
}

/** Of each statement once: every one of its actions asks. */
const computed = new WeakMap<AlterTable, Computed>();

interface Computed {
  readonly schema: Schema;
  readonly all: readonly Action[];
  readonly are: ReadonlySet<Action>;
}

function findComputed(context: Context): Computed {
  const { schema, table } = context;
  const all = table.actions.filter((one) => isComputed(one, context));
  const found = { schema, all, are: new Set(all) };
  computed.set(table, found);
  return found;
}

function isComputed(action: Action, context: Context): boolean {
  if (action.kind === "add column") return action.column.generated?.stored === true;
  if (action.kind !== "set expression") return false;
  return findColumn(context.table.table, action.column.name, context)?.generated !== "virtual";
}

function listColumns(actions: readonly Action[], context: Context): string {
  return renderList(
    actions.map((one) => columnOf(one, context)),
    8,
  );
}

function recipeFor(action: Action, context: Context): Migration[] | null {
  const parts = partsOf(action, context);
  if (parts === null) return null;
  if (action.kind === "set expression") return changedExpression(parts, context);
  if (action.kind !== "add column" || fillCause(action, context) !== "generated") return null;
  return filledColumnRecipe(
    action,
    {
      title: "Add a plain column and a trigger that computes it",
      omission: { generated: true },
      behind: parts.trigger,
      value: `(${parts.value})`,
      where: parts.where,
      isRequired: false,
    },
    context,
  );
}

/** What stands in the place of a generated column. */
interface Parts {
  readonly name: string;
  readonly value: string;
  readonly set: string;
  readonly where: string;
  readonly trigger: string;
}

function partsOf(action: Action, context: Context): Parts | null {
  const part =
    action.kind === "set expression"
      ? { column: action.column, ...action.expression }
      : action.kind === "add column" && action.column.generated !== null
        ? { column: action.column.name, ...action.column.generated }
        : null;
  if (part === null) return null;
  const { column } = part;
  const value = context.text(part.span);
  const name = context.text(column.span);
  return {
    name,
    value,
    set: `${name} = (${value})`,
    where: `${name} IS DISTINCT FROM (${value})`,
    trigger: syncTrigger({ expression: part.value, ...triggerOn(name, column.name, value, context) }, context)
      .create,
  };
}

/** The columns with their triggers in one migration, and one walk over the rows for all of them. */
function recipeForAll(actions: readonly Action[], context: Context): Migration[] {
  const { table } = context.table;
  const each = actions.flatMap((action) => {
    const parts = partsOf(action, context);
    const [add, , ...rest] = recipeFor(action, context) ?? [];
    return parts === null || add === undefined ? [] : [{ add: add.sql, ...parts, rest }];
  });
  return [
    {
      title: actions.every(({ kind }) => kind === "add column")
        ? "Add plain columns and triggers that compute them"
        : "Make them plain columns, and let triggers compute them",
      sql: each.map(({ add }) => add).join("\n"),
      transaction: true,
    },
    backfillBatch(
      {
        title: "Fill the older rows",
        table: context.nameOf(table),
        key: batchKey(table, context),
        set: each.map(({ set }) => set).join(", "),
        where: each.map(({ where }) => where).join(" OR "),
      },
      context,
    ),
    ...each.flatMap(({ rest }) => rest),
  ];
}

function changedExpression({ name, set, where, trigger }: Parts, context: Context): Migration[] {
  const { table } = context.table;
  return [
    {
      title: "Make it a plain column, which keeps its values, and let a trigger compute it",
      sql: `${alterHead(context.table, context)} ALTER COLUMN ${name} DROP EXPRESSION;
${trigger}`,
      transaction: true,
    },
    backfillBatch(
      {
        title: "Compute the older rows",
        table: context.nameOf(table),
        key: batchKey(table, context),
        set,
        where,
      },
      context,
    ),
  ];
}

function triggerOn(column: string, columnName: string, value: string, context: Context) {
  const { table } = context.table;
  const heirs = heirsOf(context.schema, context.schema.findTable(table)).map(relationSql);
  return { table: context.nameOf(table), tableName: table.name.name, column, columnName, value, heirs };
}

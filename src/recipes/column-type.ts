import type { Column, Table } from "../analysis/entities.ts";
import { actionsOn, hasActionOn } from "../analysis/same-statement.ts";
import type { Action } from "../model/action.ts";
import { renderExpression } from "../model/render.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { isWord, tokenize } from "../sql/tokens.ts";
import { append } from "../text/append.ts";
import { freshConstraint } from "./alter-table.ts";
import { backfillBatch, batchKey } from "./backfill.ts";
import { type CarriedParts, carryParts, isUsing as isIndexUsing } from "./carried-parts.ts";
import { commentSql, settingsSql } from "./comment-sql.ts";
import { moveIdentity } from "./identity.ts";
import { notNullRecipe } from "./not-null.ts";
import { castInSession } from "./session-cast.ts";
import { syncTrigger } from "./sync-trigger.ts";
import { bareName, freshName } from "./text.ts";

type AlterType = Extract<Action, { kind: "alter column type" }>;

interface Names {
  readonly table: string;
  readonly schema: string;
  readonly column: string;
  readonly type: string;
  readonly fresh: string;
  readonly old: string;
}

/**
 * A new column beside the old one, kept in step by a trigger, filled in batches, then swapped. Null where something hangs on
 * the column that the history does not know well enough to give it to the new one.
 */
export function columnTypeRecipe(action: AlterType, context: Context): Migration[] | null {
  const { table } = context.table;
  const known = context.schema.findTable(table);
  const column = known?.columns.find(({ name }) => name === action.column.name);
  if (known !== undefined && !isPlannable(known, action.column.name, context)) return null;
  if ((column?.generated ?? null) !== null) return null;
  const from = column?.type ?? null;
  const name = context.text(action.column.span);
  const cast = castInSession({ name, from, to: action.type, using: action.using }, context);
  if (cast === undefined) return null;
  const isTaken = (name: string) => known?.columns.some((other) => other.name === name) === true;
  const names: Names = {
    table: context.nameOf(table),
    schema: table.schema === null ? "" : `${context.text(table.schema.span)}.`,
    column: name,
    type: typeOf(action, context),
    fresh: freshName([action.column.name, "new"], isTaken),
    old: freshName([action.column.name, "old"], isTaken),
  };
  const fresh = bareName(names.fresh);
  const parts =
    known === undefined || column === undefined
      ? null
      : carryParts(
          {
            table: known,
            tableSql: names.table,
            schemaSql: names.schema,
            column,
            fresh,
            final: column.name,
            isDropped: (name) => hasActionOn(context.table, "drop constraint", name),
          },
          context,
        );
  if (known?.isComplete === true && parts === null) return null;
  const fallback = column === undefined ? null : defaultOf(column, context);
  if (fallback === undefined) return null;
  const isRequired = column?.notNull === "valid";
  const identity = column?.identity === true ? identityOf(column, known, names, context) : [];
  if (identity === null) return null;
  return [
    ...fillSteps(action, names, cast, context),
    ...(isRequired ? requireSteps(action, names, context) : []),
    ...(parts?.steps ?? []),
    swapStep(names, { parts, column, known, fallback, isRequired, identity }, context),
    ...(parts?.later ?? []),
    {
      title: "Drop the old column",
      sql: `ALTER TABLE ${names.table} DROP COLUMN ${names.old};`,
      transaction: true,
      after: `nothing needs the way back to ${names.old}`,
    },
  ];
}

/**
 * A partitioned table changes with all its partitions, if nothing hangs on the column that has to be built or made for each of
 * them, and BEFORE triggers for rows can be given to it (13). A partition has the columns of its parent.
 */
function isPlannable(table: Table, column: string, context: Context): boolean {
  if (table.partitionOf !== null) return false;
  // What inherits from it has indexes and triggers of its own.
  if (table.partitionBy === null) return context.schema.childrenOf(table.id).length === 0;
  if (context.version < 13) return false;
  const family = [table];
  for (const member of family) append(family, context.schema.partitionsOf(member.id));
  const own = new Set(table.constraints.map(({ name }) => name));
  return family.every(
    (member) =>
      member.isComplete &&
      member.partitionBy?.columns.some((part) => part.column === column || part.expression !== null) !==
        true &&
      !context.schema.indexesOf(member.id).some((index) => isIndexUsing(index, column)) &&
      member.constraints.every(
        (one) =>
          one.kind === "not null" ||
          !one.columns.includes(column) ||
          (one.kind === "check" && own.has(one.name)),
      ),
  );
}

/** What the column has for a default behind the statement, as SQL; null: nothing, undefined: it cannot be told. */
function defaultOf({ name, default: before }: Column, context: Context): string | null | undefined {
  const { table } = context;
  const given = actionsOn(table, "set default", name).at(-1);
  if (given !== undefined) return context.text(given.default.span);
  if (before === null || hasActionOn(table, "drop default", name)) return null;
  return renderExpression(before) ?? undefined;
}

/** The type and its collation as the user wrote them. */
function typeOf(action: AlterType, context: Context): string {
  if (action.collation === null) return context.text(action.type.span);
  const text = context.sourceText;
  const tokens = tokenize(text, action.type.span.end, action.span.end);
  const using = tokens.findIndex((token) => isWord(text, token, "using"));
  const last = using > 0 ? tokens[using - 1] : tokens.at(-1);
  return text.slice(action.type.span.start, last?.end ?? action.type.span.end);
}

/** Without USING the server assigns: too long a text is an error there, and an explicit cast would cut it off. */
function fillSteps(action: AlterType, names: Names, value: string, context: Context): Migration[] {
  const { table } = context.table;
  const { fresh, column } = names;
  const trigger = syncTrigger(
    {
      table: names.table,
      tableName: table.name.name,
      column: fresh,
      columnName: action.column.name,
      value,
      expression: action.using?.value ?? { kind: "column", path: [action.column.name] },
    },
    context,
  );
  return [
    {
      title: `Add a column of the new type and a trigger that keeps it in step with ${column}`,
      sql: `ALTER TABLE ${names.table} ADD COLUMN ${fresh} ${names.type};\n${trigger.create}`,
      transaction: true,
    },
    backfillBatch(
      {
        title: "Fill the older rows",
        table: names.table,
        key: batchKey(table, context),
        set: `${fresh} = ${value}`,
        where:
          action.using === null
            ? `${fresh} IS NULL AND ${column} IS NOT NULL`
            : `${fresh} IS NULL AND (${value}) IS NOT NULL`,
      },
      context,
    ),
  ];
}

function requireSteps(action: AlterType, names: Names, context: Context): Migration[] {
  const constraint = notNullName(action.column.name, context);
  return notNullRecipe({ table: names.table, column: names.fresh, constraint, version: context.version });
}

interface Swap {
  readonly parts: CarriedParts | null;
  readonly column: Column | undefined;
  readonly known: Table | undefined;
  readonly fallback: string | null;
  readonly isRequired: boolean;
  /** What gives the new column the identity of the old one. */
  readonly identity: readonly string[];
}

function identityOf(
  column: Column,
  table: Table | undefined,
  names: Names,
  context: Context,
): readonly string[] | null {
  if (table === undefined || column.notNull !== "valid") return null;
  const sequence = context.schema
    .sequencesOf(table.id)
    .find(({ ownedBy }) => ownedBy?.column === column.name);
  const isTaken = (name: string) => context.schema.findRelation({ schema: table.schema, name }) !== undefined;
  return moveIdentity(column, sequence, {
    table: names.table,
    schema: names.schema,
    from: names.old,
    to: names.column,
    fresh: freshName([sequence?.name ?? "", "new"], isTaken),
  });
}

function swapStep(names: Names, swap: Swap, context: Context): Migration {
  const { table, column, fresh, old } = names;
  const { parts, known, fallback, isRequired } = swap;
  const alter = `ALTER TABLE ${table}`;
  const owned =
    known === undefined || swap.identity.length > 0
      ? []
      : context.schema.sequencesOf(known.id).filter(({ ownedBy }) => ownedBy?.column === swap.column?.name);
  const trigger = syncTrigger(
    {
      table,
      tableName: context.table.table.name.name,
      column: fresh,
      columnName: swap.column?.name ?? bareName(column),
      value: column,
    },
    context,
  );
  const key = known?.constraints.some(
    (one) => one.kind === "primary key" && one.columns.includes(swap.column?.name ?? ""),
  );
  const sql = [
    trigger.drop,
    ...(parts?.beforeSwap ?? []),
    `${alter} RENAME COLUMN ${column} TO ${old};`,
    `${alter} RENAME COLUMN ${fresh} TO ${column};`,
    ...(fallback === null ? [] : [`${alter} ALTER COLUMN ${column} SET DEFAULT ${fallback};`]),
    ...(swap.column?.default == null ? [] : [`${alter} ALTER COLUMN ${old} DROP DEFAULT;`]),
    ...swap.identity,
    ...(isRequired ? [`${alter} ALTER COLUMN ${old} DROP NOT NULL;`] : []),
    ...(isRequired && context.version >= 18 ? [renameNotNull(names, swap, context)] : []),
    ...(parts?.afterSwap ?? []),
    ...owned.map(
      ({ name }) => `ALTER SEQUENCE ${names.schema}${quoteName(name)} OWNED BY ${table}.${column};`,
    ),
    commentSql(table, column, swap.column?.comment),
    ...settingsSql(table, column, swap.column ?? {}, false),
  ];
  const told =
    known?.isComplete === true
      ? (swap.column?.rights ?? []).length > 0
        ? `${fresh} has the rights that were granted on ${column}, and `
        : ""
      : `${fresh} has the default, the comment, the rights, the statistics target, the indexes and the constraints that ${column} has, and `;
  return {
    title: `Swap the columns${key === true ? " and the key" : ""}, in one transaction`,
    sql: sql.filter((line) => line !== "").join("\n"),
    transaction: true,
    whole: true,
    undo: `Rows written from now on have no value in ${old}: the way back is the same plan for the old type.`,
    after: `${told}the application copes with either type, and with ${column} as the last column`,
  };
}

function notNullName(column: string, context: Context): string {
  const { table } = context.table;
  return freshConstraint([table.name.name, column, "new", "not_null"], table, context);
}

/** From 18 on NOT NULL has a name of its own, which the new column shall take over. */
function renameNotNull(names: Names, { known, column }: Swap, context: Context): string {
  const own = known?.constraints.find((one) => one.kind === "not null" && one.columns[0] === column?.name);
  if (own === undefined || column === undefined) return "";
  const made = notNullName(column.name, context);
  return `ALTER TABLE ${names.table} RENAME CONSTRAINT ${made} TO ${quoteName(own.name)};`;
}

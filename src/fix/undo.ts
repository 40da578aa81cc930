import { isStringType } from "../analysis/facts/casts.ts";
import type { Schema } from "../analysis/schema.ts";
import type { TriedStatement } from "../engine/rehearsal.ts";
import type { Action } from "../model/action.ts";
import type { TypeDescription } from "../model/name.ts";
import { isRelationType } from "../model/object-types.ts";
import { renderExpression, typeSql } from "../model/render.ts";
import type { AlterTable, Drop, SetSchema, Statement } from "../model/statement.ts";
import { foreignKeySql } from "../recipes/foreign-key-text.ts";
import { relationSql } from "../recipes/names.ts";
import { namesAll } from "../sql/column-text.ts";
import { quoteName } from "../sql/names.ts";
import { append } from "../text/append.ts";
import type { Remedy } from "./plan-types.ts";
import { type At, undoCreation } from "./undo-creation.ts";

/** How to take a step back: its statements the other way round, the last one first. `text` is what their spans refer to. */
export function undoOf(
  statements: readonly TriedStatement[],
  text: string,
  told: string | undefined,
): Remedy {
  if (told !== undefined) return { words: told, sql: "" };
  const lost: string[] = [];
  const notes: string[] = [];
  const sql: string[] = [];
  for (const tried of [...statements].reverse()) {
    const back = undoStatement(tried, text);
    if (back === null) lost.push(lostBy(tried));
    else append(sql, back);
    if (takesIndex(tried))
      notes.push("The index goes with the constraint: build it again before the step is run again.");
    if (changesType(tried))
      notes.push(
        "The old type comes back behind a lock that keeps everybody out, while the table is read or written anew, and where all values still fit.",
      );
    if (takesKeys(tried))
      notes.push("The keys of the partitions go with it: add them again before the step is run again.");
  }
  // Half a way back is none.
  if (lost.length > 0) return { words: `${[...new Set(lost)].join(". ")}.`, sql: "" };
  if (sql.length === 0)
    return { words: "Nothing to undo: it changes neither the schema nor what a query sees.", sql: "" };
  return { words: [...new Set(notes), "Run:"].join(" "), sql: sql.join("\n") };
}

function takesIndex({ statement }: TriedStatement): boolean {
  return (
    statement.kind === "alter table" &&
    statement.actions.some(
      (action) =>
        action.kind === "add constraint" &&
        (action.constraint.kind === "unique" || action.constraint.kind === "primary key") &&
        action.constraint.usingIndex !== null,
    )
  );
}

function changesType({ statement }: TriedStatement): boolean {
  return (
    statement.kind === "alter table" && statement.actions.some(({ kind }) => kind === "alter column type")
  );
}

/** A key of a partitioned table has taken over those of its partitions. */
function takesKeys({ statement, schema }: TriedStatement): boolean {
  if (statement.kind !== "alter table") return false;
  const table = schema.findTable(statement.table);
  if (table === undefined || schema.partitionsOf(table.id).length === 0) return false;
  return statement.actions.some(
    (action) => action.kind === "add constraint" && action.constraint.kind === "foreign key",
  );
}

/** Empty: nothing has to be undone. Null: it cannot be, or not from what is known. */
function undoStatement(tried: TriedStatement, text: string): readonly string[] | null {
  const { statement } = tried;
  const at = (span: { start: number; end: number }) => text.slice(span.start, span.end);
  switch (statement.kind) {
    case "rename":
      return undoRename(statement, at);
    case "set schema":
      return undoMove(statement, tried, at);
    case "alter table":
      return undoActions(statement, tried, at);
    case "drop":
      return dropsNothing(statement, tried.schema) ? [] : null;
    default:
      return quiet.includes(statement.kind) ? [] : undoCreation(tried, at);
  }
}

/** Whether nothing of the name is there: IF EXISTS passes over it. An index may be a leftover of a build, which nobody wants back. */
function dropsNothing({ names, object, ifExists }: Drop, schema: Schema): boolean {
  if (!ifExists || !(object === "index" || (schema.isComplete && isRelationType(object)))) return false;
  return names.every((name) => schema.findRelation(name) === undefined);
}

/** They change nothing that a query or a later statement could tell, or nothing that outlives the session. */
const quiet: readonly Statement["kind"][] = [
  "analyze",
  "cluster",
  "comment",
  "explain",
  "lock",
  "prepare",
  "reindex",
  "select",
  "set",
  "transaction",
  "vacuum",
];

function undoMove(move: SetSchema, { schema }: TriedStatement, at: At): readonly string[] | null {
  const { target, to, object } = move;
  const before = schema.findRelation(target)?.schema;
  const from = target.schema === null ? before && quoteName(before) : at(target.schema.span);
  const word = objects.get(object);
  if (word === undefined || from === undefined) return null;
  return [`ALTER ${word} ${at(to.span)}.${at(target.name.span)} SET SCHEMA ${from};`];
}

const objects: ReadonlyMap<string, string> = new Map([
  ["table", "TABLE"],
  ["view", "VIEW"],
  ["materialized view", "MATERIALIZED VIEW"],
  ["sequence", "SEQUENCE"],
  ["index", "INDEX"],
]);

function undoRename(
  rename: Extract<TriedStatement["statement"], { kind: "rename" }>,
  at: At,
): readonly string[] | null {
  const { target, part, to, object } = rename;
  if (part !== null) {
    const word = object === "column" || object === "constraint" ? object.toUpperCase() : null;
    if (word === null) return null;
    return [`ALTER TABLE ${at(target.span)} RENAME ${word} ${at(to.span)} TO ${at(part.span)};`];
  }
  const word = objects.get(object);
  if (word === undefined) return null;
  const schema = target.schema === null ? "" : `${at(target.schema.span)}.`;
  return [`ALTER ${word} ${schema}${at(to.span)} RENAME TO ${at(target.name.span)};`];
}

function undoActions(statement: AlterTable, tried: TriedStatement, at: At): readonly string[] | null {
  const head = `ALTER TABLE ${at(statement.table.span)}`;
  const all: string[] = [];
  for (const action of [...statement.actions].reverse()) {
    const back = undoAction(action, statement, tried, at);
    if (back === null) return null;
    if (back !== "") all.push(`${head} ${back};`);
  }
  return all;
}

function undoAction(action: Action, statement: AlterTable, tried: TriedStatement, at: At): string | null {
  const { schema } = tried;
  const table = schema.findTable(statement.table);
  const columnOf = (name: string) => table?.columns.find((column) => column.name === name);
  switch (action.kind) {
    case "add column":
      if (action.ifNotExists && columnOf(action.column.name.name) !== undefined) return "";
      return `DROP COLUMN ${at(action.column.name.span)}`;
    case "add constraint":
      return action.constraint.name === null ? null : `DROP CONSTRAINT ${at(action.constraint.name.span)}`;
    case "drop column":
      return action.ifExists && table?.isComplete && columnOf(action.column.name) === undefined ? "" : null;
    case "alter column type": {
      const before = columnOf(action.column.name);
      if (before?.type == null || !castsBack(action.type, before.type)) return null;
      const collation = before.collation === null ? "" : ` COLLATE ${before.collation}`;
      return `ALTER COLUMN ${at(action.column.span)} TYPE ${typeSql(before.type)}${collation}`;
    }
    case "drop constraint": {
      const before = table?.constraints.find(({ name }) => name === action.constraint.name);
      if (before === undefined && action.ifExists && table?.isComplete) return "";
      if (before?.definition === undefined || (before.kind !== "check" && before.kind !== "foreign key"))
        return null;
      const whole = before.kind === "foreign key" ? foreignKeySql(before.columns, before) : before.definition;
      if (whole === null || (before.kind === "check" && !namesAll(whole, before.columns))) return null;
      const valid = /\bvalid\s*$/i.test(whole) ? "" : " NOT VALID";
      return `ADD CONSTRAINT ${quoteName(before.name)} ${whole}${valid}`;
    }
    case "set not null":
      return columnOf(action.column.name)?.notNull === "valid"
        ? ""
        : `ALTER COLUMN ${at(action.column.span)} DROP NOT NULL`;
    case "set default":
    case "drop default": {
      const before = columnOf(action.column.name)?.default ?? null;
      if (before === null) return `ALTER COLUMN ${at(action.column.span)} DROP DEFAULT`;
      const sql = renderExpression(before);
      return sql === null ? null : `ALTER COLUMN ${at(action.column.span)} SET DEFAULT ${sql}`;
    }
    case "attach partition":
      // Indexes cannot be detached.
      return action.bound === null ? null : `DETACH PARTITION ${at(action.partition.span)}`;
    case "validate constraint":
    case "enable trigger":
      return "";
    default:
      return null;
  }
}

/** Whether the server casts values of the new type to the old one without being told how. */
function castsBack({ name: from }: TypeDescription, { name: to }: TypeDescription): boolean {
  const isOneOf = (...names: string[]) => names.includes(from) && names.includes(to);
  const isText = isStringType(from) && isStringType(to);
  return from === to || isText || isOneOf("inet", "cidr") || isOneOf("timestamp", "timestamptz");
}

function lostBy({ statement, loop, schema }: TriedStatement): string {
  switch (statement.kind) {
    case "do":
    case "update":
      return loop === "none" && statement.kind === "update"
        ? "The old values are gone, other than from a backup"
        : "What the batches have written stays: it is in step with the rest of the row";
    case "delete":
    case "truncate":
      return "The rows are gone, other than from a backup: copy them before";
    case "drop":
      return `What is dropped comes back from the migration that made it, its rows from a backup only`;
    case "alter enum":
      return "A value of an enum cannot be taken out again: leave it unused";
    case "refresh materialized view":
      return "What the view held before is gone: it is made from the rows that are there";
    case "alter table":
      if (statement.actions.some((action) => action.kind === "attach partition"))
        return lostByAttaching(statement, schema);
      return statement.actions.some(({ kind }) => kind === "drop column")
        ? "The column's values are gone, other than from a backup: copy them before"
        : "Write the way back by hand: it needs what the table was before";
    default:
      return "Write the way back by hand";
  }
}

function lostByAttaching({ table: name }: AlterTable, schema: Schema): string {
  const index = schema.findRelation(name);
  const table = index?.kind === "index" ? schema.tableById(index.table) : undefined;
  const what =
    index?.kind === "index" && index.constraint !== null && table !== undefined
      ? `ALTER TABLE ${relationSql(table)} DROP CONSTRAINT ${quoteName(index.constraint)}`
      : `DROP INDEX ${index === undefined ? quoteName(name.name.name) : relationSql(index)}`;
  return `An index stays attached; ${what} takes those of the partitions with it`;
}

import { hasActionOn } from "../src/analysis/same-statement.ts";
import { itemNamed } from "../src/analysis/schema/places.ts";
import type { QualifiedName } from "../src/model/name.ts";
import type { AlterTable } from "../src/model/statement.ts";
import { droppedAttributes } from "../src/recipes/attributes.ts";
import { partsOfColumn } from "../src/recipes/dependents.ts";
import { isNewColumn } from "../src/recipes/new-columns.ts";
import { terminated } from "../src/recipes/text.ts";
import { fieldsMissed } from "../src/recipes/trigger-fields.ts";
import { renderList, verb } from "../src/recipes/words.ts";
import {
  type Context,
  defineRule,
  type Finding,
  type LooseEnd,
  type Migration,
  type NodeOf,
} from "../src/rule.ts";

export default defineRule({
  id: "drop-column",
  severity: "warning",
  category: "compatibility",
  summary: "DROP COLUMN of a column that the running application may use",
  why: `
Migrations run before, or while, the new version of the application starts. Until the old one is gone its queries
still name the column, and from the moment of the drop they fail. Libraries that read the list of columns once and
keep it fail as well, even where nobody uses the column.

The drop itself is quick: only the catalog changes. The data is gone all the same, and with it the indexes and
constraints that use the column. Functions of triggers that name it stay, and every write that comes to the name fails.
An attribute of a composite type goes from the columns of that type, and values that are written whole have one part too many.`,
  instead: `
Deploy an application that neither reads nor writes the column (and tell the library that maps tables to ignore it),
then drop the column in a later release. A column that must not be null and has no default has to be made nullable
first, or the new application cannot insert.`,
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN",
    "ddl-alter.html#DDL-ALTER-REMOVING-A-COLUMN",
  ],
  aliases: ["ban-drop-column"],
  on: ["drop column", "alter type"],

  *check(node, context) {
    if (node.kind === "alter type") yield* droppedAttributes(node, context);
    else yield* droppedColumn(node, context);
  },
});

function* droppedColumn(action: NodeOf<"drop column">, context: Context): Iterable<Finding> {
  const { effects, schema } = context;
  const { table } = context.table;
  if (isNewColumn(table, action.column.name, context)) return;
  // What PostgreSQL refuses outright is impossible-statement's business.
  if (effects.fails !== null && effects.uncertain === null) return;
  const known = schema.findTable(table);
  const column = known?.columns.find(({ name }) => name === action.column.name);
  // IF EXISTS over a column that the table never had, or has lost already, does nothing.
  if (action.ifExists && column === undefined && known?.isComplete && known.isCertainlyNew) return;
  const tableName = context.nameOf(table);
  const name = context.text(action.column.span);
  const parts = known === undefined ? [] : partsOfColumn(schema, known, action.column.name);
  const going =
    parts.length === 0 ? "" : `; ${renderList(parts)} ${verb(parts.length, "goes", "go")} with it`;
  yield* fieldsMissed(table, action.column.name, action.head, `${name} is dropped`, context);
  const isRequired =
    column?.notNull === "valid" && column.default === null && !column.identity && column.generated === null;
  const steps: Migration[] = [
    {
      title: "Let rows be inserted without the column",
      sql: `ALTER TABLE ${tableName} ALTER COLUMN ${name} DROP NOT NULL;`,
      transaction: true,
    },
    {
      title: "Drop the column",
      sql: terminated(`ALTER TABLE ${tableName} ${context.text(action.span)}`),
      transaction: true,
      after: `no running version of the application reads or writes ${name}`,
    },
  ];
  const gone = {
    at: action.head,
    message: `What ${name} of ${tableName} holds is gone for good: the new column of that name starts without it${going}`,
    showsImpact: false,
    advice: `Add the new column under another name, fill it from ${name} in batches, and drop ${name} in a later release`,
  };
  if (isAddedAnew(action.column.name, context.table)) {
    yield gone;
    return;
  }
  // IF EXISTS over something unknown, and then ADD, is how a file is made to run twice.
  const isUnknown = action.ifExists && column === undefined;
  if (!isUnknown)
    yield {
      looseEnd(after) {
        const left = after.findTable(table)?.columns ?? [];
        const own = left.filter(({ name }) => isNewColumn(table, name, context));
        return staysAway(table, action.column.name, idsOf(left), idsOf(own));
      },
      ...gone,
    };
  yield {
    at: action.head,
    looseEnd: comesBack(table, action.column.name),
    message: `Queries of the running application that name ${name} of ${tableName} fail once it is dropped${going}`,
    showsImpact: false,
    ...(isRequired && !isKeyColumn(known?.constraints ?? [], action.column.name)
      ? { rewrite: steps }
      : {
          advice: `Deploy an application that neither reads nor writes ${name}, then drop it in a later release`,
        }),
  };
}

/** DROP COLUMN c, ADD COLUMN c in one statement: the queries that name it go on. */
function isAddedAnew(column: string, statement: AlterTable): boolean {
  return hasActionOn(statement, "add column", column);
}

/** A later statement of the file may add the column again: then the queries that name it go on as well. */
function comesBack(table: QualifiedName, column: string): LooseEnd {
  return {
    by: "file",
    isSettled: (end) => end.findTable(table)?.columns.some(({ name }) => name === column) ?? false,
  };
}

/**
 * Whether no column of the name is made anew, or what the old one held may be in it: it had another name just after the drop, or
 * one that the file itself has made is gone by the end, which may have kept it meanwhile. `left` are the ids of the columns that
 * the drop leaves, `own` those among them that the file has made.
 */
function staysAway(
  table: QualifiedName,
  column: string,
  left: ReadonlySet<number>,
  own: ReadonlySet<number>,
): LooseEnd {
  return {
    by: "file",
    isSettled(end) {
      const last = end.findTable(table)?.columns ?? [];
      const found = itemNamed(last, column);
      if (found === undefined || found.origin === null || left.has(found.id)) return true;
      // A generated column needs nothing of what the old one held.
      if (found.generated !== null) return true;
      const ids = idsOf(last);
      return [...own].some((id) => !ids.has(id));
    },
  };
}

function idsOf(columns: readonly { readonly id: number }[]): Set<number> {
  return new Set(columns.map(({ id }) => id));
}

/** DROP NOT NULL is refused for a primary key. */
function isKeyColumn(
  constraints: readonly { readonly kind: string; readonly columns: readonly string[] }[],
  column: string,
): boolean {
  return constraints.some(({ kind, columns }) => kind === "primary key" && columns.includes(column));
}

import type { Schema } from "../src/analysis/schema.ts";
import type { Expression } from "../src/model/expression.ts";
import type { QualifiedName } from "../src/model/name.ts";
import { foreignKeysOf } from "../src/recipes/foreign-keys.ts";
import { freshName } from "../src/recipes/text.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule, type LooseEnd, type Migration } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";

export default defineRule({
  id: "missing-foreign-key-index",
  severity: "off",
  category: "loose-end",
  summary: "A foreign key whose columns lead no index",
  why: `
PostgreSQL indexes the referenced side of a foreign key, not the referring one. Each DELETE of a referenced row, and
each UPDATE of its key, then reads the whole referring table to see whether anything points at it.

It is off by default: a small table, or one whose referenced rows are never deleted, needs no such index, and an index
costs every write.`,
  instead: "Create an index that begins with the columns of the foreign key.",
  references: ["ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  on: ["create table", "add column", "add constraint"],

  *check(node, context) {
    const name = node.kind === "create table" ? node.table : context.table.table;
    for (const { key, columns } of foreignKeysOf(node)) {
      yield {
        at: key.span,
        message: `Deleting from ${context.nameOf(key.references)} reads all of ${context.nameOf(name)}: no index begins with ${renderList(columns.map(quoteName))}`,
        showsImpact: false,
        rewrite: [indexFor(name, columns, context)],
        looseEnd: (after) => getsIndex(after.findTable(name)?.id, key.name?.name ?? null, columns),
      };
    }
  },
});

function getsIndex(id: number | undefined, key: string | null, columns: readonly string[]): LooseEnd {
  return { by: "history", isSettled: (end) => id === undefined || isSettled(end, id, key, columns) };
}

function isSettled(end: Schema, id: number, key: string | null, columns: readonly string[]): boolean {
  const table = end.tableById(id);
  if (table === undefined) return true;
  const isThere = table.constraints.some(
    (one) =>
      one.kind === "foreign key" &&
      (key === null || one.name === key) &&
      one.columns.length === columns.length &&
      one.columns.every((column) => columns.includes(column)),
  );
  if (!isThere) return true;
  return end.indexesOf(table.id).some((index) => {
    const lead = index.keys.slice(0, columns.length);
    const isWhole = !index.isPartial || (index.predicate !== null && saysNotNull(index.predicate, columns));
    return isWhole && lead.length === columns.length && columns.every((column) => lead.includes(column));
  });
}

/** IS NOT NULL of the columns: a lookup by their values implies it. */
function saysNotNull(predicate: Expression, columns: readonly string[]): boolean {
  if (predicate.kind === "and") return predicate.arguments.every((part) => saysNotNull(part, columns));
  if (predicate.kind !== "is null" || !predicate.negated || predicate.argument.kind !== "column")
    return false;
  return columns.includes(predicate.argument.path.at(-1) ?? "");
}

function indexFor(name: QualifiedName, columns: readonly string[], context: Context): Migration {
  const isNew = context.isNew(name) || context.statement.kind === "create table";
  const index = freshName([name.name.name, ...columns, "idx"]);
  const keys = columns.map(quoteName).join(", ");
  return {
    title: isNew ? "Index it" : "Index it while others read and write",
    sql: `CREATE INDEX${isNew ? "" : " CONCURRENTLY"} ${index} ON ${context.nameOf(name)} (${keys});`,
    transaction: isNew,
  };
}

import type { Relation } from "../src/analysis/entities.ts";
import type { Schema } from "../src/analysis/schema.ts";
import type { CreateIndex } from "../src/model/statement.ts";
import { defineRule } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";

export default defineRule({
  id: "index-name-taken",
  severity: "warning",
  category: "error",
  summary: "CREATE INDEX IF NOT EXISTS under the name of something else: nothing is built",
  why: `
IF NOT EXISTS asks for the name alone. Indexes share their names with the tables of the schema and the indexes of all of
them, so a short name such as \`tenant_id\` makes one index, on the first table that asks for it. For all others
the statement says so in a notice and succeeds: the migration is recorded, and the index is not there.`,
  instead: "Give the index a name of its own, such as the table's with the columns' behind it.",
  references: ["sql-createindex.html"],
  on: ["create index"],

  *check(index, context) {
    const { schema } = context;
    if (!index.ifNotExists || index.index === null) return;
    const table = schema.findRelation(index.table);
    const name = { schema: table?.schema ?? index.table.schema?.name ?? null, name: index.index.name };
    const found = schema.findRelation(name);
    if (found === undefined) return;
    const is = whatElse(found, table?.id ?? null, index, schema);
    if (is === null) return;
    yield {
      at: { start: index.head.start, end: index.index.span.end },
      message: `Nothing is built on ${context.nameOf(index.table)}: ${context.text(index.index.span)} is ${is} already`,
      showsImpact: false,
      advice: "Give the index a name that nothing else has",
    };
  },
});

/** What has the name; null where it may well be the index that is meant. */
function whatElse(found: Relation, table: number | null, wanted: CreateIndex, schema: Schema): string | null {
  if (found.kind !== "index") return `a ${found.kind}`;
  if (found.table !== table) {
    const other = schema.relationById(found.table);
    return other === undefined ? null : `an index of ${quoteName(other.name)}`;
  }
  const keys = plainKeys(found.keys);
  const own = plainKeys(wanted.elements.map(({ column }) => column?.name ?? null));
  if (keys === null || own === null) return null;
  const columns = keys.map(quoteName).join(", ");
  if (columns !== own.map(quoteName).join(", ")) return `an index on (${columns})`;
  return wanted.unique && !found.unique ? "an index that is not unique" : null;
}

/** Null where an expression is among them. */
function plainKeys(keys: readonly (string | null)[]): readonly string[] | null {
  return keys.every((key) => key !== null) ? keys : null;
}

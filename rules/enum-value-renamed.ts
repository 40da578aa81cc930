import { itemNamed } from "../src/analysis/schema/places.ts";
import type { Action } from "../src/model/action.ts";
import type { Expression } from "../src/model/expression.ts";
import { enumValueRecipe } from "../src/recipes/enum-value.ts";
import { findColumn, isNewColumn } from "../src/recipes/new-columns.ts";
import { renderList, verb } from "../src/recipes/words.ts";
import { type Context, defineRule, type Finding } from "../src/rule.ts";
import { quoteLiteral } from "../src/sql/names.ts";

export default defineRule({
  id: "enum-value-renamed",
  severity: "error",
  category: "compatibility",
  summary: "A value of an enum renamed, or left out when the enum is rebuilt",
  why: `
The running application reads and writes the old value. From the change on it is told a word that it does not know,
and what it writes itself is refused: \`invalid input value for enum\`.`,
  instead: `
Add the new value beside the old one, deploy an application that understands both and writes the new one, then change
the older rows in batches. The old value may stay in the type: it costs nothing.`,
  references: ["sql-altertype.html", "datatype-enum.html"],
  on: ["alter enum", "alter column type"],

  *check(node, context): Iterable<Finding> {
    if (node.kind === "alter column type") {
      yield* checkRebuilt(node, context);
      return;
    }
    if (node.action !== "rename value") return;
    const type = context.schema.findType(node.type);
    if (type !== undefined && context.isNewEntity(type)) return;
    const label = type && itemNamed(type.labels, node.value);
    if (label !== undefined && label.origin !== null && context.isNewEntity(label)) return;
    const written = context.nameOf(node.type);
    yield {
      at: node.head,
      message: `The running application reads and writes ${quoteLiteral(node.value)} of ${written}, which is unknown the moment it is renamed`,
      showsImpact: false,
      rewrite: enumValueRecipe(node, type, context),
      advice: `Then let the application understand both and write ${quoteLiteral(node.newName ?? "")}, change the older rows in batches, and leave ${quoteLiteral(node.value)} in the type`,
    };
  },
});

/** The usual way to lose a value: a new enum, and ALTER COLUMN TYPE from the old one to it. */
function* checkRebuilt(
  action: Extract<Action, { kind: "alter column type" }>,
  context: Context,
): Iterable<Finding> {
  const { schema } = context;
  const { table } = context.table;
  const column = findColumn(table, action.column.name, context);
  if (column === undefined || column.type === null || isNewColumn(table, action.column.name, context)) return;
  const before = schema.findType(column.type);
  const after = schema.findType(action.type);
  if (before?.kind !== "enum" || after?.kind !== "enum" || before.id === after.id) return;
  const kept = new Set(after.labels.map(({ name }) => name));
  const lost = before.labels.filter(({ name }) => !kept.has(name)).map(({ name }) => quoteLiteral(name));
  if (lost.length === 0) return;
  const name = context.text(action.column.span);
  // What CASE and the like make of the old values nobody can tell here.
  const rows = isCastOf(action.using?.value ?? null, action.column.name)
    ? `rows that hold ${verb(lost.length, "it", "one of them")} stop the migration, and `
    : "";
  yield {
    at: action.head,
    message: `${renderList(lost)} ${verb(lost.length, "is", "are")} no value of ${name} any more: ${rows}the running application that writes ${verb(lost.length, "it", "one")} fails`,
    severity: "warning",
    showsImpact: false,
    advice: `Leave ${verb(lost.length, "the value", "the values")} in the type, unused`,
  };
}

/** Whether USING hands the values over as they are: the column, cast or not. Null: there is no USING. */
function isCastOf(using: Expression | null, column: string): boolean {
  let value = using;
  while (value?.kind === "cast") value = value.argument;
  return value === null || (value.kind === "column" && value.path.at(-1) === column);
}

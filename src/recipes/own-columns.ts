import { actionsOn, hasActionOn } from "../analysis/same-statement.ts";
import { walkExpression } from "../model/expression.ts";
import type { Constraint } from "../model/table.ts";
import type { Context, Migration } from "../rule.ts";
import type { AddColumn } from "./add-column.ts";
import { renderList, verb } from "./words.ts";

/**
 * The steps of a constraint over columns that the same ALTER TABLE adds: they say that the columns come first, since the rest of
 * the statement is none of theirs.
 */
export function afterOwnColumns(
  steps: readonly Migration[],
  constraint: Constraint,
  context: Context,
): Migration[] {
  const added = [...new Set(columnsOf(constraint))]
    .flatMap((name) => actionsOn(context.table, "add column", name))
    .map(({ column }) => column.name.span)
    .sort((a, b) => a.start - b.start)
    .map((span) => context.text(span));
  const [first, ...rest] = steps;
  if (first === undefined || added.length === 0 || first.after !== undefined) return [...steps];
  return [{ ...first, after: `${renderList(added)} ${verb(added.length, "is", "are")} there` }, ...rest];
}

/** For the step that adds a column: where the same ALTER TABLE drops one of that name, it has to go first. */
export function afterOldColumn(action: AddColumn, context: Context): { readonly after?: string } {
  const { name, span } = action.column.name;
  return hasActionOn(context.table, "drop column", name)
    ? { after: `the old ${context.text(span)} is dropped` }
    : {};
}

function columnsOf(constraint: Constraint): readonly string[] {
  if (constraint.kind === "not null") return [constraint.column.name];
  if (constraint.kind === "exclusion") return [];
  if (constraint.kind !== "check") return constraint.columns.map(({ name }) => name);
  const columns: string[] = [];
  walkExpression(constraint.expression.value, (node) => {
    const column = node.kind === "column" ? node.path.at(-1) : undefined;
    if (column !== undefined) columns.push(column);
  });
  return columns;
}

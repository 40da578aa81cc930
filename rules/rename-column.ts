import type { QualifiedName } from "../src/model/name.ts";
import { renamedAttribute } from "../src/recipes/attributes.ts";
import { columnNameRecipe } from "../src/recipes/column-name.ts";
import { findColumn, isNewColumn } from "../src/recipes/new-columns.ts";
import { fieldsMissed } from "../src/recipes/trigger-fields.ts";
import { defineRule, type LooseEnd } from "../src/rule.ts";
import { truncateName } from "../src/sql/names.ts";

export default defineRule({
  id: "rename-column",
  severity: "error",
  category: "compatibility",
  summary: "RENAME COLUMN of a column that the running application may use",
  why: `
The old version of the application knows the old name only, the new version the new name only. There is no moment at
which both could work: from the rename until the last old process is gone, queries fail.

Inside the database nothing breaks: views, indexes and foreign keys follow the column. Functions whose bodies are text
do not: they fail when they are called. An attribute of a composite type is to its queries what a column is.`,
  instead: `
Most often the old name can stay, and the application calls it something else. Otherwise add a column of the new name,
keep both equal with a trigger, fill it in batches, move the application over, and drop the old column.`,
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME"],
  aliases: ["renaming-column"],
  on: ["rename"],

  *check(rename, context) {
    if (rename.object === "attribute") yield* renamedAttribute(rename, context);
    if (rename.object !== "column" || rename.part === null) return;
    const { part, target, to } = rename;
    if (isNewColumn(target, part.name, context)) return;
    const column = findColumn(target, part.name, context);
    const { notes } = context;
    const known = context.schema.findTable(target);
    const names = (name: string) => `${known?.id} ${truncateName(name)}`;
    const isGiven = column !== undefined && notes.get(String(column.id)) === column.name;
    const takesOver = notes.has(names(to.name));
    notes.set(names(part.name), "");
    if (column !== undefined) notes.set(String(column.id), truncateName(to.name));
    // A name that was given in the same release is nobody's yet.
    if (isGiven) return;
    const name = context.text(part.span);
    yield* fieldsMissed(target, part.name, rename.head, `${name} is renamed`, context);
    const steps = column === undefined || takesOver ? null : columnNameRecipe(rename, column, context);
    yield {
      at: rename.head,
      message: `Queries of the running application that name ${name} of ${context.nameOf(target)} fail the moment it is renamed`,
      showsImpact: false,
      // It takes the place of what the application uses; most often a trigger alone has written it.
      ...(takesOver ? { severity: "warning" as const } : {}),
      ...(steps === null
        ? {
            advice: takesOver
              ? `Let a trigger write ${name}, and swap the columns when no running version of the application names it`
              : `Keep the name and map it in the application; or add a column ${context.text(to.span)}, write both, fill the older rows, and drop ${name} once nothing reads it`,
          }
        : { rewrite: steps }),
      // Another column takes its place, as in a swap. A new one has none of its values.
      looseEnd: isTaken(target, column?.name, new Set(known?.columns.map(({ id }) => id))),
    };
  },
});

function isTaken(table: QualifiedName, name: string | undefined, by: ReadonlySet<number>): LooseEnd {
  return {
    by: "file",
    isSettled(end) {
      const column = end.findTable(table)?.columns.find((one) => one.name === name);
      return column !== undefined && by.has(column.id);
    },
  };
}

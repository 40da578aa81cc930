import { columnNameRecipe } from "../src/recipes/column-name.ts";
import { findColumn, isNewColumn } from "../src/recipes/new-columns.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "rename-column",
  severity: "error",
  category: "compatibility",
  summary: "RENAME COLUMN of a column that the running application may use",
  why: `
The old version of the application knows the old name only, the new version the new name only. There is no moment at
which both could work: from the rename until the last old process is gone, queries fail.

Inside the database nothing breaks: views, indexes and foreign keys follow the column. Functions whose bodies are text
do not: they fail when they are called.`,
  instead: `
Most often the old name can stay, and the application calls it something else. Otherwise add a column of the new name,
keep both equal with a trigger, fill it in batches, move the application over, and drop the old column.`,
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME"],
  aliases: ["renaming-column"],
  on: ["rename"],

  *check(rename, context) {
    if (rename.object !== "column" || rename.part === null) return;
    const { part } = rename;
    if (isNewColumn(rename.target, part.name, context)) return;
    const column = findColumn(rename.target, part.name, context);
    const steps = column === undefined ? null : columnNameRecipe(rename, column, context);
    const name = context.text(part.span);
    yield {
      at: rename.head,
      message: `Queries of the running application that name ${name} of ${context.nameOf(rename.target)} fail the moment it is renamed`,
      showsImpact: false,
      ...(steps === null
        ? {
            advice: `Keep the name and map it in the application; or add a column ${context.text(rename.to.span)}, write both, fill the older rows, and drop ${name} once nothing reads it`,
          }
        : { rewrite: steps }),
    };
  },
});

import type { Action } from "../src/model/action.ts";
import type { CheckConstraint, Constraint } from "../src/model/table.ts";
import {
  type AddColumn,
  addColumnWithout,
  addRemainder,
  isRequiredVirtual,
} from "../src/recipes/add-column.ts";
import { checkRecipe } from "../src/recipes/check.ts";
import { afterOldColumn, afterOwnColumns } from "../src/recipes/own-columns.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";

export default defineRule({
  id: "check-without-not-valid",
  severity: "error",
  category: "lock",
  summary: "CHECK constraint that reads every row while nobody can use the table",
  why: `
ADD CONSTRAINT ... CHECK takes an ACCESS EXCLUSIVE lock and then reads the whole table, to be sure that every row obeys. Until it is done,
reads and writes wait.

With NOT VALID only new and changed rows are checked, and the statement touches the catalog alone. VALIDATE CONSTRAINT reads the
older rows later, under a lock that lets others read and write. A CHECK behind ADD COLUMN reads all rows too, even
where all of them get null.`,
  instead: "Add the constraint NOT VALID, and validate it in a later transaction.",
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
    "sql-altertable.html#SQL-ALTERTABLE-NOTES",
  ],
  aliases: ["constraint-missing-not-valid"],
  on: ["add constraint", "add column"],

  *check(action: Action, context) {
    if (context.hasNoRows(context.table.table)) return;
    const { scans, rewrites } = context.effects;
    // A table rewrite checks the rows on its way: its rule says how to do both.
    if (scans.length === 0 || rewrites.length > 0) return;
    const message = (name: string) =>
      `Reads and writes of ${context.nameOf(context.table.table)} wait while every row is checked against ${name}`;
    if (action.kind === "add constraint") {
      const { constraint } = action;
      if (constraint.kind !== "check" || constraint.notValid) return;
      yield {
        at: action.head,
        message: message(nameOf(constraint, context)),
        rewrite: afterOwnColumns(checkRecipe(constraint, context), constraint, context),
      };
    }
    if (action.kind !== "add column") return;
    const check = action.column.constraints.find(isScanned);
    if (check === undefined || action.column.constraints.some(isKey)) return;
    yield { at: check.span, message: message(nameOf(check, context)), rewrite: columnSteps(action, context) };
  },
});

function isScanned(constraint: Constraint): constraint is CheckConstraint {
  return constraint.kind === "check" && !constraint.notEnforced;
}

/** With UNIQUE or PRIMARY KEY beside it constraint-builds-index tells how to add both. */
function isKey({ kind }: Constraint): boolean {
  return kind === "unique" || kind === "primary key";
}

function nameOf(check: CheckConstraint, context: Context): string {
  return check.name === null ? "a CHECK constraint" : context.text(check.name.span);
}

function columnSteps(action: AddColumn, context: Context): Migration[] {
  const checks = action.column.constraints.filter(isScanned);
  const isRequired = isRequiredVirtual(action.column);
  const sql = addColumnWithout(action, { constraints: isScanned, notNull: isRequired }, context);
  const [first, ...rest] = addRemainder(action, { isRequired, constraints: checks }, context);
  if (first === undefined) return [];
  // The column is new in this very transaction: the constraint costs nothing more.
  return [
    {
      ...first,
      sql: `${sql}\n${first.sql}`,
      title: "Add the column, then the constraint; no row is read",
      ...afterOldColumn(action, context),
    },
    ...rest,
  ];
}

import type { Table } from "../src/analysis/entities.ts";
import { itemNamed } from "../src/analysis/schema/places.ts";
import { defineRule, type LooseEnd } from "../src/rule.ts";

export default defineRule({
  id: "constraint-never-validated",
  severity: "warning",
  category: "loose-end",
  summary: "A constraint added NOT VALID that no later migration validates",
  why: `
NOT VALID is the first half of a constraint: new rows are checked, old rows are not. Until VALIDATE CONSTRAINT has
read them nobody knows whether they obey it, and the planner does not rely on it. An old row that breaks a CHECK also
refuses every UPDATE, whatever column it is about.

This is told by the end of all migrations that were read, at the statement that left it open.`,
  instead:
    "Validate it in a migration of its own. VALIDATE CONSTRAINT reads the table while others read and write.",
  references: ["sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT"],
  on: ["add constraint"],

  *check(action, context) {
    const { constraint } = action;
    if (!constraint.notValid || constraint.notEnforced) return;
    const { table } = context.table;
    const before = context.schema.findTable(table);
    const addedTo = (after: Table) => {
      if (constraint.name !== null) return constraint.name.name;
      const isOld = (name: string) =>
        before !== undefined && itemNamed(before.constraints, name) !== undefined;
      return after.constraints.find((one) => !one.validated && !isOld(one.name))?.name;
    };
    const written = context.nameOf(table);
    const name = constraint.name === null ? null : context.text(constraint.name.span);
    yield {
      at: action.head,
      message: `Nothing ever validates ${name ?? "this constraint"}: old rows of ${written} may break it`,
      showsImpact: false,
      ...(name === null
        ? {
            advice:
              "Validate it in the next migration, with VALIDATE CONSTRAINT and the name that the server chose",
          }
        : {
            rewrite: [
              {
                title: "Read the rows while others read and write",
                sql: `ALTER TABLE ${written} VALIDATE CONSTRAINT ${name};`,
                transaction: true,
                after: "this migration is committed, and old rows that break it are corrected",
              },
            ],
          }),
      looseEnd(after) {
        const then = after.findTable(table);
        return then === undefined ? settled : validated(then.id, addedTo(then));
      },
    };
  },
});

const settled: LooseEnd = { by: "history", isSettled: () => true };

function validated(table: number, name: string | undefined): LooseEnd {
  return {
    by: "history",
    isSettled(end) {
      const last = end.tableById(table);
      const own = last === undefined || name === undefined ? undefined : itemNamed(last.constraints, name);
      return own?.validated !== false;
    },
  };
}

import type { TableConstraint } from "../src/analysis/entities.ts";
import { settingsOfQuery } from "../src/analysis/set-config.ts";
import { type Context, defineRule, type Memory } from "../src/rule.ts";

/** Of each table, by its bare name, the last statement of the unit that enables triggers; they are counted from 0. */
const enabled: Memory<{ statements: number; readonly last: Map<string, number> }> = {
  start: () => ({ statements: 0, last: new Map() }),
  note(kept, statement) {
    const position = kept.statements++;
    if (statement.kind === "alter table" && statement.actions.some(({ kind }) => kind === "enable trigger"))
      kept.last.set(statement.table.name.name, position);
  },
};

export default defineRule({
  id: "disabled-triggers",
  severity: "warning",
  category: "data",
  summary: "Triggers switched off: foreign keys are not checked meanwhile",
  why: `
Foreign keys are checked by triggers. With DISABLE TRIGGER ALL, or in a session with session_replication_role = replica, rows
that break them are let in, and nothing checks them later: the constraint still says that it is valid.

DISABLE TRIGGER USER leaves foreign keys alone, but audit, search and denormalising triggers of the application miss
everything that happens meanwhile, in every session.`,
  instead: `
Leave the triggers on, or write rows that break no key. Where it has to be, switch them on again in the same migration, and
prove the foreign keys afterwards: drop each, add it again NOT VALID, and validate it.`,
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER",
    "runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE",
  ],
  on: ["disable trigger", "set", "select"],
  remembers: [enabled],

  *check(node, context) {
    if (node.kind !== "disable trigger") {
      const settings = node.kind === "set" ? [node] : settingsOfQuery(node.query);
      if (!settings.some(isReplica)) return;
      yield {
        at: node.head,
        message: "From here on no foreign key is checked and no ordinary trigger fires on this connection",
        showsImpact: false,
        advice:
          "Leave session_replication_role alone, and load the rows in an order that the foreign keys allow",
      };
      return;
    }
    if (typeof node.trigger !== "string" || context.isNew(context.table.table)) return;
    const table = context.nameOf(context.table.table);
    const message =
      node.trigger === "all"
        ? `Until they are enabled again no trigger of ${table} fires, and its foreign keys are not checked`
        : `Until they are enabled again the triggers of ${table} fire for nobody, the application included`;
    const keys = foreignKeysOf(context);
    const { trigger } = node;
    const name = context.table.table.name.name;
    const kept = context.recall(enabled);
    const position = kept.statements;
    yield {
      at: node.head,
      message,
      advice: `Enable them again in this migration${keys.length > 0 && trigger === "all" ? `, and prove ${keys.join(", ")} anew` : ""}`,
      looseEnd: {
        by: "file",
        // For ALL, enabling them again is half of it: rows that came in meanwhile were never checked.
        isSettled: () => trigger === "user" && (kept.last.get(name) ?? -1) >= position,
      },
    };
  },
});

function isReplica({ name, value }: { readonly name: string; readonly value: string | null }): boolean {
  return name === "session_replication_role" && value?.toLowerCase() === "replica";
}

function foreignKeysOf(context: Context): string[] {
  const constraints: readonly TableConstraint[] =
    context.schema.findTable(context.table.table)?.constraints ?? [];
  return constraints.filter(({ kind }) => kind === "foreign key").map(({ name }) => name);
}

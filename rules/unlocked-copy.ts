import { labelOf } from "../src/analysis/effect.ts";
import type { CreateTableAs } from "../src/model/definitions.ts";
import { blocksWrites } from "../src/model/locks.ts";
import type { QualifiedName } from "../src/model/name.ts";
import type { Insert } from "../src/model/query.ts";
import { type Context, defineRule, type LooseEnd, type Memory } from "../src/rule.ts";
import { splitQualified } from "../src/sql/names.ts";

/** By the label of a table: into which tables the unit has copied its rows, while nothing kept writers out of it. */
const copies: Memory<Map<string, QualifiedName[]>> = {
  start: () => new Map(),
  // What is locked by then only the rule is told: it notes the copies itself.
  note() {},
};

export default defineRule({
  id: "unlocked-copy",
  severity: "warning",
  category: "data",
  summary: "A table whose copy takes its place, while its writers went on",
  why: `
INSERT ... SELECT copies the rows that are committed when it starts, and keeps no writer out. What others write from then on, until
the names are swapped, is in the old table alone: the application does not find it any more, and nobody is told. One
transaction around all of it changes nothing, since the rename waits for the writers and does not copy what they have written.`,
  instead: `
Let a trigger write every change to both tables, copy the old rows in batches, compare, and swap the names in a transaction of
its own. Where the copy takes a moment only, lock the table first, in the same transaction: \`LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE\`.`,
  references: ["sql-lock.html", "transaction-iso.html#XACT-READ-COMMITTED"],
  on: ["insert", "create table as", "rename"],
  remembers: [copies],

  *check(statement, context) {
    if (statement.kind !== "rename") {
      noteCopy(statement, context);
      return;
    }
    const { object, part, target } = statement;
    if (object !== "table" || part !== null || context.isNew(target)) return;
    const into = context.recall(copies).get(labelIn(target, context)) ?? [];
    const [first] = into;
    if (first === undefined) return;
    const taking = new Set(into.map((name) => context.schema.findTable(name)?.id));
    const written = context.nameOf(target);
    yield {
      at: statement.head,
      message: `What is written to ${written} after its rows were copied into ${context.nameOf(first)} stays behind in ${context.text(statement.to.span)}: nothing keeps writers out in between`,
      showsImpact: false,
      advice: `Let a trigger write to both tables before you copy; or, where the copy takes a moment only, put LOCK TABLE ${written} IN SHARE ROW EXCLUSIVE MODE before it, in one transaction with all of it`,
      looseEnd: staysAside(taking, target),
    };
  },
});

function noteCopy(statement: Insert | CreateTableAs, context: Context): void {
  const waited = new Set(context.waitedFor().map(({ relation }) => relation));
  for (const label of context.effects.scans) {
    const held = context.session.locks.get(label);
    if (!waited.has(label) || (held !== undefined && blocksWrites(held.mode))) continue;
    // A trigger may well write to both.
    const table = context.schema.findTable(splitQualified(label));
    if (table === undefined || table.triggers.length > 0) continue;
    const kept = context.recall(copies);
    kept.set(label, [...(kept.get(label) ?? []), statement.table]);
  }
}

function labelIn(name: QualifiedName, context: Context): string {
  const schema = context.schema.findTable(name)?.schema ?? name.schema?.name ?? "public";
  return labelOf({ schema, name: name.name.name });
}

function staysAside(taking: ReadonlySet<number | undefined>, name: QualifiedName): LooseEnd {
  return {
    by: "file",
    isSettled(end) {
      const found = end.findTable(name);
      return found === undefined || !taking.has(found.id);
    },
  };
}

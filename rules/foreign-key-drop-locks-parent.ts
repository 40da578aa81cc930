import type { Table, TableConstraint } from "../src/analysis/entities.ts";
import type { Action } from "../src/model/action.ts";
import type { Drop } from "../src/model/statement.ts";
import { isBriefAndBounded, lockTimeoutSql } from "../src/recipes/alone.ts";
import { relationSql } from "../src/recipes/names.ts";
import { terminated } from "../src/recipes/text.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";
import { quoteName, splitQualified } from "../src/sql/names.ts";

type ForeignKey = Extract<TableConstraint, { readonly kind: "foreign key" }>;

export default defineRule({
  id: "foreign-key-drop-locks-parent",
  severity: "warning",
  category: "lock",
  summary: "Dropping a foreign key, its column or its table, which locks the referenced table as well",
  why: `
A foreign key has triggers on both tables. Dropping it takes an ACCESS EXCLUSIVE lock on the referenced table too, which is often the busiest of
all: it waits for every transaction that uses that table, and all later reads and writes queue behind it. The same happens
when the column or the whole table goes that the foreign key belongs to.`,
  instead: `
Drop the foreign key first, in a transaction of its own and under a lock_timeout. The column or the table that it belonged to can then go
without touching the other.`,
  references: ["sql-altertable.html", "sql-droptable.html", "explicit-locking.html"],
  on: ["drop constraint", "drop column", "drop"],

  *check(node: Action | Drop, context) {
    const { fails, uncertain } = context.effects;
    if ((fails !== null && uncertain === null) || isBriefAndBounded(context)) return;
    const dropped = droppedKeys(node, context);
    const parents = new Set(dropped.flatMap(({ key }) => lockedParent(key, context)));
    if (parents.size === 0) return;
    // The locks are kept to the end of the transaction: the next key to the same table changes nothing.
    const isNews = [...parents].map((parent) => context.isFirstInTransaction(parent));
    if (!isNews.includes(true)) return;
    yield {
      at: node.head,
      message: `Reads and writes of ${renderList([...parents])} wait as well, since ${dropped.length === 1 ? "a foreign key that goes points" : "foreign keys that go point"} at ${parents.size === 1 ? "it" : "them"}`,
      rewrite: stepsFor(node, dropped, context),
    };
  },
});

interface DroppedKey {
  readonly key: ForeignKey;
  readonly table: Table;
}

function droppedKeys(node: Action | Drop, context: Context): DroppedKey[] {
  const { schema } = context;
  if (node.kind === "drop") {
    if (node.object !== "table") return [];
    const going = node.names.flatMap((name) => schema.findTable(name) ?? []);
    return going.flatMap((table) =>
      keysOf(table)
        .filter(({ references }) => !going.some(({ id }) => id === references.id))
        .map((key) => ({ key, table })),
    );
  }
  const table = schema.findTable(context.table.table);
  if (table === undefined) return [];
  const goes = (key: ForeignKey) => {
    if (node.kind === "drop constraint") return key.name === node.constraint.name;
    return node.kind === "drop column" && key.columns.includes(node.column.name);
  };
  return keysOf(table)
    .filter((key) => goes(key) && key.references.id !== table.id)
    .map((key) => ({ key, table }));
}

function keysOf(table: Table): readonly ForeignKey[] {
  return table.constraints.filter((one) => one.kind === "foreign key");
}

/** The referenced table, if others may wait for it. */
function lockedParent(key: ForeignKey, context: Context): string[] {
  const { id, schema, name } = key.references;
  const lock = context
    .waitedFor()
    .find((one) => (id === null ? splitQualified(one.relation).name === name : one.id === id));
  return lock?.mode === "ACCESS EXCLUSIVE" ? [relationSql({ schema, name })] : [];
}

function stepsFor(node: Action | Drop, dropped: readonly DroppedKey[], context: Context): Migration[] {
  const timeout = lockTimeoutSql(context);
  const exists = "ifExists" in node && node.ifExists ? "IF EXISTS " : "";
  const alter = ({ key, table }: DroppedKey) => {
    const name =
      node.kind === "drop" ? `${exists}${relationSql(table)}` : context.nameOf(context.table.table);
    return `ALTER TABLE ${name} DROP CONSTRAINT ${exists}${quoteName(key.name)};`;
  };
  const first = dropped.map(
    (one, k): Migration => ({
      title:
        k === 0
          ? "Drop the foreign key by itself; it gives up if it has to wait, and can be run again"
          : "The same for the next one",
      ...(k > 0 && { after: "the step before is committed" }),
      sql: `${timeout}\n${alter(one)}`,
      transaction: true,
    }),
  );
  if (node.kind === "drop constraint") return first;
  return [
    ...first,
    {
      title: "Then the rest, which locks the referenced table no more",
      sql: `${timeout}\n${terminated(context.text(context.statement.span))}`,
      transaction: true,
      after: "the step before is committed",
    },
  ];
}

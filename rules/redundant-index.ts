import type { Index } from "../src/analysis/entities.ts";
import type { Schema } from "../src/analysis/schema.ts";
import type { CreateIndex } from "../src/model/statement.ts";
import type { KeyConstraint } from "../src/model/table.ts";
import { relationSql } from "../src/recipes/names.ts";
import { defineRule, type Finding, type LooseEnd } from "../src/rule.ts";
import { quoteName } from "../src/sql/names.ts";

/** What of an index decides whether another makes it superfluous. */
interface Keys {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
}

export default defineRule({
  id: "redundant-index",
  severity: "off",
  category: "loose-end",
  summary: "An index whose columns another index of the table begins with",
  why: `
An index on \`(a, b)\` also finds rows by \`a\`. A second index on \`(a)\` finds nothing that the first does not; it
has to be written by every INSERT and most UPDATEs, and takes room on disk and in memory.

It is off by default: the shorter one can be so much smaller that it is worth having.`,
  instead: "Drop the shorter index, or do not create it.",
  references: ["indexes-multicolumn.html"],
  on: ["create index", "add constraint"],

  *check(node, context): Iterable<Finding> {
    const name = node.kind === "create index" ? node.table : context.table.table;
    const table = context.schema.findRelation(name);
    const created =
      node.kind === "create index"
        ? keysOfIndex(node)
        : keysOfConstraint(
            node.constraint.kind === "unique" || node.constraint.kind === "primary key"
              ? node.constraint
              : null,
          );
    if (table === undefined || created === null) return;
    for (const index of context.schema.indexesOf(table.id)) {
      const existing = keysOf(index);
      if (existing === null) continue;
      if (node.kind === "create index" && isCovered(created, existing)) {
        yield {
          at: node.head,
          message: `This index finds nothing that ${quoteName(index.name)} does not find: its columns come first there`,
          showsImpact: false,
          advice: "Leave it out",
          looseEnd: (after) => bothStay(madeBetween(context.schema, after, table.id), table.id, index.id),
        };
        return;
      }
      if (index.constraint === null && isCovered(existing, created)) {
        const old = relationSql(index);
        yield {
          at: node.head,
          message: `${old} finds nothing any more that this index does not find: its columns come first here`,
          rewrite: [
            {
              title: "Drop the shorter index",
              sql: `DROP INDEX CONCURRENTLY ${old};`,
              transaction: false,
              after: "the longer index is built",
            },
          ],
          showsImpact: false,
          looseEnd: (after) => bothStay(madeBetween(context.schema, after, table.id), table.id, index.id),
        };
        return;
      }
    }
  },
});

/** Whether the first index adds nothing to the second. A unique one always adds its rule, unless the other has the same. */
function isCovered(short: Keys, long: Keys): boolean {
  const isPrefix =
    short.columns.length <= long.columns.length &&
    short.columns.every((column, k) => column === long.columns[k]);
  if (!isPrefix) return false;
  return !short.unique || (long.unique && short.columns.length === long.columns.length);
}

function keysOfIndex(index: CreateIndex): Keys | null {
  const isPlain =
    index.method === "btree" &&
    index.where === null &&
    index.including.length === 0 &&
    index.elements.every(
      (one) =>
        one.column !== null &&
        one.collation === null &&
        one.operatorClass === null &&
        !one.descending &&
        one.nullsFirst !== true,
    );
  if (!isPlain) return null;
  return {
    name: index.index?.name ?? "",
    unique: index.unique,
    columns: index.elements.flatMap((one) => one.column?.name ?? []),
  };
}

function keysOfConstraint(key: KeyConstraint | null): Keys | null {
  if (key === null || key.columns.length === 0) return null;
  return { name: key.name?.name ?? "", unique: true, columns: key.columns.map(({ name }) => name) };
}

function keysOf(index: Index): Keys | null {
  if (
    index.method !== "btree" ||
    index.isPartial ||
    index.hasExpression ||
    index.including.length > 0 ||
    !index.hasPlainKeys
  )
    return null;
  return { name: index.name, unique: index.unique, columns: index.keys.flatMap((key) => key ?? []) };
}

/** The ids of indexes that the statement has made. */
function madeBetween(before: Schema, after: Schema, table: number): number[] {
  const known = new Set(before.indexesOf(table).map(({ id }) => id));
  return after.indexesOf(table).flatMap(({ id }) => (known.has(id) ? [] : id));
}

function bothStay(made: readonly number[], table: number, old: number): LooseEnd {
  return {
    by: "history",
    isSettled(end) {
      const last = new Set(end.indexesOf(table).map(({ id }) => id));
      return !(last.has(old) && made.some((id) => last.has(id)));
    },
  };
}

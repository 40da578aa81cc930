import type { Table } from "../src/analysis/entities.ts";
import { defineRule, type Finding, type LooseEnd } from "../src/rule.ts";

export default defineRule({
  id: "table-without-primary-key",
  severity: "off",
  category: "loose-end",
  summary: "A table that never gets a primary key",
  why: `
Without a primary key two equal rows cannot be told apart. Logical replication then refuses UPDATE and DELETE on the
table, unless it is told another replica identity, and nothing names the rows of a batch.`,
  instead: "Give the table a primary key; an identity column will do where no column is a key by itself.",
  references: ["ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS", "logical-replication-publication.html"],
  on: ["create table", "create table as"],

  *check(create, context): Iterable<Finding> {
    if (create.persistence === "temporary") return;
    if (create.kind === "create table as" && create.object !== "table") return;
    // A partition has the key of its parent; a foreign table cannot have one.
    if (create.kind === "create table" && (create.partitionOf !== null || create.isForeign)) return;
    yield {
      at: create.table.span,
      message: `${context.nameOf(create.table)} never gets a primary key`,
      showsImpact: false,
      advice: "Declare a primary key with the table",
      looseEnd: (after) => getsKey(after.findTable(create.table)?.id),
    };
  },
});

function getsKey(id: number | undefined): LooseEnd {
  return {
    by: "history",
    isSettled(end) {
      const table: Table | undefined = id === undefined ? undefined : end.tableById(id);
      // With LIKE, or over a table that was there before, the history does not know it all.
      if (table === undefined || table.partitionOf !== null || !table.isComplete) return true;
      return table.constraints.some(({ kind }) => kind === "primary key");
    },
  };
}

import { shortName } from "../src/analysis/effect.ts";
import type { Action } from "../src/model/action.ts";
import type { Statement } from "../src/model/statement.ts";
import { outsideTransaction } from "../src/recipes/create-index.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule, type Finding, type NodeOf } from "../src/rule.ts";

export default defineRule({
  id: "table-rewrite",
  severity: "error",
  category: "lock",
  summary: "SET LOGGED, SET UNLOGGED, SET ACCESS METHOD or SET TABLESPACE of a table that may hold rows",
  why: `
These copy the whole table into new files under an ACCESS EXCLUSIVE lock: nobody reads or writes it until the copy is done, and there has to
be room on disk for both. SET LOGGED writes all of it to the write-ahead log as well, which replicas have to read. So do functions
of extensions: UpdateGeometrySRID() of PostGIS, and create_hypertable(..., migrate_data => true) of TimescaleDB.`,
  instead: `
Make a new table that is as it should be, copy the rows in batches while a trigger keeps both in step, and swap the names. pg_repack does
that for a tablespace. Or choose a planned window, with a lock_timeout in front of it.`,
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-SET-LOGGED-UNLOGGED",
    "sql-altertable.html#SQL-ALTERTABLE-DESC-SET-TABLESPACE",
  ],
  on: [
    "set logged",
    "set unlogged",
    "set access method",
    "set tablespace",
    "alter all in tablespace",
    "select",
  ],

  *check(node: Action | Statement, context) {
    const { effects } = context;
    if (effects.fails !== null && effects.uncertain === null) return;
    if (node.kind === "alter all in tablespace") {
      const which =
        node.object === "index" ? "indexes" : node.object === "table" ? "tables" : "materialized views";
      yield {
        at: node.head,
        message: `Reads and writes wait while all ${which} of tablespace ${node.from} are copied, one after the other, to the end`,
        advice: `Move them one by one, each in a migration of its own`,
      };
      return;
    }
    if (node.kind === "select") {
      yield* byCall(node, context);
      return;
    }
    if (context.isNew(context.table.table)) return;
    const name = context.nameOf(context.table.table);
    if (effects.rewrites.length > 0) {
      yield {
        at: node.head,
        message: `Reads and writes of ${name} wait while the whole table is copied`,
        advice,
      };
      return;
    }
    if (node.kind !== "set tablespace" || effects.buildsIndexes.length === 0) return;
    const message = `Queries of the table of ${name} wait while the index is copied`;
    if (context.version < 14) {
      yield {
        at: node.head,
        message,
        advice:
          "Build a like index in the other tablespace with CREATE INDEX CONCURRENTLY, and drop this one with DROP INDEX CONCURRENTLY",
      };
      return;
    }
    const sql = `REINDEX (TABLESPACE ${context.text(node.tablespace.span)}) INDEX CONCURRENTLY ${name};`;
    yield {
      at: node.head,
      message,
      rewrite: outsideTransaction(
        "Build it anew in the other tablespace while others read and write",
        [sql],
        context,
      ),
    };
  },
});

/** A function of an extension may write a whole table anew. */
function* byCall(node: NodeOf<"select">, context: Context): Iterable<Finding> {
  const waited = context.waitedFor().filter(({ relation }) => context.effects.rewrites.includes(relation));
  if (waited.length === 0) return;
  const names = renderList(waited.map(({ relation }) => shortName(relation)));
  yield {
    at: node.head,
    message: `Reads and writes of ${names} wait while this call writes every row anew`,
    advice,
  };
}

const advice =
  "Make a new table that is as it should be, copy the rows in batches while a trigger keeps both in step, and swap the names. Or choose a planned window, with a lock_timeout in front of it";

import type { Relation } from "../src/analysis/entities.ts";
import type { Schema } from "../src/analysis/schema.ts";
import type { Reindex } from "../src/model/statement.ts";
import { concurrentlyInPlace, withFix } from "../src/recipes/alone.ts";
import { outsideTransaction } from "../src/recipes/create-index.ts";
import { relationSql } from "../src/recipes/names.ts";
import { editedText, terminated } from "../src/recipes/text.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "reindex-without-concurrently",
  severity: "error",
  category: "lock",
  summary: "REINDEX without CONCURRENTLY",
  why: `
REINDEX takes a SHARE lock on the table, so that writes wait until the index is rebuilt, and an ACCESS EXCLUSIVE lock on the index.
PostgreSQL looks at every index of a table when it plans a query: new queries on the table wait as well, even those that would not
use the index.

REINDEX CONCURRENTLY builds the new index beside the old one while others read and write. It cannot run in a transaction. If it
is cancelled it leaves an INVALID index whose name ends in \`_ccnew\`, or \`_ccold\` if it had got as far as swapping: drop that and
run it again.`,
  instead: "REINDEX ... CONCURRENTLY, outside a transaction.",
  references: ["sql-reindex.html#SQL-REINDEX-CONCURRENTLY"],
  aliases: ["require-concurrent-reindex"],
  on: ["reindex"],

  *check(reindex, context) {
    const { effects, schema } = context;
    if (reindex.concurrently || reindex.object === "system" || isCatalogue(reindex, schema)) return;
    if (effects.fails !== null && effects.uncertain === null) return;
    const target = reindex.target === null ? undefined : schema.findRelation(reindex.target);
    const isWhole = reindex.object === "schema" || reindex.object === "database";
    if (!isWhole && isUntouched(reindex, target, context)) return;
    const message = isWhole
      ? `Writes to every table of the ${reindex.object}, and new queries on it, wait until its indexes are rebuilt`
      : messageOf(reindex, target, context);
    // Indexes of exclusion constraints have no gentle way.
    if (isExclusion(target, context)) {
      yield { at: reindex.head, message, advice: adviceForExclusion };
      return;
    }
    const edits = [{ start: reindex.head.end, end: reindex.head.end, text: " CONCURRENTLY" }];
    const statement = terminated(editedText(context.sourceText, reindex.span, edits));
    yield {
      at: reindex.head,
      message,
      ...withFix(concurrentlyInPlace(reindex.head.end, context)),
      rewrite: outsideTransaction("Rebuild while others read and write", [statement], context),
    };
  },
});

const adviceForExclusion =
  "The index of an exclusion constraint cannot be rebuilt concurrently: choose a quiet time, and set lock_timeout so that it gives up instead of queueing";

function isCatalogue(reindex: Reindex, known: Schema): boolean {
  const { target, object } = reindex;
  if (target === null || object === "database") return false;
  const schema = object === "schema" ? target.name.name : target.schema?.name;
  if (schema !== undefined) return schema === "pg_catalog" || schema === "pg_toast";
  // Every search path begins with the catalogue.
  return target.name.name.startsWith("pg_") && known.findRelation(target) === undefined;
}

/** A new table, or one of which nothing is rebuilt: before 14 a partitioned table is passed over with a warning. */
function isUntouched(reindex: Reindex, target: Relation | undefined, context: Context): boolean {
  const table = target?.kind === "index" ? context.schema.relationById(target.table) : target;
  if (table !== undefined && (context.isNewEntity(table) || isTemporary(table))) return true;
  if (reindex.object === "index") return false;
  return table?.kind === "table" && table.partitionBy !== null && context.version < 14;
}

function isTemporary(relation: Relation): boolean {
  return relation.kind === "table" && relation.persistence === "temporary";
}

function messageOf(reindex: Reindex, target: Relation | undefined, context: Context): string {
  const written = reindex.target === null ? "" : context.nameOf(reindex.target);
  if (reindex.object === "table")
    return `Writes to ${written}, and new queries on it, wait until its indexes are rebuilt`;
  const table = target?.kind === "index" ? context.schema.relationById(target.table) : undefined;
  const whose = table === undefined ? `the table of ${written}` : relationSql(table);
  return `Writes to ${whose}, and new queries on it, wait until ${written} is rebuilt`;
}

function isExclusion(target: Relation | undefined, context: Context): boolean {
  if (target?.kind !== "index" || target.constraint === null) return false;
  const table = context.schema.tableById(target.table);
  return (
    table?.constraints.some(({ kind, name }) => kind === "exclusion" && name === target.constraint) === true
  );
}

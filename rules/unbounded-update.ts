import { type ChangingStatement, changesOf, changingKinds } from "../src/analysis/changes.ts";
import { labelOf } from "../src/analysis/effect.ts";
import { boundOf } from "../src/analysis/row-bounds.ts";
import { isSystemName } from "../src/analysis/schema/name-parts.ts";
import type { DataChange, Delete, Merge, Update } from "../src/model/query.ts";
import { batchKey } from "../src/recipes/backfill.ts";
import { assigns, batchRecipe } from "../src/recipes/batches.ts";
import { isBookkeeping } from "../src/recipes/bookkeeping.ts";
import { runsOver } from "../src/recipes/loops.ts";
import { readsItself } from "../src/recipes/reads-itself.ts";
import { type Context, defineRule, type Finding } from "../src/rule.ts";

/** A table that the configuration declares to have no more rows than this is changed at once. */
const smallTable = 10_000;

export default defineRule({
  id: "unbounded-update",
  severity: "warning",
  category: "data",
  summary: "UPDATE, DELETE or MERGE that may touch every row of an existing table",
  why: `
Every row that it changes stays locked until the transaction ends, so that writers of those rows wait for the whole statement.
An UPDATE also leaves a dead row for each: on a large table that is minutes of work, twice the disk space, and a replica that
falls behind.

A WHERE helps only if a key limits it: \`status IS NULL\` may well be every row.`,
  instead: `
Change a thousand rows at a time, each batch in a transaction of its own: from a loop in a client, or from a procedure that
commits after each batch.`,
  references: ["sql-update.html", "mvcc-intro.html", "routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY"],
  on: changingKinds,

  *check(statement, context) {
    for (const change of changesOf(statement)) {
      if (change.kind === "update" || change.kind === "delete" || changesRows(change))
        yield* checkChange(change, statement, context);
    }
  },
});

const verbs = { update: "updates", delete: "deletes", merge: "changes" } as const;

/** A MERGE that only inserts keeps nobody from the rows that are there. */
function changesRows(change: DataChange): change is Merge {
  return change.kind === "merge" && change.changes !== "none";
}

function* checkChange(
  change: Update | Delete | Merge,
  statement: ChangingStatement,
  context: Context,
): Iterable<Finding> {
  if (context.isNew(change.table) || isCatalog(change) || isInBatch(change, context)) return;
  if ((context.declared(change.table)?.rows ?? Number.POSITIVE_INFINITY) <= smallTable) return;
  const bound = boundOf(change, context.schema);
  if (bound === "few" || isToldBetter(change, context)) return;
  const table = context.nameOf(change.table);
  const verb = verbs[change.kind];
  const rows = bound === "all" ? `every row of ${table}` : `rows of ${table} that no key limits`;
  // A part of a larger statement is not cut by itself.
  const key = batchKey(change.table, context);
  const rewrite =
    change === statement && change.kind !== "merge" && context.loop === "none"
      ? batchRecipe(change, key, context)
      : [];
  const chosen =
    change.kind !== "merge" && (assigns(change, key) || readsItself(change, context))
      ? "from a list of their keys that is written down before"
      : "by the table's key";
  const advice = `Change a thousand rows at a time, chosen ${chosen}, each batch in a transaction of its own`;
  yield {
    at: change.head,
    message: `This ${verb} ${rows} in one go, and all of them stay locked until it is committed`,
    severity: bound === "all" ? "error" : "warning",
    showsImpact: false,
    ...(rewrite.length > 0 ? { rewrite } : { advice }),
  };
}

/** What a loop changes piece by piece is told of the loop. */
function isInBatch(change: Update | Delete | Merge, context: Context): boolean {
  return context.loop !== "none" && (context.loop !== "rows" || runsOver(change.table, context));
}

function isCatalog({ table }: Update | Delete | Merge): boolean {
  return isBookkeeping(table.name.name) || isSystemName(table);
}

/** Under an ACCESS EXCLUSIVE lock of its own transaction the wait of everybody is what matters: backfill-with-ddl says so. */
function isToldBetter(change: Update | Delete | Merge, context: Context): boolean {
  const table = context.schema.findTable(change.table);
  const name = table === undefined ? null : labelOf(table);
  return name !== null && context.session.locks.get(name)?.mode === "ACCESS EXCLUSIVE";
}

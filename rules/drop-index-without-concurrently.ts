import type { Index, Relation } from "../src/analysis/entities.ts";
import type { QualifiedName } from "../src/model/name.ts";
import { isStandIn } from "../src/model/stand-in.ts";
import type { Drop } from "../src/model/statement.ts";
import { concurrentlyInPlace, dropsInPlace, withFix } from "../src/recipes/alone.ts";
import { outsideTransaction } from "../src/recipes/create-index.ts";
import { relationSql } from "../src/recipes/names.ts";
import { type Context, defineRule, type Finding, type Fix, type LooseEnd, type Memory } from "../src/rule.ts";

/** Names of the constraints that the file has dropped so far: their indexes went with them. */
const goneConstraints: Memory<Set<string>> = {
  start: () => new Set(),
  note(gone, statement) {
    if (statement.kind !== "alter table") return;
    for (const action of statement.actions)
      if (action.kind === "drop constraint") gone.add(action.constraint.name);
  },
};

export default defineRule({
  id: "drop-index-without-concurrently",
  severity: "warning",
  category: "lock",
  summary: "DROP INDEX without CONCURRENTLY",
  why: `
DROP INDEX takes an ACCESS EXCLUSIVE lock on the index and on its table. The work itself is short, but the lock has to wait for every
transaction that uses the table, and while it waits all later reads and writes of the table queue behind it.

DROP INDEX CONCURRENTLY waits without keeping anybody out. It cannot run in a transaction, drops one index at a time and knows no
CASCADE. If it is cancelled the index stays, INVALID: run it again.`,
  instead:
    "Drop the index with DROP INDEX CONCURRENTLY, one statement for each index, outside a transaction.",
  references: ["sql-dropindex.html"],
  aliases: ["require-concurrent-index-deletion"],
  on: ["drop"],
  remembers: [goneConstraints],

  *check(drop, context) {
    if (drop.object !== "index" || drop.concurrently) return;
    const { fails, uncertain } = context.effects;
    if (fails !== null && uncertain === null && fails.sqlstate !== "2BP01") return;
    const names = drop.names.filter((name) => isWaitedFor(drop, name, context));
    const [first] = names;
    const fix = dropsInPlace(drop, context.runner) ? concurrentlyInPlace(drop.head.end, context) : null;
    if (first === undefined) {
      yield* checkUnmade(drop, fix, context);
      return;
    }
    const written = names.map((name) => context.nameOf(name)).join(", ");
    const table = tableOf(first, context);
    const whose = table === null ? `the table of ${written}` : relationSql(table);
    yield {
      at: drop.head,
      message: `Reads and writes of ${whose} wait while ${written} is dropped, and while that waits for older transactions`,
      ...withFix(fix),
      rewrite: dropEach(drop, names, context),
    };
  },
});

/**
 * Indexes are made by hand more than anything else, where a migration would have locked the table: IF EXISTS over one that the
 * history does not have is there for a database that has it. Unless the file goes on to make it, or has dropped it with its
 * constraint.
 */
function* checkUnmade(drop: Drop, fix: Fix | null, context: Context): Iterable<Finding> {
  const gone = context.recall(goneConstraints);
  // What is named at run time the history cannot know.
  const names = drop.names.filter(({ name }) => !gone.has(name.name) && !isStandIn(name.name));
  if (!drop.ifExists || names.length === 0) return;
  if (names.some((name) => context.schema.findIndex(name) !== undefined)) return;
  const written = names.map((name) => context.nameOf(name)).join(", ");
  yield {
    at: drop.head,
    message: `The history has no index ${written}: where a database has it all the same, reads and writes of its table wait while it is dropped`,
    showsImpact: false,
    ...withFix(fix),
    rewrite: dropEach(drop, names, context),
    looseEnd: isMade(names),
  };
}

function isMade(names: readonly QualifiedName[]): LooseEnd {
  return { by: "file", isSettled: (end) => names.some((name) => end.findIndex(name) !== undefined) };
}

/** Dropping what belongs to a constraint or to a partitioned index is another matter: there is no gentle way. */
function isWaitedFor(drop: Drop, name: QualifiedName, context: Context): boolean {
  const { schema, session } = context;
  const index = schema.findIndex(name);
  if (index === undefined) return isLocked(drop, context);
  const table = schema.relationById(index.table);
  if (index.constraint !== null || index.partitionOf !== null || isPartitioned(table)) return false;
  if (isTemporary(table) || (table !== undefined && context.isNewEntity(table))) return false;
  // Made and dropped in one transaction: the table is locked as it is.
  return !isOfThisTransaction(index, session.transactionNumber);
}

/** With IF EXISTS over an index that a complete history does not know, nothing is locked at all. */
function isLocked(drop: Drop, context: Context): boolean {
  return !drop.ifExists || context.effects.locks.length > 0;
}

function isOfThisTransaction(index: Index, transaction: number): boolean {
  return index.isCertainlyNew && index.origin?.transaction === transaction;
}

function isPartitioned(table: Relation | undefined): boolean {
  return table?.kind === "table" && table.partitionBy !== null;
}

function isTemporary(table: Relation | undefined): boolean {
  return table?.kind === "table" && table.persistence === "temporary";
}

function tableOf(name: QualifiedName, context: Context): Relation | null {
  const index = context.schema.findIndex(name);
  return index === undefined ? null : (context.schema.relationById(index.table) ?? null);
}

function dropEach(drop: Drop, names: readonly QualifiedName[], context: Context) {
  const head = context.text(drop.head);
  const exists = drop.ifExists ? " IF EXISTS" : "";
  const statements = names.map((name) => `${head} CONCURRENTLY${exists} ${context.nameOf(name)};`);
  const title = drop.cascade
    ? "Drop it while others read and write; PostgreSQL refuses while a foreign key depends on it"
    : "Drop it while others read and write";
  if (!context.runner.leaving.alone) return outsideTransaction(title, statements, context);
  return statements.flatMap((statement) => outsideTransaction(title, [statement], context));
}

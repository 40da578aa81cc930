import { provesBound } from "../src/analysis/effects/bounds.ts";
import type { Table } from "../src/analysis/entities.ts";
import type { Action } from "../src/model/action.ts";
import { alterHead } from "../src/recipes/alter-table.ts";
import { attachedPartsRecipe } from "../src/recipes/attached-parts.ts";
import { relationSql } from "../src/recipes/names.ts";
import { boundCondition, findBound } from "../src/recipes/partition-bound.ts";
import { type Proof, provenRecipe } from "../src/recipes/partition-proof.ts";
import { renderList } from "../src/recipes/words.ts";
import { worldOf } from "../src/recipes/world.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";

type Attach = Extract<Action, { readonly kind: "attach partition" }>;

export default defineRule({
  id: "attach-partition-scan",
  severity: "warning",
  category: "lock",
  summary: "ATTACH PARTITION that reads the new partition, or the default one, while nobody can use it",
  why: `
ATTACH PARTITION is gentle to the partitioned table, but it takes an ACCESS EXCLUSIVE lock on the table that is attached and reads all of it,
to be sure that each row belongs into the bound. Where there is a default partition that one is locked and read as well: a row of
the new bound might lie in it. Whoever reads the whole partitioned table waits for it too.

A valid CHECK that says the same as the bound saves the scan. For a key that may be null it has to say IS NOT NULL as well.`,
  instead: `
Add such a CHECK NOT VALID, validate it, attach the partition, drop the CHECK. The default partition needs one that says the
opposite. Give it the indexes and foreign keys of the parent beforehand: ATTACH takes over those that are there, and builds and
checks the others.`,
  references: [
    "sql-altertable.html#SQL-ALTERTABLE-DESC-ATTACH-PARTITION",
    "ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
  ],
  on: ["attach partition"],

  *check(action, context) {
    if (action.bound === null) return;
    const { scans, fails, uncertain, buildsIndexes } = context.effects;
    if (fails !== null && uncertain === null) return;
    const read = scans.flatMap((label) => waitingOf(label, context));
    if (read.length === 0) return;
    const names = renderList(read.map(({ name }) => name));
    const parts = missingParts(action, context);
    const steps = gentleSteps(action, read, parts, context);
    const needsIndexes = buildsIndexes.length > 0 && !context.isNew(action.partition);
    yield {
      at: action.head,
      message: `Reads and writes of ${names} wait while every row is ${needsIndexes ? "read" : "checked against the partition bound"}`,
      ...(steps === null ? {} : { rewrite: steps }),
      ...(steps === null || parts === null ? { advice: adviceFor(needsIndexes, action, context) } : {}),
    };
  },
});

interface Waiting {
  readonly table: Table | null;
  readonly name: string;
}

/** A table that is read and that others may wait for. */
function waitingOf(label: string, context: Context): Waiting[] {
  const lock = context.waitedFor().find(({ relation }) => relation === label);
  if (lock === undefined || lock.kind !== "table" || lock.mode !== "ACCESS EXCLUSIVE") return [];
  const table = lock.id === null ? undefined : context.schema.tableById(lock.id);
  if (table === undefined) return [{ table: null, name: label.replace(/^public\./, "") }];
  return [{ table, name: relationSql(table) }];
}

/** What gives the partition the indexes and keys of the parent; null where the history does not tell them well enough. */
function missingParts(action: Attach, context: Context): Migration[] | null {
  const parent = context.schema.findTable(context.table.table);
  const child = context.schema.findTable(action.partition);
  if (parent === undefined || child === undefined || context.isNew(action.partition)) return [];
  return attachedPartsRecipe(parent, child, context.nameOf(action.partition), context);
}

/** What the partition misses, then a CHECK that says what the bound says, then ATTACH. Null where no CHECK can prove it. */
function gentleSteps(
  action: Attach,
  read: readonly Waiting[],
  parts: readonly Migration[] | null,
  context: Context,
): Migration[] | null {
  const { schema, sourceText } = context;
  const parent = schema.findTable(context.table.table);
  const child = schema.findTable(action.partition);
  if (parent === undefined || action.bound === null) return null;
  const table = context.nameOf(action.partition);
  const isProven = child !== undefined && provesBound(worldOf(context), parent, action.bound, child);
  const bound = findBound(sourceText, action.partition.span.end, action.span.end);
  const condition = bound === null ? null : boundCondition(parent.partitionBy, bound);
  const proofs: Proof[] = [];
  for (const { table: other, name } of read) {
    const isChild = child === undefined ? other === null : other?.id === child.id;
    const isRest = other !== null && other.partitionOf?.bound?.kind === "default";
    if ((isChild && isProven) || (!isChild && !isRest)) continue;
    if (condition === null) return null;
    if (isChild) proofs.push({ table, target: action.partition, condition, suffix: "bound" });
    else if (other !== null) {
      const suffix = `not_${action.partition.name.name}`;
      proofs.push({ table: name, target: other, condition: `NOT (${condition})`, suffix });
    }
  }
  if (proofs.length === 0 && (parts ?? []).length === 0) return null;
  const sql = `${alterHead(context.table, context)} ${context.text(action.span)};`;
  const proven = proofs.length === 0 ? "nothing is read or built" : "the CHECK proves it, nothing is read";
  const title = `Attach the partition: ${parts === null ? "the CHECK proves the bound" : proven}`;
  return [...(parts ?? []), ...provenRecipe(proofs, { title, sql, transaction: true }, context)];
}

function adviceFor(needsIndexes: boolean, action: Attach, context: Context): string {
  const table = context.nameOf(action.partition);
  if (needsIndexes)
    return `Build the indexes and keys of the parent on ${table} beforehand, with CREATE INDEX CONCURRENTLY: ATTACH builds those that it misses`;
  if (action.bound?.kind === "hash")
    return "No CHECK can prove a hash bound: attach the table while it is empty, or choose a quiet time";
  return `Add a CHECK to ${table} that says what the bound says, with IS NOT NULL for each key column: NOT VALID first, then VALIDATE, then ATTACH`;
}

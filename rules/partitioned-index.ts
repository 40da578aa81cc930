import { labelOf } from "../src/analysis/effect.ts";
import { nameIndex } from "../src/analysis/effects/index-names.ts";
import { partitionedIndexRecipe } from "../src/recipes/partitioned-index.ts";
import { worldOf } from "../src/recipes/world.ts";
import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "partitioned-index",
  severity: "error",
  category: "lock",
  summary: "CREATE INDEX on a partitioned table without ONLY",
  why: `
On a partitioned table CREATE INDEX takes a SHARE lock on the table and on every partition, and builds one index after the other.
The locks are kept to the end: writes to all partitions wait until the last index is built. CREATE INDEX CONCURRENTLY would be the way
out, but PostgreSQL refuses it on a partitioned table.

The partitions can have their indexes one by one, concurrently. An index made with ON ONLY builds nothing; it becomes valid when
the indexes of all partitions are attached to it.`,
  instead: `
CREATE INDEX ... ON ONLY the partitioned table, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX ... ATTACH PARTITION
for each.`,
  references: ["ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE", "sql-createindex.html"],
  on: ["create index"],

  *check(index, context) {
    const parent = context.schema.findTable(index.table);
    if (parent === undefined || parent.partitionBy === null) return;
    const table = context.nameOf(index.table);
    const refused = `PostgreSQL builds no index concurrently on ${table}, which is partitioned: the statement fails`;
    if (index.only || context.isNew(index.table)) {
      if (!index.concurrently) return;
      const why = index.only ? "with ONLY nothing is built" : "the table is new, and nobody waits for it";
      yield {
        at: index.head,
        message: refused,
        showsImpact: false,
        advice: `Leave CONCURRENTLY out: ${why}`,
      };
      return;
    }
    // Where each partition has such an index already, they are attached.
    const { buildsIndexes, fails } = context.effects;
    const isAttached = fails === null && buildsIndexes.length === 0;
    if (isAttached && context.schema.partitionsOf(parent.id).length > 0) return;
    const schemaSql = index.table.schema === null ? "" : `${context.text(index.table.schema.span)}.`;
    const target = { known: parent, label: labelOf(parent) };
    const rewrite = partitionedIndexRecipe(
      {
        parent,
        parentSql: table,
        schemaSql,
        name: index.index?.name ?? nameIndex(worldOf(context), target, index),
        create: index.unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX",
        keys: [
          ...index.elements.map(({ column }) => column?.name ?? null),
          ...index.including.map(({ name }) => name),
        ],
        expressions: index.elements.flatMap(({ expression }) => (expression === null ? [] : [expression])),
        label: "idx",
        definition: context.sourceText.slice(index.table.span.end, index.span.end).trim(),
      },
      context,
    );
    yield {
      at: index.head,
      message: index.concurrently
        ? refused
        : `Writes to ${table} and to all its partitions wait until the index of the last one is built`,
      rewrite,
      showsImpact: !index.concurrently,
      ...(rewrite.length > 1 ? {} : { advice: unseenPartitions }),
    };
  },
});

const unseenPartitions =
  "The history shows no partition. For each that the server has: CREATE INDEX CONCURRENTLY outside a transaction, then ALTER INDEX ... ATTACH PARTITION";

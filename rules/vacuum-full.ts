import type { QualifiedName } from "../src/model/name.ts";
import type { Cluster, Vacuum } from "../src/model/statement.ts";
import { outsideTransaction } from "../src/recipes/create-index.ts";
import { renderList } from "../src/recipes/words.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "vacuum-full",
  severity: "error",
  category: "lock",
  summary: "VACUUM FULL or CLUSTER",
  why: `
Both write the whole table and all its indexes into new files under an ACCESS EXCLUSIVE lock. Nobody reads or writes the table until that is
done, and there has to be room on disk for both copies.

Plain VACUUM frees the space of dead rows for new ones, and lets others read and write. It is enough unless the table has shrunk
for good.`,
  instead:
    "Plain VACUUM. Where the space has to go back to the disk, or the rows have to lie in the order of an index: pg_repack, which holds such a lock for a moment only.",
  references: ["sql-vacuum.html", "sql-cluster.html", "routine-vacuuming.html"],
  aliases: ["prefer-repack"],
  on: ["vacuum", "cluster"],

  *check(statement: Vacuum | Cluster, context) {
    const { effects } = context;
    if (effects.fails !== null && effects.uncertain === null) return;
    if (statement.kind === "cluster") {
      if (statement.table !== null && context.isNew(statement.table)) return;
      yield {
        at: statement.head,
        message: messageOf(statement.table === null ? [] : [statement.table], context),
        advice,
      };
      return;
    }
    if (!statement.full) return;
    const tables = statement.tables.filter((table) => !context.isNew(table));
    if (tables.length === 0 && statement.tables.length > 0) return;
    const sql = ["VACUUM", tables.map((table) => context.nameOf(table)).join(", ")].join(" ").trim();
    yield {
      at: statement.head,
      message: messageOf(tables, context),
      rewrite: outsideTransaction(
        "Free the space of dead rows for new ones, while others read and write",
        [`${sql};`],
        context,
      ),
      advice,
    };
  },
});

const advice =
  "Where the table has to become smaller on disk, or its rows have to lie in the order of an index: pg_repack, which keeps others out for a moment only";

function messageOf(tables: readonly QualifiedName[], context: Context): string {
  if (tables.length === 0) return "Reads and writes of each table wait while the whole of it is written anew";
  return `Reads and writes of ${renderList(tables.map((table) => context.nameOf(table)))} wait while the whole table is written anew`;
}

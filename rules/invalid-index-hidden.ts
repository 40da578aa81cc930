import type { CreateIndex } from "../src/model/statement.ts";
import { concurrentIndexRecipe } from "../src/recipes/create-index.ts";
import { type Context, defineRule, type Memory } from "../src/rule.ts";

/** Names of indexes that the unit has dropped so far, each with the schema that it was named with. */
const droppedBefore: Memory<Map<string, Set<string | null>>> = {
  start: () => new Map(),
  note(names, statement) {
    if (statement.kind !== "drop" || statement.object !== "index") return;
    for (const { schema, name } of statement.names) {
      const schemas = names.get(name.name) ?? new Set();
      names.set(name.name, schemas.add(schema?.name ?? null));
    }
  },
};

export default defineRule({
  id: "invalid-index-hidden",
  severity: "warning",
  category: "transaction",
  summary:
    "CREATE INDEX CONCURRENTLY with IF NOT EXISTS, or without a name: the next try leaves the INVALID index of a failed build",
  why: `
A concurrent build that fails, or is cancelled, leaves an INVALID index behind. With IF NOT EXISTS the next try finds a relation
of that name, says so in a notice, and succeeds. The migration is recorded as done; the index stays INVALID: no query uses
it, writes maintain it where the build had got that far, and a unique one may enforce nothing. Without a name the next try chooses another
one, and builds a second index beside the INVALID one, which stays.

This finds what is left over: \`SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;\``,
  instead:
    "Name the index, drop what a failed build may have left with DROP INDEX CONCURRENTLY IF EXISTS, then create it without IF NOT EXISTS.",
  references: ["sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY", "catalog-pg-index.html"],
  on: ["create index"],
  remembers: [droppedBefore],

  *check(index, context) {
    if (!index.concurrently) return;
    if (index.index === null) {
      yield {
        at: index.head,
        message: `If this fails, the next try builds a second index of ${context.nameOf(index.table)} beside the INVALID one, which stays`,
        showsImpact: false,
        rewrite: concurrentIndexRecipe(index, context),
      };
      return;
    }
    if (!index.ifNotExists) return;
    if (isDroppedBefore(index, context)) return;
    yield {
      at: { start: index.head.start, end: index.index.span.end },
      message: `If a build of ${context.text(index.index.span)} has failed before, this succeeds and leaves it INVALID`,
      showsImpact: false,
      rewrite: concurrentIndexRecipe(index, context),
    };
  },
});

function isDroppedBefore(index: CreateIndex, context: Context): boolean {
  const schemas = index.index === null ? undefined : context.recall(droppedBefore).get(index.index.name);
  // An index lies in the schema of its table. Where either goes without one, the search path is taken to lead to the same.
  const own = index.table.schema?.name ?? null;
  return schemas !== undefined && (own === null || schemas.has(own) || schemas.has(null));
}

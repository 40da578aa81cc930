import { defineRule } from "../src/rule.ts";

export default defineRule({
  id: "refresh-without-concurrently",
  severity: "warning",
  category: "lock",
  summary: "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
  why: `
REFRESH MATERIALIZED VIEW takes an ACCESS EXCLUSIVE lock on the view before it runs the query: everybody who reads the view waits until the
query and the indexes are done. WITH NO DATA is quick, but the view cannot be read at all until the next refresh.

With CONCURRENTLY readers see the old rows until the new ones are there. It needs a unique index over plain columns of the view,
without a condition, and it runs in a transaction like any other statement.`,
  instead: "A unique index on the view, then REFRESH MATERIALIZED VIEW CONCURRENTLY.",
  references: ["sql-refreshmaterializedview.html"],
  on: ["refresh materialized view"],

  *check(refresh, context) {
    const { schema } = context;
    if (refresh.concurrently || context.isNew(refresh.view)) return;
    const view = schema.findView(refresh.view);
    // Nobody can read a view that has never been filled, and CONCURRENTLY is refused there.
    if (view !== undefined && !view.withData) return;
    const name = context.nameOf(refresh.view);
    if (!refresh.withData) {
      yield {
        at: refresh.head,
        message: `Reads of ${name} fail until it is refreshed again: WITH NO DATA empties it`,
        advice: `Refresh it with CONCURRENTLY, so that readers see the old rows until the new ones are there`,
      };
      return;
    }
    const keys = view === undefined ? [] : schema.indexesOf(view.id);
    const isKeyed = keys.some(
      (index) => index.unique && !index.isPartial && !index.hasExpression && index.isValid,
    );
    const message = `Reads of ${name} wait until its query has run and its indexes are built`;
    if (!isKeyed) {
      yield {
        at: refresh.head,
        message,
        advice: `Give ${name} a unique index over columns that tell its rows apart, then use REFRESH MATERIALIZED VIEW CONCURRENTLY`,
      };
      return;
    }
    const at = refresh.head.end;
    const sql = `${context.text(refresh.head)} CONCURRENTLY ${name};`;
    yield {
      at: refresh.head,
      message,
      ...(context.isInBody
        ? {}
        : { fix: { title: "Add CONCURRENTLY", edits: [{ start: at, end: at, text: " CONCURRENTLY" }] } }),
      rewrite: [{ title: "Refresh it while others read", sql, transaction: true }],
    };
  },
});

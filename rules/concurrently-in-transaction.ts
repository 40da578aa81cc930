import { comesToNothing } from "../src/analysis/refusal.ts";
import { terminated } from "../src/recipes/text.ts";
import { type Context, defineRule } from "../src/rule.ts";

export default defineRule({
  id: "concurrently-in-transaction",
  severity: "error",
  category: "transaction",
  summary: "A statement that PostgreSQL refuses in a transaction block, inside one",
  why: `
CREATE INDEX CONCURRENTLY, VACUUM and their kin commit on the way, and what ALTER SYSTEM or CREATE DATABASE does no rollback
takes back. So PostgreSQL refuses them in a transaction block: error 25001, and the migration stops there.

The transaction need not be written down. Many migration tools put one around each file, and several statements sent to
the server as one message share an implicit one.`,
  instead: `
Put the statement into a migration of its own and tell the tool not to wrap it, in the tool's own words. A tool that sends
the file as one message needs it to be the only statement of the file.`,
  references: [
    "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT",
  ],
  aliases: ["ban-concurrent-index-creation-in-transaction"],
  on: ["statement"],

  *check(statement, context) {
    const { session, runner } = context;
    const isAlone = session.transaction === "autocommit";
    if ((isAlone && runner.refused === null) || !context.effects.refusesTransaction) return;
    // What the target cannot read fails as a syntax error, in a transaction or not.
    if (context.effects.fails?.lacks !== undefined) return;
    const message =
      isAlone && runner.refused !== null
        ? runner.refused
        : `PostgreSQL refuses ${commandOf(context)} in a transaction: ${whereFrom(context)}`;
    yield {
      at: statement.head,
      message,
      showsImpact: false,
      // What is refused outside as well is no way.
      ...(!comesToNothing(context.effects) && {
        rewrite: [
          {
            title: "Run it on its own, outside a transaction",
            sql: terminated(context.text(statement.span)),
            transaction: false,
          },
        ],
      }),
    };
  },
});

/** The statement's first words, as far as they say what it is. */
function commandOf(context: Context): string {
  // The only action that cannot run in a transaction.
  if (context.statement.kind === "alter table") return "DETACH PARTITION CONCURRENTLY";
  const words = context.text(context.statement.head).toUpperCase().split(/\s+/).join(" ");
  const isConcurrent = "concurrently" in context.statement && context.statement.concurrently === true;
  return isConcurrent && !words.includes("CONCURRENTLY") ? `${words} CONCURRENTLY` : words;
}

function whereFrom(context: Context): string {
  const { runner, session } = context;
  if (context.isInBody) return "a body runs in one";
  if (session.transaction === "explicit") return "it stands between BEGIN and COMMIT";
  if (session.transaction === "runner") {
    return runner.mode === "run"
      ? `${runner.title} runs all pending migrations in one`
      : `${runner.title} runs the migration in one`;
  }
  return `${runner.title} sends these statements as one message, which is one`;
}

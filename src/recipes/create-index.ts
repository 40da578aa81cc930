import { timeoutSeconds } from "../analysis/session.ts";
import type { CreateIndex } from "../model/statement.ts";
import type { Context, Migration } from "../rule.ts";
import type { Edit } from "../text/span.ts";
import { editedText, terminated } from "./text.ts";

/**
 * The user's CREATE INDEX with CONCURRENTLY, in a migration of its own. IF NOT EXISTS goes: over the INVALID index of a
 * failed build it would succeed and build nothing, so that what is left of one is dropped first.
 */
export function concurrentIndexRecipe(index: CreateIndex, context: Context): Migration[] {
  const edits: Edit[] = [];
  const before: string[] = [];
  if (!index.ifNotExists || index.index === null) {
    if (!index.concurrently)
      edits.push({ start: index.head.end, end: index.head.end, text: " CONCURRENTLY" });
  } else {
    edits.push({ start: index.head.end, end: index.index.span.start, text: " CONCURRENTLY " });
    before.push(`DROP INDEX CONCURRENTLY IF EXISTS ${indexName(index, context)};`);
  }
  const build = terminated(editedText(context.sourceText, index.span, edits));
  return outsideTransaction("Build the index while others read and write", [...before, build], context);
}

/** An index lives in the schema of its table, which CREATE INDEX does not repeat. */
function indexName(index: CreateIndex, context: Context): string {
  const name = index.index === null ? "" : context.text(index.index.span);
  const schema = index.table.schema;
  return schema === null ? name : `${context.text(schema.span)}.${name}`;
}

/**
 * Statements that must run outside a transaction, as migrations: one, or one each where the runner sends a file as one
 * message. Timeouts that every session begins with are lifted: a cancelled build leaves an INVALID index.
 */
export function outsideTransaction(
  title: string,
  statements: readonly string[],
  context: Context,
): Migration[] {
  if (context.runner.leaving.alone) {
    return statements.map((sql, index) => ({
      title: index === statements.length - 1 ? title : "Drop what a failed build may have left",
      sql,
      transaction: false,
    }));
  }
  const lasting = ["lock_timeout", "statement_timeout"].filter((name) => {
    const scope = context.session.settings.get(name)?.scope;
    const isLasting = scope === "role" || scope === "configured";
    return isLasting && (timeoutSeconds(context.session, name) ?? 0) > 0;
  });
  const lift = lasting.map((name) => `SET ${name} = 0;`);
  const restore = lasting.map((name) => `RESET ${name};`);
  return [{ title, sql: [...lift, ...statements, ...restore].join("\n"), transaction: false }];
}

import { timeoutSeconds } from "../analysis/session.ts";
import type { CreateIndex } from "../model/statement.ts";
import type { Context, Migration } from "../rule.ts";
import { isWord, tokenize } from "../sql/tokens.ts";
import type { Edit, Span } from "../text/span.ts";
import { editedText, freshName, terminated } from "./text.ts";

/**
 * The user's CREATE INDEX with CONCURRENTLY, in a migration of its own. IF NOT EXISTS goes: over the INVALID index of a
 * failed build it would succeed and build nothing, so that what is left of one is dropped first.
 */
export function concurrentIndexRecipe(index: CreateIndex, context: Context): Migration[] {
  const edits: Edit[] = [];
  const before: string[] = [];
  if (index.index === null) {
    edits.push({ ...beforeOn(index, context), text: concurrentlyNamed(index, context) });
  } else if (!index.ifNotExists) {
    if (!index.concurrently)
      edits.push({ start: index.head.end, end: index.head.end, text: " CONCURRENTLY" });
  } else {
    edits.push({ start: index.head.end, end: index.index.span.start, text: " CONCURRENTLY " });
    before.push(`DROP INDEX CONCURRENTLY IF EXISTS ${indexName(index, context)};`);
  }
  const build = terminated(editedText(context.sourceText, index.span, edits));
  return outsideTransaction("Build the index while others read and write", [...before, build], context);
}

/** What stands between CREATE INDEX and ON. */
function beforeOn(index: CreateIndex, context: Context): Span {
  const text = context.sourceText;
  const start = index.head.end;
  const word = tokenize(text, start, index.table.span.start).findLast((token) =>
    isWord(text, token, "concurrently"),
  );
  return { start, end: word?.end ?? start };
}

/**
 * CONCURRENTLY, and the name that the server would choose: without one, a retry would build a second index beside the
 * INVALID one.
 */
export function concurrentlyNamed(index: CreateIndex, { effects }: Context): string {
  if (index.index !== null) return " CONCURRENTLY";
  const [name] = effects.buildsIndexes;
  return ` CONCURRENTLY ${name === undefined ? freshName([index.table.name.name, "idx"]) : name}`;
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

import type { Schema } from "../analysis/schema.ts";
import { timeoutSeconds } from "../analysis/session.ts";
import type { AlterTable, Drop, Statement } from "../model/statement.ts";
import type { Context, Fix, Runner } from "../rule.ts";
import { createScanner, scanToken } from "../sql/scanner.ts";
import { isMark, isWord } from "../sql/tokens.ts";

/** Whether the statement's locks go as soon as it is done, and it gives up where it would have to wait long for them. */
export function isBriefAndBounded(context: Context): boolean {
  const { session } = context;
  if ((timeoutSeconds(session, "lock_timeout") ?? 0) <= 0) return false;
  return session.transaction === "autocommit" || isLastOfTransaction(context);
}

/** Nothing but COMMIT follows in the file, so that the locks are not held for other work. */
function isLastOfTransaction(context: Context): boolean {
  const { sourceText: text, outer } = context;
  if (context.isInBody) return false;
  const scanner = createScanner(text, outer.end, text.length);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    const token = { kind, start: scanner.start, end: scanner.end };
    if (kind === "comment" || isMark(text, token, ";")) continue;
    return isWord(text, token, "commit") || isWord(text, token, "end");
  }
  return true;
}

/** CONCURRENTLY put into the file itself: only where the statement then runs, and leaves nothing half done unseen. */
export function concurrentlyInPlace(at: number, context: Context, text = " CONCURRENTLY"): Fix | null {
  const { session } = context;
  if (session.transaction !== "autocommit" || context.isInBody) return null;
  const hasTimeout = ["lock_timeout", "statement_timeout"].some(
    (name) => (timeoutSeconds(session, name) ?? 0) > 0,
  );
  if (hasTimeout) return null;
  return { title: "Add CONCURRENTLY", edits: [{ start: at, end: at, text }] };
}

/** Whether the fix of another rule puts CONCURRENTLY into the statement: it wants no timeout then, and may have to stay alone. */
export function isMadeConcurrent(context: Context): boolean {
  return hasConcurrentForm(context.statement, context) && concurrentlyInPlace(0, context) !== null;
}

function hasConcurrentForm(statement: Statement, { schema, runner, version }: Context): boolean {
  if (statement.kind === "reindex") return !statement.concurrently;
  if (statement.kind === "alter table") return version >= 14 && detachesInPlace(statement, schema);
  if (statement.kind !== "drop" || statement.object !== "index" || !dropsInPlace(statement, runner))
    return false;
  const [name] = statement.names;
  const index = name === undefined ? undefined : schema.findIndex(name);
  return index === undefined || (index.constraint === null && index.partitionOf === null);
}

/** Beside a default partition, which only a complete history can rule out, CONCURRENTLY is an error. */
export function detachesInPlace({ actions, table }: AlterTable, schema: Schema): boolean {
  const [action] = actions;
  if (actions.length !== 1 || action?.kind !== "detach partition" || action.concurrently || action.finalize)
    return false;
  const parent = schema.findTable(table);
  if (parent?.isComplete !== true) return false;
  const gone = schema.findTable(action.partition)?.id;
  return !schema
    .partitionsOf(parent.id)
    .some(({ id, partitionOf }) => partitionOf?.bound?.kind === "default" && id !== gone);
}

/** Prisma sends its statements one by one, but a file in which an index is dropped concurrently as one message. */
export function dropsInPlace({ names, cascade, concurrently }: Drop, { mode, leaving }: Runner): boolean {
  return names.length === 1 && !cascade && !concurrently && !(mode === "none" && leaving.alone);
}

/** The same, for an object literal. */
export function withFix(fix: Fix | null): { readonly fix?: Fix } {
  return fix === null ? {} : { fix };
}

/** `SET lock_timeout = '5s';`: for the transaction alone where the runner makes one around the migration. */
export function lockTimeoutSql(context: Context): string {
  const milliseconds = Math.round(context.maxLockTimeout * 1000);
  const value = milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
  return `SET ${context.runner.mode === "none" ? "" : "LOCAL "}lock_timeout = '${value}';`;
}

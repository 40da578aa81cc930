import type { Statement } from "../model/statement.ts";
import { quoteName } from "../sql/names.ts";
import { isWord, tokensIn } from "../sql/tokens.ts";
import type { Effects, Failure } from "./effect.ts";
import { refusedAlone } from "./effects/transaction-refusal.ts";
import { savepointsTo } from "./savepoints.ts";
import { isInTransaction, type Session } from "./session.ts";

/** What the server refuses because of where a statement stands, and else because of what it asks for. Null: nothing. */
export function refusalOf(
  statement: Statement,
  effects: Effects,
  session: Session,
  text: string,
): Failure | null {
  const { fails } = effects;
  const isRefused = effects.refusesTransaction && isInTransaction(session);
  // The transaction is looked at before the names; words that the server does not know come before both.
  const isSyntax = fails !== null && (fails.lacks !== undefined || fails.sqlstate === "42601");
  if (isRefused && (fails === null || (!isSyntax && looksFirst(statement))))
    return { sqlstate: "25001", reason: "cannot run inside a transaction block" };
  if (fails !== null && (isSyntax || refusedAlone(statement, session) === null)) return fails;
  return (
    needsTransaction(statement, session, text) ??
    refuseSavepoint(statement, session) ??
    refuseIsolation(statement, session, text)
  );
}

function looksFirst(statement: Statement): boolean {
  return (statement.kind === "create index" || statement.kind === "drop") && statement.concurrently;
}

/** What is over with its statement would do nothing. */
function needsTransaction(statement: Statement, session: Session, text: string): Failure | null {
  const isCursor =
    session.transaction === "autocommit" && statement.kind === "declare cursor" && !isHeld(statement, text);
  const what = isCursor ? "DECLARE CURSOR" : refusedAlone(statement, session);
  return what === null ? null : { sqlstate: "25P01", reason: "can only be used in a transaction block" };
}

/** WITH HOLD outlives its transaction. */
function isHeld({ span }: Statement, text: string): boolean {
  const tokens = tokensIn(text, span.start, span.end);
  return tokens.some((token, k) => isWord(text, token, "hold") && isWord(text, tokens[k - 1], "with"));
}

/** What a transaction has seen so far decides what it goes on seeing. */
function refuseIsolation(statement: Statement, session: Session, text: string): Failure | null {
  if (statement.kind !== "set" || statement.name !== "transaction") return null;
  if (!session.hasQuery && session.savepoints.latest === null) return null;
  const words = text.slice(statement.span.start, statement.span.end);
  // READ COMMITTED is what most transactions have already; what another is, BEGIN or the session may have said.
  if (session.transaction === "body" || !/isolation\s+level\s+(?:repeatable|serializable)/i.test(words))
    return null;
  const start = session.begunAt === null ? "" : text.slice(session.begunAt.start).split(";", 1)[0];
  if (/isolation/i.test(start ?? "") || session.settings.has("default_transaction_isolation")) return null;
  return { sqlstate: "25001", reason: "the isolation level has to be set before the first query" };
}

/** A savepoint that is gone, or never was. */
function refuseSavepoint(statement: Statement, session: Session): Failure | null {
  if (statement.kind !== "transaction" || session.transaction === "body") return null;
  if (statement.action !== "rollback to" && statement.action !== "release") return null;
  if (savepointsTo(session.savepoints, statement.savepoint)?.latest != null) return null;
  return { sqlstate: "3B001", reason: `savepoint ${quoteName(statement.savepoint ?? "")} does not exist` };
}

import type { OtherStatement, Statement } from "../../model/statement.ts";
import { textOf } from "../../sql/tokens.ts";
import type { Session } from "../session.ts";

/** Commands that the server only runs outside a transaction block (25001), as `other` statements name them. */
const refusing = new Set([
  "create database",
  "drop database",
  "create tablespace",
  "drop tablespace",
  "alter system",
  "create subscription",
  "drop subscription",
]);

/** Whether PostgreSQL refuses the statement inside a transaction block, as far as its kind and its words tell. */
export function refusesTransaction(statement: Statement, text: string, version: number): boolean {
  switch (statement.kind) {
    case "other":
      return isRefusing(statement, text, version) && !isWithoutConnection(statement, text);
    case "set":
      // DISCARD ALL comes as a setting, like RESET ALL.
      return (
        statement.name === "all" && /^\s*discard/i.test(text.slice(statement.span.start, statement.span.end))
      );
    case "transaction":
      return statement.action === "commit prepared" || statement.action === "rollback prepared";
    default:
      return false;
  }
}

function isRefusing(statement: OtherStatement, text: string, version: number): boolean {
  return (
    refusing.has(statement.command) || movesDatabase(statement, text) || refreshes(statement, text, version)
  );
}

function movesDatabase({ command, span }: OtherStatement, text: string): boolean {
  return command === "alter database" && /\bset\s+tablespace\b/i.test(textOf(text, span));
}

/** From 14 on: ALTER SUBSCRIPTION that asks the publisher what there is. */
function refreshes({ command, span }: OtherStatement, text: string, version: number): boolean {
  if (command !== "alter subscription" || version < 14) return false;
  return /\b(?:refresh|set|add|drop)\s+publication\b/i.test(textOf(text, span));
}

/** CREATE SUBSCRIPTION is only refused where it makes a replication slot, ALTER SUBSCRIPTION where it refreshes what it knows. */
function isWithoutConnection(statement: Statement, text: string): boolean {
  const words = text.slice(statement.span.start, statement.span.end).toLowerCase().replaceAll(" ", "");
  return ["connect=false", "create_slot=false", "create_slot='false'", "refresh=false"].some((option) =>
    words.includes(option),
  );
}

/**
 * The command that the server refuses here, as it needs a transaction block (25P01): LOCK TABLE would hold nothing, and
 * there is nothing to go back to. Null where it runs.
 */
export function refusedAlone(statement: Statement, session: Session): string | null {
  const isAlone = session.transaction === "autocommit";
  if (statement.kind === "lock") return isAlone ? "LOCK TABLE" : null;
  // Several statements in one message are a transaction, but none that has savepoints.
  if (statement.kind !== "transaction" || !(isAlone || session.transaction === "implicit")) return null;
  const { action } = statement;
  if (action === "savepoint") return "SAVEPOINT";
  if (action === "release") return "RELEASE SAVEPOINT";
  return action === "rollback to" ? "ROLLBACK TO SAVEPOINT" : null;
}

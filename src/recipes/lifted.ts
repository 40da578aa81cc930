import type { Context, Fix } from "../rule.ts";
import { createScanner, scanToken } from "../sql/scanner.ts";
import { isMark, isWord } from "../sql/tokens.ts";
import { indentOf, linesBefore } from "./before.ts";

/**
 * Timeouts lifted in the file itself, around the statement and all that are built concurrently right behind it. Null where
 * the statement would not be alone any more with its runner, and so refused.
 */
export function liftInPlace(
  lift: readonly string[],
  restore: readonly string[],
  context: Context,
): Fix | null {
  const { session, runner, outer, sourceText } = context;
  if (session.transaction !== "autocommit" || context.isInBody) return null;
  if (isKeptApart(context)) return null;
  if (runner.mode === "message" && (runner.leaving.alone || isInBlock(sourceText, outer.start))) return null;
  const end = endOfRun(sourceText, outer.end, context.unitSpan.end);
  const indent = indentOf(sourceText, outer.start);
  const behind = restore.map((line) => `\n${indent}${line}`).join("");
  const hasSemicolon = sourceText.slice(outer.end, end).includes(";");
  const at = hasSemicolon ? endOfLine(sourceText, end, context.unitSpan.end) : outer.end;
  return {
    title: "Lift the timeouts for as long as it runs",
    edits: [linesBefore(lift, context), { start: at, end: at, text: `${hasSemicolon ? "" : ";"}${behind}` }],
  };
}

/** Whether the runner refuses a script in which another statement stands beside this one, which has no transaction. */
export function isKeptApart({ runner, effects }: Context): boolean {
  return runner.mode === "none" && runner.leaving.refusesMixed === true && effects.refusesTransaction;
}

/** Whether a mark above makes one message of it and all that stands beside it. */
function isInBlock(text: string, offset: number): boolean {
  return /--[^\r\n]*statementbegin\s*$/i.test(text.slice(Math.max(0, offset - 200), offset));
}

/** A word that says so stands among the first ones. */
const headLength = 8;

/** The end of the last statement, with its semicolon, of those behind an offset that are all said to run CONCURRENTLY. */
function endOfRun(text: string, from: number, limit: number): number {
  const scanner = createScanner(text, from, limit);
  let end = from;
  let count = 0;
  let isConcurrent = true;
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind === "comment") continue;
    const token = { kind, start: scanner.start, end: scanner.end };
    if (isMark(text, token, ";")) {
      if (!isConcurrent) return end;
      end = token.end;
      count = 0;
      isConcurrent = false;
      continue;
    }
    count++;
    if (count === 1 && !["create", "drop", "reindex"].some((word) => isWord(text, token, word))) return end;
    if (count > headLength && !isConcurrent) return end;
    isConcurrent ||= isWord(text, token, "concurrently");
  }
  return end;
}

/** Behind a comment that stands on the rest of the line. */
function endOfLine(text: string, from: number, limit: number): number {
  const rest = /^[ \t]*--[^\r\n]*/.exec(text.slice(from, limit));
  return rest === null ? from : from + rest[0].length;
}

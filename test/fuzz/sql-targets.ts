import { loadParser } from "../../src/parse/load.ts";
import type { ParserName } from "../../src/parse/parser.ts";
import { type BodyStep, parseBody } from "../../src/parse/plpgsql.ts";
import { loadGrammarParser } from "../../src/parse/postgres.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementSql, statementTokens, tokenize } from "../../src/sql/tokens.ts";
import { checkFastPath } from "../parse/fast-path-check.ts";
import { editTokens, tokenTexts } from "../parse/token-edits.ts";
import { hold, holdInside, holdSpans } from "./checks.ts";
import type { Random } from "./random.ts";

/** Tokens and statements ascend, lose nothing and end where tokens do. */
export function checkSplitter(text: string): void {
  const starts = new Set<number>();
  const ends = new Set<number>();
  let at = 0;
  for (const { start, end } of tokenize(text)) {
    hold(start >= at && end > start && end <= text.length, `token ${start} to ${end} behind ${at}`);
    hold(isBlank(text, at, start), `only white space from ${at} to ${start}`);
    starts.add(start);
    ends.add(end);
    at = end;
  }
  hold(isBlank(text, at, text.length), `only white space from ${at} on`);
  checkStatements(text, starts, ends);
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!" \t\n\r\f\v".includes(text.charAt(at))) return false;
  return true;
}

function checkStatements(text: string, starts: ReadonlySet<number>, ends: ReadonlySet<number>): void {
  const { statements, comments, problems } = splitStatements(text);
  const whole = { start: 0, end: text.length };
  // Behind COPY's data and a meta-command that sends, tokens begin anew.
  const isPlain = !text.includes("\\") && !text.startsWith("\ufeff");
  let at = 0;
  for (const statement of statements) {
    const { start, end, kind, metas, data } = statement;
    hold(start >= at && end > start, `statement ${start} to ${end} behind ${at}`);
    holdInside(statement, whole, "statement");
    at = data?.end ?? end;
    if (data !== null) holdInside(data, { start: end, end: text.length }, "data");
    if (kind !== "sql") continue;
    for (const meta of metas) holdInside(meta, statement, "meta-command");
    if (isPlain) hold(starts.has(start) && ends.has(end), `statement ${start} to ${end} has token borders`);
    hold(statementSql(text, statement).length === end - start, "meta-commands leave their room");
    hold(statementTokens(text, statement).length > 0, "a statement has tokens");
  }
  for (const comment of comments) holdInside(comment, whole, "comment");
  for (const problem of problems) holdInside(problem, whole, problem.problem);
}

/** Every statement has one of three outcomes, with places inside it. */
export async function checkParser(text: string, name: ParserName): Promise<void> {
  const parser = await loadParser(name);
  for (const statement of splitStatements(text).statements) {
    if (statement.kind !== "sql") continue;
    const tokens = statementTokens(text, statement);
    if (tokens.length === 0) continue;
    const result = parser.parse({ text, statement, tokens });
    if (result.outcome === "statement") holdSpans(result.statement, statement);
    else if (result.outcome === "syntax error") holdInside(result.at, statement, "syntax error");
  }
}

/** What is read without the grammar is what the grammar reads, also with some tokens gone, doubled or replaced. */
export async function checkCommonStatements(text: string, random: Random): Promise<void> {
  const grammar = await loadGrammarParser();
  checkFastPath(grammar, text);
  const tokens = tokenTexts(text.slice(0, 2000));
  if (tokens.length > 0) checkFastPath(grammar, editTokens(tokens, [tokens], random));
}

/** The steps of a body lie inside it. */
export function checkBodies(text: string, random: Random): void {
  const from = random.below(4);
  const body = { start: Math.min(from, text.length), end: text.length };
  checkSteps(parseBody(text, body, random.oneIn(5) ? "sql" : "plpgsql"), body);
}

function checkSteps(steps: readonly BodyStep[], outer: { start: number; end: number }): void {
  for (const step of steps) {
    holdInside(step.span, outer, step.kind);
    if (step.kind === "block" || step.kind === "loop") checkSteps(step.body, outer);
    if (step.kind === "branch") for (const arm of step.arms) checkSteps(arm, outer);
    if (step.kind === "sql" || step.kind === "perform") {
      const { sql, toFile } = step.sql;
      const from = toFile(0);
      const to = toFile(sql.length);
      holdInside({ start: from, end: to }, { start: 0, end: outer.end }, `the SQL of ${step.kind}`);
    }
  }
}

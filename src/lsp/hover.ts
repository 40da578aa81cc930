import type { Hover } from "vscode-languageserver/node";
import type { ExplainedStatement } from "../engine/explanation.ts";
import type { Diagnostic } from "../engine/report.ts";
import { wordOf, workWords } from "../reporters/explain-rows.ts";
import { feltLocks } from "../reporters/felt-locks.ts";
import { unfold } from "../reporters/plain.ts";
import { conditionsOf, withoutPublic } from "../reporters/words.ts";
import type { Rule } from "../rule.ts";
import { indexLines } from "../text/lines.ts";
import { isInside, type Span } from "../text/span.ts";
import type { Checked } from "./check.ts";
import { toRange } from "./convert.ts";

/** More relations than these of one statement are counted, not listed. */
const shownLocks = 8;

/** What is under the cursor: why a finding is one and what to do, or else what the statement does to others. */
export async function hoverAt(
  checked: Checked,
  offset: number,
  catalogue: readonly Rule[],
): Promise<Hover | null> {
  const lines = indexLines(checked.text);
  const statement = statementAt(await checked.explained(), checked, lines.starts, offset);
  const findings = checked.findings.map(({ own }) => own).filter((own) => touches(own, offset));
  if (statement === null && findings.length === 0) return null;
  const parts = findings.map((finding) => renderFinding(finding, catalogue));
  if (statement !== null) parts.push(renderStatement(statement.explained, checked));
  const span = findings[0] === undefined ? statement?.span : spanOf(findings[0]);
  return {
    contents: { kind: "markdown", value: parts.join("\n\n---\n\n") },
    ...(span && { range: toRange(lines, span) }),
  };
}

function spanOf({ start, end }: Diagnostic): Span {
  return { start: start.offset, end: end.offset };
}

function touches(diagnostic: Diagnostic, offset: number): boolean {
  return isInside({ start: offset, end: offset }, spanOf(diagnostic));
}

/** The innermost statement around an offset: of a DO block the statement inside. */
function statementAt(
  statements: readonly ExplainedStatement[],
  { text }: Checked,
  starts: readonly number[],
  offset: number,
): { readonly explained: ExplainedStatement; readonly span: Span } | null {
  let best: { explained: ExplainedStatement; span: Span } | null = null;
  for (const explained of statements) {
    const { sql, line } = explained;
    // It begins on its line, and so near the offset that it reaches it: of thousands only these few are looked for.
    const first = Math.max(starts[line - 1] ?? 0, offset - sql.length);
    const last = Math.min(starts[line] ?? text.length, offset);
    if (first > last) continue;
    const at = text.slice(first, last + sql.length).indexOf(sql);
    if (at === -1) continue;
    const span = { start: first + at, end: first + at + sql.length };
    if (best === null || explained.sql.length < best.explained.sql.length) best = { explained, span };
  }
  return best;
}

function renderFinding({ rule: id, message, rewrite, advice, docs }: Diagnostic, catalogue: readonly Rule[]) {
  const rule = catalogue.find((one) => one.id === id);
  const parts = [`**${escapeMarkdown(message)}**`];
  if (rule !== undefined) parts.push(unfold(rule.why), `_Instead:_ ${unfold(rule.instead)}`);
  if (advice !== null) parts.push(escapeMarkdown(advice));
  for (const [k, step] of (rewrite ?? []).entries()) {
    const conditions = conditionsOf(step);
    const number = (rewrite?.length ?? 0) > 1 ? `${k + 1}. ` : "";
    parts.push(`${number}${escapeMarkdown(step.title)}${conditions && ` (${escapeMarkdown(conditions)})`}:`);
    parts.push(fence(step.sql));
  }
  parts.push(`[${id}](${docs})`);
  return parts.join("\n\n");
}

function renderStatement(statement: ExplainedStatement, { report }: Checked): string {
  const { locks, transaction, certainty, on } = statement;
  const version = report === null ? "" : `PostgreSQL ${report.context.postgresVersion} · `;
  const runner = report?.context.runner ?? "";
  const parts = [`${version}${runner}: ${transactions[transaction]}`];
  const felt = feltLocks(locks);
  if (felt.length > 0) {
    const rows = felt.slice(0, shownLocks).map((lock) => {
      const cells = [
        withoutPublic(lock.relation),
        lock.mode,
        wordOf(lock, lock.blocksReads),
        wordOf(lock, lock.blocksWrites),
      ];
      return `| ${cells.map((cell) => escapeMarkdown(cell)).join(" | ")} |`;
    });
    parts.push(["| lock on | mode | reads | writes |", "|---|---|---|---|", ...rows].join("\n"));
    if (felt.length > shownLocks) parts.push(`and ${felt.length - shownLocks} more`);
  }
  const work = workWords(statement);
  if (work !== "") parts.push(`Work: ${escapeMarkdown(work)}`);
  if (certainty === "depends") parts.push(`It depends on ${escapeMarkdown(on ?? "what is not known")}.`);
  return parts.join("\n\n");
}

const transactions = {
  explicit: "inside BEGIN and COMMIT",
  runner: "in the tool's transaction",
  implicit: "in an implicit transaction",
  autocommit: "commits by itself",
} as const;

/** Names come from files that anybody may have written: none of them makes links or images here. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()<>#|!~]/g, "\\$&").replaceAll(/[\r\n]+/g, " ");
}

/** A fence that no line of the SQL can end. */
function fence(sql: string): string {
  const runs = sql.match(/`+/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length + 1), 3);
  const ticks = "`".repeat(longest);
  return `${ticks}sql\n${sql.trimEnd()}\n${ticks}`;
}

import type { Diagnostic, Report } from "../engine/report.ts";
import { type LineIndex, lineText } from "../text/lines.ts";
import { renderEdited } from "./edited.ts";
import { plain, plainLines } from "./plain.ts";
import type { ReporterOptions } from "./reporter.ts";
import { renderSummary } from "./summary.ts";
import { conditionsOf, groupByFile, problemsOf, renderImpact } from "./words.ts";

/** GitHub refuses comments over 65,536 characters, GitLab over a million: findings past this are counted only. */
const longest = 60_000;

/** For a comment on a pull request: grouped by file, the safe SQL folded away. */
export function renderMarkdown(report: Report, options: ReporterOptions): string {
  const problems = problemsOf(report);
  const summary = escapeMarkdown(renderSummary(report, options));
  const out = [`### lockwise: ${problems === "" ? "no findings" : problems}\n`];
  const indexes = new Map(report.files.map((file) => [file.path, file.lines]));
  let length = summary.length + 200;
  let shown = 0;
  for (const [path, diagnostics] of groupByFile(report.diagnostics)) {
    let heading = `\n#### ${code(path)}\n`;
    for (const diagnostic of diagnostics) {
      const text = heading + renderDiagnostic(diagnostic, indexes.get(path));
      length += text.length;
      if (length > longest) break;
      out.push(text);
      heading = "";
      shown++;
    }
    if (length > longest) break;
  }
  const rest = report.diagnostics.length - shown;
  if (rest > 0) out.push(`\n**${rest} more** would not fit in here.\n`);
  out.push(`\n${summary}\n`);
  return out.join("");
}

function renderDiagnostic(diagnostic: Diagnostic, lines: LineIndex | undefined): string {
  const { start, severity, message, rule, docs, impact } = diagnostic;
  const link = /^https?:\/\/[^\s()<>]+$/.test(docs) ? `[${escapeMarkdown(rule)}](${docs})` : code(rule);
  const mark = severity === "error" ? "\u274c" : "\u26a0\ufe0f";
  const out = [`\n${mark} **line ${start.line}**: ${escapeMarkdown(message)} (${link})\n`];
  if (lines !== undefined && lines.text !== "") {
    out.push(`\n${fence([lineText(lines, start.line).slice(0, 300)])}`);
  }
  if (impact !== null) out.push(`\n${escapeMarkdown(renderImpact(impact))}\n`);
  const safe = renderSafe(diagnostic, lines);
  if (safe !== "") out.push(`\n<details><summary>The safe way</summary>\n${safe}\n</details>\n`);
  return out.join("");
}

function renderSafe(diagnostic: Diagnostic, lines: LineIndex | undefined): string {
  const { fix, rewrite, advice } = diagnostic;
  const out: string[] = [];
  if (fix !== null && lines !== undefined) {
    out.push(`\n${escapeMarkdown(fix.title)} (\`lockwise --fix\` does it):\n`);
    out.push(`\n${fence(renderEdited(lines, fix))}`);
  }
  (rewrite ?? []).forEach((step, k) => {
    const number = (rewrite ?? []).length > 1 ? `**${k + 1}.** ` : "";
    const conditions = conditionsOf(step);
    const title = `${step.title}${conditions === "" ? "" : ` (${conditions})`}`;
    out.push(`\n${number}${escapeMarkdown(title)}:\n\n${fence(step.sql.trimEnd().split(/\r\n|\n|\r/))}`);
  });
  if (advice !== null) out.push(`\n${escapeMarkdown(advice)}\n`);
  return out.join("");
}

/** Everything that Markdown or HTML could take for more than a character; mentions and issue numbers too. */
function escapeMarkdown(text: string): string {
  return plain(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("#", "&#35;")
    .replaceAll("@", "&#64;")
    .replaceAll("://", "&#58;//")
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|[\\`*[\]|~!$]/g, "\\$&");
}

/** Inline code that its content cannot end. */
function code(text: string): string {
  const shown = plain(text);
  const ticks = "`".repeat(longestRun(shown) + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") ? " " : "";
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** A block of SQL that its content cannot end. */
function fence(lines: readonly string[]): string {
  const body = lines.flatMap(plainLines).join("\n");
  const ticks = "`".repeat(Math.max(3, longestRun(body) + 1));
  return `${ticks}sql\n${body}\n${ticks}\n`;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longestSoFar, run) => Math.max(longestSoFar, run.length), 0);
}

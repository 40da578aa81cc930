import picocolors from "picocolors";
import type { Diagnostic, Report } from "../engine/report.ts";
import { append } from "../text/append.ts";
import { indexLines, type LineIndex } from "../text/lines.ts";
import { renderEdited } from "./edited.ts";
import { renderExcerpt } from "./excerpt.ts";
import { plain, plainLines, widthOf, wrapProse } from "./plain.ts";
import { findRepeats, isShownBefore, placeOf, type Repeat } from "./repeats.ts";
import type { ReporterOptions } from "./reporter.ts";
import { renderSummary } from "./summary.ts";
import { adviceForPast, renderTally } from "./tally.ts";
import { conditionsOf, countOf, groupByFile, renderImpact } from "./words.ts";

type Colours = ReturnType<typeof picocolors.createColors>;

/** Prose is not set wider than this, however wide the terminal is. */
const proseWidth = 80;
const widest = 110;

/** More places than these nobody goes through one by one. */
const worthListing = 40;

/** In UTF-16 units: a piece that is shorter waits for the next. */
const worthWriting = 100_000;

interface Page {
  readonly colours: Colours;
  readonly width: number;
  /** Where the same advice was given in this file before. */
  readonly given: Map<string, string>;
  /** What was said already of each statement's locks and work. */
  readonly told: Set<string>;
}

/**
 * For people: findings by file, each with the line it is about, who waits, and the safe way in full; then one
 * paragraph that sums up.
 */
export function renderPretty(report: Report, options: ReporterOptions): string {
  return [...prettyPieces(report, options)].join("");
}

/** The same in pieces of whole lines: what many findings say need not be in memory at once. */
export function* prettyPieces(report: Report, options: ReporterOptions): Generator<string> {
  const colours = picocolors.createColors(options.colour === true);
  const width = Math.max(40, Math.min(options.width ?? proseWidth, widest));
  const indexes = new Map(report.files.map((file) => [file.path, file.lines]));
  let waiting = "";
  const add = (rows: readonly string[]) => {
    waiting += rows.map((row) => `${row}\n`).join("");
  };
  for (const [path, diagnostics] of groupByFile(report.diagnostics)) {
    const page: Page = { colours, width, given: new Map(), told: new Set() };
    const lines = indexes.get(path) ?? indexLines("");
    add([colours.underline(plain(path)), ""]);
    const repeats = findRepeats(diagnostics);
    for (const diagnostic of diagnostics) {
      if (isShownBefore(repeats, diagnostic)) continue;
      add([...renderDiagnostic(diagnostic, lines, page), ""]);
      if (waiting.length < worthWriting) continue;
      yield waiting;
      waiting = "";
    }
    for (const repeat of repeats.values()) add(renderRepeat(repeat, page));
  }
  const out: string[] = [];
  const tally = renderTally(report);
  if (tally.length > 0) append(out, [...tally.map((row) => colours.dim(plain(row))), ""]);
  const summary = wrapProse(renderSummary(report, options), proseWidth);
  const { errors, warnings } = report.summary;
  const tone = errors > 0 ? colours.red : warnings > 0 ? colours.yellow : colours.green;
  append(
    out,
    summary.map((line) => tone(line)),
  );
  append(out, wrapProse(adviceForPast(report), proseWidth));
  add(out);
  yield waiting;
}

/** What is left out here stands in every other format. */
function renderRepeat({ shown, left }: Repeat, page: Page): string[] {
  if (left.length === 0) return [];
  const [first] = shown;
  const listed = left.slice(0, worthListing).map(placeOf);
  const rest = left.length > listed.length ? ` and ${left.length - listed.length} more` : "";
  const where = `${listed.join(", ")}${rest}`;
  const text = `The same as at ${first === undefined ? "" : placeOf(first)}, ${countOf(left.length, "time")} more: ${where}`;
  return [...prose(`${text} (${first?.rule ?? ""})`, page), ""];
}

function renderDiagnostic(diagnostic: Diagnostic, lines: LineIndex, page: Page): string[] {
  const { colours } = page;
  const place = placeOf(diagnostic);
  const indent = " ".repeat(7);
  const body = [
    ...renderHead(diagnostic, place, page),
    ...renderCode(diagnostic, lines, page),
    ...prose(renderImpactOnce(diagnostic, page), page),
  ];
  const instead = renderInstead(diagnostic, lines, page);
  const key = instead.join("\n");
  const earlier = page.given.get(key);
  if (instead.length > 0 && earlier !== undefined) {
    body.push(indent + colours.dim(`Instead: as at ${earlier} above.`));
  } else if (instead.length > 0) {
    page.given.set(key, place);
    append(body, ["", ...instead]);
  }
  return body;
}

/** What the statement does to others, where no finding above has said the same of it. */
function renderImpactOnce({ impact, statement }: Diagnostic, { told }: Page): string {
  if (impact === null) return "";
  const text = renderImpact(impact);
  const key = `${statement.start} ${text}`;
  if (told.has(key)) return "";
  told.add(key);
  return text;
}

/** `2:1  error  message    rule-id`: the rule at the right border, or on the next line where there is no room. */
function renderHead(diagnostic: Diagnostic, place: string, page: Page): string[] {
  const { colours, width } = page;
  const tone = diagnostic.severity === "error" ? colours.red : colours.yellow;
  const before = `${place.padStart(5)}  ${diagnostic.severity}  `;
  const room = width - before.length;
  const message = wrapProse(diagnostic.message, Math.max(20, room));
  const last = message[message.length - 1] ?? "";
  const rule = plain(diagnostic.rule);
  const gap = room - widthOf(last) - rule.length;
  const rows = message.map((line) => " ".repeat(before.length) + colours.bold(line));
  rows[0] = `${colours.dim(place.padStart(5))}  ${tone(diagnostic.severity)}  ${colours.bold(message[0] ?? "")}`;
  if (gap >= 2) rows[rows.length - 1] += " ".repeat(gap) + colours.dim(rule);
  else rows.push(" ".repeat(before.length) + colours.dim(rule));
  return rows;
}

function renderCode(diagnostic: Diagnostic, lines: LineIndex, page: Page): string[] {
  if (lines.text === "") return [];
  const { colours, width } = page;
  const tone = diagnostic.severity === "error" ? colours.red : colours.yellow;
  return renderExcerpt(lines, diagnostic, width - 11).map((row) => {
    const gutter = colours.dim(`${row.gutter.padStart(8)} ${row.kind === "gap" ? "\u2026" : "\u2502"}`);
    if (row.text === "") return gutter;
    return `${gutter} ${row.kind === "marks" ? tone(row.text) : row.text}`;
  });
}

function renderInstead(diagnostic: Diagnostic, lines: LineIndex, page: Page): string[] {
  const out: string[] = [];
  const steps = diagnostic.rewrite ?? [];
  // A fix beside a rewrite is the same in place, and not worth its lines twice.
  if (diagnostic.fix !== null && steps.length === 0) {
    append(out, [...prose(`Instead: ${diagnostic.fix.title} (--fix does it):`, page), ""]);
    append(out, sql(renderEdited(lines, diagnostic.fix), page));
  }
  if (steps.length > 0) {
    const isOne = steps.length === 1;
    if (!isOne) append(out, [...prose(`Instead, in ${countOf(steps.length, "migration")}:`, page), ""]);
    steps.forEach((step, k) => {
      const conditions = conditionsOf(step);
      const title = `${step.title}${conditions === "" ? "" : ` (${conditions})`}:`;
      if (k > 0) out.push("");
      append(out, [...(isOne ? prose(`Instead: ${title}`, page) : numbered(k + 1, title, page)), ""]);
      append(out, sql(plainLines(step.sql.trimEnd()), page));
    });
  }
  if (diagnostic.fix !== null && steps.length > 0) {
    append(out, ["", ...prose(`${diagnostic.fix.title}: --fix does it in place.`, page)]);
  }
  if (diagnostic.advice !== null) {
    if (out.length > 0) out.push("");
    append(out, prose(steps.length > 0 ? diagnostic.advice : `Instead: ${diagnostic.advice}`, page));
  }
  return out;
}

function prose(text: string, page: Page): string[] {
  return wrapProse(text, Math.min(page.width, proseWidth) - 7).map((line) => `       ${line}`);
}

function numbered(number: number, text: string, page: Page): string[] {
  const lead = `${number}. `;
  return wrapProse(text, Math.min(page.width, proseWidth) - 7 - lead.length).map(
    (line, k) => `       ${k === 0 ? lead : " ".repeat(lead.length)}${line}`,
  );
}

/** SQL is never broken: it is there to be copied. */
function sql(lines: readonly string[], page: Page): string[] {
  return lines.map((line) => {
    const shown = plain(line.replaceAll("\t", "  "));
    return shown === "" ? "" : `         ${page.colours.cyan(shown)}`;
  });
}

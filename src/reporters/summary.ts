import type { Report } from "../engine/report.ts";
import type { ReporterOptions } from "./reporter.ts";
import { countOf, groupByFile, listOf, problemsOf } from "./words.ts";

/** Statements that were not understood are named up to this many, unless all are asked for. */
const namedStatements = 3;

/** What a run found and how it was understood, in a few calm sentences. */
export function renderSummary(report: Report, options: ReporterOptions): string {
  const sentences = [problemSentence(report), historySentence(report)];
  const hidden: string[] = [];
  if (report.summary.suppressed > 0) hidden.push(`${report.summary.suppressed} suppressed`);
  if (report.summary.baseline > 0) hidden.push(`${report.summary.baseline} in the baseline`);
  if (hidden.length > 0) sentences.push(`${listOf(hidden)}.`);
  const gone = options.gone ?? 0;
  if (gone > 0) sentences.push(`${gone} of the baseline ${gone === 1 ? "is" : "are"} gone.`);
  const fixable = report.diagnostics.filter((diagnostic) => diagnostic.fix !== null).length;
  if (fixable > 0) sentences.push(`--fix settles ${fixable}.`);
  const lost = notUnderstoodSentence(report, options.verbose === true);
  if (lost !== "") sentences.push(lost);
  return sentences.join(" ");
}

function problemSentence(report: Report): string {
  const files = report.files.length;
  const problems = problemsOf(report);
  if (problems === "") return `No findings in ${countOf(files, "file")}.`;
  const touched = groupByFile(report.diagnostics).size;
  return `${problems} in ${touched === files ? countOf(files, "file") : `${touched} of ${files} files`}.`;
}

function historySentence(report: Report): string {
  const { context } = report;
  const server = `PostgreSQL ${context.postgresVersion}${context.isVersionConfigured ? "" : " by default"}`;
  const how = [context.runner, server];
  if (context.parser !== "postgres") how.push(`read with ${context.parser}`);
  const understood = how.filter((word) => word !== "").join(", ");
  if (context.history === 0) return `Read for ${understood}.`;
  return `${countOf(context.history, "earlier migration")} read as history (${understood}).`;
}

function notUnderstoodSentence(report: Report, isVerbose: boolean): string {
  const count = report.summary.notUnderstood;
  if (count === 0) return "";
  const places = report.files.flatMap((file) =>
    file.notUnderstood.map(({ line, reason }) => `${file.path}:${line}${isVerbose ? ` (${reason})` : ""}`),
  );
  const named = isVerbose ? places : places.slice(0, namedStatements);
  const more = places.length - named.length;
  const list = listOf(more > 0 ? [...named, `${more} more`] : named);
  const were = count === 1 ? "was" : "were";
  return `${countOf(count, "statement")} ${were} not understood and not judged${list === "" ? "" : `: ${list}`}.`;
}

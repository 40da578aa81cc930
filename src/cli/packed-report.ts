import type { Source } from "../engine/options.ts";
import type { FileReport, Report } from "../engine/report.ts";
import { indexLines } from "../text/lines.ts";

/** A report as plain data: without what the texts of its sources tell again. */
export interface PackedReport extends Omit<Report, "files"> {
  readonly files: readonly Omit<FileReport, "lines">[];
}

/** The report without what can be made again from the sources. */
export function packReport(report: Report): PackedReport {
  return { ...report, files: report.files.map(({ lines: _, ...file }) => file) };
}

/** The report as {@link packReport} was given it, for the same sources. */
export function unpackReport(report: PackedReport, sources: readonly Source[]): Report {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const files = report.files.map((file) => ({ ...file, lines: indexLines(texts.get(file.path) ?? "") }));
  return { ...report, files };
}

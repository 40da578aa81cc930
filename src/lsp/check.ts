import type { Diagnostic as LspDiagnostic } from "vscode-languageserver/node";
import { applyBaseline } from "../engine/baseline.ts";
import { explainSources } from "../engine/explain.ts";
import type { ExplainedStatement } from "../engine/explanation.ts";
import { createHistoryCache, type HistoryCache } from "../engine/kept-history.ts";
import { lintSources } from "../engine/lint.ts";
import type { Diagnostic, Report } from "../engine/report.ts";
import { noteAtTop, notUnderstoodOf, toDiagnostic } from "./convert.ts";
import type { PlannedDocument, SkippedDocument } from "./workspace.ts";

/** A text of more UTF-16 units than this is no migration that anybody edits by hand; checking it would hold up the rest. */
export const largestText = 4 * 1024 * 1024;

/** A document as it was checked last. */
export interface Checked {
  readonly version: number;
  readonly text: string;
  readonly planned: PlannedDocument | null;
  readonly report: Report | null;
  /** Findings, each with what the editor was shown of it. */
  readonly findings: readonly { readonly own: Diagnostic; readonly shown: LspDiagnostic }[];
  /** All that the editor is shown. */
  readonly shown: readonly LspDiagnostic[];
  /** Why nothing was checked. */
  readonly skipped: string | null;
  /** Computed when somebody asks. */
  readonly explained: () => Promise<readonly ExplainedStatement[]>;
}

/** Worlds behind histories, by the document's URI. */
export type Histories = Map<string, HistoryCache>;

/** Checks a planned document. */
export async function checkDocument(
  document: { readonly uri: string; readonly version: number; readonly text: string },
  planned: PlannedDocument | SkippedDocument,
  histories: Histories,
): Promise<Checked> {
  const { uri, version, text } = document;
  if ("skipped" in planned) return unchecked(version, text, planned.skipped, []);
  const history = histories.get(uri) ?? createHistoryCache();
  histories.set(uri, history);
  const options = { ...planned.options, history };
  const whole = await lintSources(planned.sources, options);
  const report = planned.baseline === null ? whole : applyBaseline(whole, planned.baseline).report;
  const findings = report.diagnostics
    .filter(({ path }) => path === planned.path)
    .map((own) => ({ own, shown: toDiagnostic(own) }));
  let explained: Promise<readonly ExplainedStatement[]> | null = null;
  return {
    version,
    text,
    planned,
    report,
    findings,
    shown: [...findings.map(({ shown }) => shown), ...notUnderstoodOf(report, planned.path, text)],
    skipped: null,
    explained: () => {
      explained ??= explainSources(planned.sources, options).then(({ statements }) =>
        statements.filter(({ path }) => path === planned.path),
      );
      return explained;
    },
  };
}

/** A document that is not checked, and says so where `shown` is not empty. */
export function unchecked(
  version: number,
  text: string,
  skipped: string,
  shown: readonly LspDiagnostic[] = [noteAtTop(skipped)],
): Checked {
  const nothing = { planned: null, report: null, findings: [], explained: async () => [] };
  return { version, text, shown, skipped, ...nothing };
}

/** What stands in the editor in place of findings; `length` in UTF-16 units. */
export function tooLarge(length: number): string {
  const megabytes = Math.round(length / 1024 / 1024);
  return `Not checked: ${megabytes} MB are too much to check while you type. Run lockwise on the file instead.`;
}

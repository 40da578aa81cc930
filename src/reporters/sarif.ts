import type { Diagnostic, DiagnosticFix, Report } from "../engine/report.ts";
import { type LineIndex, positionAt } from "../text/lines.ts";
import { plain, unfold } from "./plain.ts";
import { printJson } from "./print-json.ts";
import type { ReporterOptions, RuleWords } from "./reporter.ts";
import { notUnderstoodOf } from "./words.ts";

const schema = "https://json.schemastore.org/sarif-2.1.0.json";

/** SARIF 2.1.0, for code scanning: rules with their help, results with fingerprints and fixes. */
export function renderSarif(report: Report, options: ReporterOptions): string {
  const rules = rulesOf(report, options.rules ?? []);
  const indexes = new Map(rules.map((rule, k) => [rule.id, k]));
  const lines = new Map(report.files.map((file) => [file.path, file.lines]));
  const run = {
    tool: {
      driver: {
        name: "lockwise",
        ...(options.version && { semanticVersion: options.version }),
        rules: rules.map(renderRule),
      },
    },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { "%SRCROOT%": { description: { text: "The folder that lockwise ran in." } } },
    invocations: [
      {
        executionSuccessful: report.complaints.length === 0,
        toolExecutionNotifications: [
          ...report.complaints.map((complaint) => notificationOf("error", complaint)),
          ...notUnderstoodOf(report).map((lost) => notificationOf("note", lost)),
        ],
      },
    ],
    artifacts: report.files.map(({ path }) => ({ location: locationOf(path) })),
    results: report.diagnostics.map((diagnostic) =>
      renderResult(diagnostic, indexes.get(diagnostic.rule) ?? 0, lines.get(diagnostic.path)),
    ),
  };
  return printJson({ $schema: schema, version: "2.1.0", runs: [run] });
}

function notificationOf(level: "error" | "note", { path, line, message }: Report["complaints"][number]) {
  const region = line === null ? {} : { region: { startLine: line } };
  return {
    level,
    message: { text: plain(message) },
    ...(path !== null && {
      locations: [{ physicalLocation: { artifactLocation: locationOf(path), ...region } }],
    }),
  };
}

type SarifRule = Pick<RuleWords, "id"> & Partial<RuleWords>;

/** The rules that are known, then those that spoke without being known (the engine's own). */
function rulesOf(report: Report, known: readonly RuleWords[]): SarifRule[] {
  const rules = new Map<string, SarifRule>(known.map((rule) => [rule.id, rule]));
  for (const { rule, docs, category, severity } of report.diagnostics) {
    const words = rules.get(rule);
    if (words === undefined) rules.set(rule, { id: rule, docs, category, severity });
    else if (words.docs === undefined) rules.set(rule, { ...words, docs });
  }
  return [...rules.values()];
}

function renderRule(rule: SarifRule) {
  const { summary = rule.id } = rule;
  const why = unfold(rule.why ?? "");
  const instead = unfold(rule.instead ?? "");
  const help = [why, instead].filter((text) => text !== "");
  const level = rule.severity === "off" ? "none" : rule.severity;
  return {
    id: rule.id,
    shortDescription: { text: summary },
    ...(why !== "" && { fullDescription: { text: why } }),
    ...(help.length > 0 && { help: { text: help.join("\n\n"), markdown: help.join("\n\n") } }),
    ...(rule.docs && isAbsoluteUrl(rule.docs) && { helpUri: rule.docs }),
    ...(level && { defaultConfiguration: { enabled: level !== "none", level } }),
    ...(rule.category && { properties: { tags: ["postgresql", "migration", rule.category] } }),
  };
}

function renderResult(diagnostic: Diagnostic, ruleIndex: number, lines: LineIndex | undefined) {
  const { start, end, fix } = diagnostic;
  return {
    ruleId: diagnostic.rule,
    ruleIndex,
    level: diagnostic.severity,
    message: { text: plain(diagnostic.message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: locationOf(diagnostic.path),
          region: {
            startLine: start.line,
            startColumn: start.column,
            endLine: end.line,
            endColumn: end.column,
          },
        },
      },
    ],
    partialFingerprints: { "lockwise/v1": diagnostic.fingerprint },
    ...(fix && lines && { fixes: [renderFix(fix, diagnostic.path, lines)] }),
  };
}

function renderFix(fix: DiagnosticFix, path: string, lines: LineIndex) {
  return {
    description: { text: plain(fix.title) },
    artifactChanges: [
      {
        artifactLocation: locationOf(path),
        replacements: fix.edits.map((edit) => {
          const from = positionAt(lines, edit.start);
          const to = positionAt(lines, edit.end);
          return {
            deletedRegion: {
              startLine: from.line,
              startColumn: from.column,
              endLine: to.line,
              endColumn: to.column,
            },
            ...(edit.text !== "" && { insertedContent: { text: edit.text } }),
          };
        }),
      },
    ],
  };
}

/** A path as a URI: relative ones hang on the folder that lockwise ran in. */
function locationOf(path: string): { uri: string; uriBaseId?: string } {
  const slashed = path.replaceAll("\\", "/").replaceAll(/\p{Surrogate}/gu, "\ufffd");
  const uri = slashed.split("/").map(encodeURIComponent).join("/");
  if (/^[A-Za-z]:\//.test(slashed)) return { uri: `file:///${slashed[0]}:${uri.slice(4)}` };
  if (slashed.startsWith("/")) return { uri: `file://${uri}` };
  return { uri: uri.startsWith("./") ? uri.slice(2) : uri, uriBaseId: "%SRCROOT%" };
}

function isAbsoluteUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}

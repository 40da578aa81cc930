import { plainName } from "../engine/plain-names.ts";
import type { Diagnostic, Report } from "../engine/report.ts";
import type { Position } from "../text/lines.ts";
import { printInside } from "./print-json.ts";

/** The version of the JSON contract: it changes where a script that read the old shape would break. */
const jsonVersion = 1;

/** The report as the documented object (`report.schema.json`): what the library resolves to as well. */
export function toJson(report: Report): JsonReport {
  const { errors, warnings, suppressed, baseline, notUnderstood } = report.summary;
  return {
    version: jsonVersion,
    files: report.files.map(toJsonFile),
    diagnostics: report.diagnostics.map(toJsonDiagnostic),
    summary: { errors, warnings, suppressed, baseline, notUnderstood },
  };
}

/** JSON for scripts, ended by a line break. */
export function renderJson(report: Report): string {
  return [...jsonPieces(report)].join("");
}

/** The same piece by piece: of thousands of files the whole would not fit beside the report. */
export function* jsonPieces(report: Report): Iterable<string> {
  const { version, summary } = toJson({ ...report, files: [], diagnostics: [] });
  yield `{\n  "version": ${version},\n  "files": `;
  yield* listPieces(report.files, toJsonFile);
  yield `,\n  "diagnostics": `;
  yield* listPieces(report.diagnostics, toJsonDiagnostic);
  yield `,\n  "summary": ${printInside(summary, 1)}\n}\n`;
}

/** How much of the text is handed on at once. */
const pieceLength = 1 << 16;

/** A list that is a member of the report, as `JSON.stringify` would set it. */
function* listPieces<Item>(items: readonly Item[], show: (item: Item) => unknown): Iterable<string> {
  let piece = "[";
  for (const [index, item] of items.entries()) {
    piece += `${index === 0 ? "" : ","}\n    ${printInside(show(item), 2)}`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield items.length === 0 ? "[]" : `${piece}\n  ]`;
}

export interface JsonReport {
  readonly version: 1;
  readonly files: readonly JsonFile[];
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly summary: Report["summary"];
}

interface JsonFile {
  readonly path: string;
  readonly statements: number;
  /** Where there are such. */
  readonly notUnderstood?: readonly { readonly line: number; readonly reason: string }[];
}

function toJsonFile({ path, statements, notUnderstood }: Report["files"][number]): JsonFile {
  if (notUnderstood.length === 0) return { path, statements };
  return { path, statements, notUnderstood: notUnderstood.map(({ line, reason }) => ({ line, reason })) };
}

/** A diagnostic; what does not apply is left out. */
export type JsonDiagnostic = Pick<
  Diagnostic,
  | "rule"
  | "severity"
  | "category"
  | "message"
  | "path"
  | "start"
  | "end"
  | "statement"
  | "fingerprint"
  | "docs"
> & {
  readonly impact?: NonNullable<Diagnostic["impact"]>;
  readonly fix?: NonNullable<Diagnostic["fix"]>;
  readonly rewrite?: readonly JsonStep[];
  readonly advice?: string;
};

interface JsonStep {
  readonly title: string;
  readonly sql: string;
  readonly transaction: boolean;
  readonly outside?: string;
  readonly after?: string;
}

function toJsonDiagnostic(diagnostic: Diagnostic): JsonDiagnostic {
  const { impact, fix, rewrite, advice, statement } = diagnostic;
  return {
    rule: diagnostic.rule,
    severity: diagnostic.severity,
    category: diagnostic.category,
    message: diagnostic.message,
    path: diagnostic.path,
    start: toPosition(diagnostic.start),
    end: toPosition(diagnostic.end),
    statement: { start: statement.start, end: statement.end },
    ...(impact && { impact: toImpact(impact) }),
    ...(fix && {
      fix: { title: fix.title, edits: fix.edits.map(({ start, end, text }) => ({ start, end, text })) },
    }),
    ...(rewrite && {
      rewrite: rewrite.map(({ title, sql, transaction, outside, after }) => ({
        title,
        sql,
        transaction,
        ...(outside !== null && { outside }),
        ...(after !== null && { after }),
      })),
    }),
    ...(advice !== null && { advice }),
    fingerprint: diagnostic.fingerprint,
    docs: diagnostic.docs,
  };
}

/** Field by field, so that what the engine keeps for itself stays out of the contract. */
function toImpact(impact: NonNullable<Diagnostic["impact"]>): NonNullable<Diagnostic["impact"]> {
  return {
    locks: impact.locks.map(({ relation, mode, blocksReads, blocksWrites }) => ({
      relation: plainName(relation),
      mode,
      blocksReads,
      blocksWrites,
    })),
    ...(impact.moreLocks !== undefined && { moreLocks: impact.moreLocks }),
    work: impact.work,
    ...(impact.certainty && { certainty: impact.certainty }),
    ...(impact.on !== undefined && { on: impact.on }),
  };
}

function toPosition({ line, column, offset }: Position): Position {
  return { line, column, offset };
}

import picocolors from "picocolors";
import type { ExplainedStatement, Explanation } from "../engine/explanation.ts";
import { plainExplanation } from "../engine/plain-names.ts";
import { append } from "../text/append.ts";
import { layOutRows } from "./explain-layout.ts";
import { openNotes, sayNotes } from "./explain-notes.ts";
import { blockRow, type Row, rowsOf } from "./explain-rows.ts";
import { heldBefore, heldNotes, refusedNotes } from "./held-locks.ts";
import { plain, wrapProse } from "./plain.ts";
import { printJson } from "./print-json.ts";
import type { ReporterOptions } from "./reporter.ts";

/** `lockwise explain --format json`: the documented object. */
export function renderExplanationJson(explanation: Explanation): string {
  const { version, postgresVersion, statements } = plainExplanation(explanation);
  return printJson({ version, postgresVersion, statements });
}

/** Notes are not set wider than this, however wide the terminal is. */
const proseWidth = 80;

/**
 * For people: what each statement locks, who waits, and what the server does meanwhile. A table where the terminal is as
 * wide as that, or nobody knows how wide it is; otherwise one statement below the other.
 */
export function renderExplanation(explanation: Explanation, options: ReporterOptions): string {
  const colours = picocolors.createColors(options.colour === true);
  const out: string[] = [];
  for (const [path, statements] of byPath(explanation.statements)) {
    const notes = openNotes();
    const rows = statements.flatMap((statement, k): readonly Row[] => {
      if (isIdle(statement)) return [];
      const isToldBelow = statement.within === undefined && statements[k + 1]?.within !== undefined;
      return isToldBelow ? [blockRow(statement, notes)] : rowsOf(statement, heldBefore(statements, k), notes);
    });
    const how = `PostgreSQL ${explanation.postgresVersion} \u00b7 ${explanation.runner}${sharedBy(statements)}`;
    out.push(`${colours.underline(plain(path))}  ${colours.dim(plain(how))}`, "");
    const [heading, ...body] = layOutRows(rows, options.width);
    append(out, [colours.dim(heading), ...body]);
    append(
      out,
      renderNotes(
        [...sayNotes(notes), ...refusedNotes(statements), ...heldNotes(statements)],
        Math.min(options.width ?? proseWidth, proseWidth),
      ),
    );
    out.push("");
  }
  if (out.length === 0) out.push("No statements.", "");
  return out.join("\n");
}

/** Whether it is a query of a body that asks nothing but the catalogs, as the conditions of blocks do: nobody is kept waiting. */
function isIdle({ kind, within, locks, fails, certainty }: ExplainedStatement): boolean {
  return (
    within !== undefined &&
    kind === "select" &&
    locks.length === 0 &&
    fails === null &&
    certainty === undefined
  );
}

function byPath(statements: readonly ExplainedStatement[]): Map<string, ExplainedStatement[]> {
  const groups = new Map<string, ExplainedStatement[]>();
  for (const statement of statements) {
    const group = groups.get(statement.path);
    if (group) group.push(statement);
    else groups.set(statement.path, [statement]);
  }
  return groups;
}

function sharedBy(statements: readonly ExplainedStatement[]): string {
  if (statements.every(({ transaction }) => transaction === "autocommit")) {
    return ": every statement commits by itself";
  }
  if (statements.every(({ transaction }) => transaction === "runner" || transaction === "implicit")) {
    return ": one transaction";
  }
  return "";
}

function renderNotes(notes: readonly string[], width: number): string[] {
  const told = [...new Set(notes)].flatMap((note) =>
    wrapProse(note, width - 3).map((line, k) => (k === 0 ? ` * ${line}` : `   ${line}`)),
  );
  return told.length > 0 ? ["", ...told] : [];
}

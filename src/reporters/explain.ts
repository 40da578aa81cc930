import picocolors from "picocolors";
import type { ExplainedLock, ExplainedStatement, Explanation } from "../engine/explain.ts";
import { append } from "../text/append.ts";
import { feltLocks } from "./felt-locks.ts";
import { heldBefore, heldNotes, isRefused } from "./held-locks.ts";
import { plain, widthOf, wrapProse } from "./plain.ts";
import { printJson } from "./print-json.ts";
import type { ReporterOptions } from "./reporter.ts";
import { withoutPublic } from "./words.ts";

/** `lockwise explain --format json`: the documented object. */
export function renderExplanationJson(explanation: Explanation): string {
  const { version, postgresVersion, statements } = explanation;
  return printJson({ version, postgresVersion, statements });
}

/** More relations than these of one statement are counted, not listed. */
const shownLocks = 6;

/** A row of the table; a statement with several locks has several rows. */
interface Row {
  readonly line: string;
  readonly sql: string;
  readonly relation: string;
  readonly mode: string;
  readonly reads: string;
  readonly writes: string;
  readonly work: string;
}

const heading: Row = {
  line: "line",
  sql: "statement",
  relation: "lock on",
  mode: "mode",
  reads: "reads",
  writes: "writes",
  work: "work",
};

/** A table for people: what each statement locks, who waits, and what the server does meanwhile. */
export function renderExplanation(explanation: Explanation, options: ReporterOptions): string {
  const colours = picocolors.createColors(options.colour === true);
  const out: string[] = [];
  for (const [path, statements] of byPath(explanation.statements)) {
    const notes: string[] = [];
    const rows = statements.flatMap((statement, k) => {
      const isToldBelow = statement.within === undefined && statements[k + 1]?.within !== undefined;
      return isToldBelow ? [blockRow(statement, notes)] : rowsOf(statement, heldBefore(statements, k), notes);
    });
    const how = `PostgreSQL ${explanation.postgresVersion} \u00b7 ${explanation.runner}${sharedBy(statements)}`;
    const widths = widthsOf([heading, ...rows]);
    out.push(`${colours.underline(plain(path))}  ${colours.dim(plain(how))}`, "");
    append(out, [colours.dim(renderRow(heading, widths)), ...rows.map((row) => renderRow(row, widths))]);
    append(notes, heldNotes(statements));
    const told = [...new Set(notes)].flatMap((note) =>
      wrapProse(note, 78).map((line, k) => (k === 0 ? ` * ${line}` : `   ${line}`)),
    );
    if (told.length > 0) append(out, ["", ...told]);
    out.push("");
  }
  if (out.length === 0) out.push("No statements.", "");
  return out.join("\n");
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

/** A statement whose bodies are told below: they say what is locked. */
function blockRow(statement: ExplainedStatement, notes: string[]): Row {
  const { line, fails } = statement;
  if (statement.certainty === "depends") notes.push(`Line ${line} depends on ${statement.on}.`);
  const work = fails === null ? "runs what follows" : workOf(statement);
  return { line: String(line), sql: shorten(statement.sql, sqlWidth), work, ...nobody };
}

const nobody = { relation: "", mode: "", reads: "", writes: "" };
const sqlWidth = 36;

function rowsOf(
  statement: ExplainedStatement,
  held: ReadonlyMap<string, ExplainedLock>,
  notes: string[],
): Row[] {
  const indent = statement.within === undefined ? "" : "  ";
  const sql = indent + shorten(statement.sql, sqlWidth - indent.length);
  const first = { line: String(statement.line), sql, work: workOf(statement) };
  if (isRefused(statement)) return [{ ...first, ...nobody }];
  // Not understood is not clean: nobody knows who waits.
  if (statement.kind === "not understood") return [{ ...first, ...nobody, reads: "?", writes: "?" }];
  const empty = { relation: "", mode: "", reads: "go on", writes: "go on" };
  if (statement.certainty === "depends") notes.push(`Line ${statement.line} depends on ${statement.on}.`);
  const felt = feltLocks(statement.locks);
  const locks = worthShowing(felt, held);
  const rows: Omit<Row, "line" | "sql" | "work">[] = locks.map((lock) => {
    const before = held.get(lock.relation);
    const isHeld = before !== undefined && !lock.blocksReads && before.blocksReads;
    if (lock.because !== undefined && isBlocking(lock) && !isNamed(lock, statement))
      notes.push(`Line ${statement.line} locks ${withoutPublic(lock.relation)} too: ${lock.because}.`);
    return {
      relation: withoutPublic(lock.relation),
      mode: lock.mode,
      reads: lock.blocksReads ? "wait" : isHeld ? "wait *" : "go on",
      writes: lock.blocksWrites ? "wait" : before === undefined ? "go on" : "wait *",
    };
  });
  const more = felt.filter(isBlocking).length - locks.filter(isBlocking).length;
  if (more > 0) rows.push({ ...nobody, relation: `and ${more} more` });
  const [head = empty, ...rest] = rows;
  return [{ ...first, ...head }, ...rest.map((row) => ({ line: "", sql: "", work: "", ...row }))];
}

/** Whether the statement itself says the relation's name: nobody has to be told why it is locked. */
function isNamed({ relation }: ExplainedLock, { sql }: ExplainedStatement): boolean {
  const name = relation.slice(relation.lastIndexOf(".") + 1).toLowerCase();
  return sql
    .toLowerCase()
    .split(/[\s().,;"]+/)
    .includes(name);
}

function isBlocking(lock: ExplainedLock): boolean {
  return lock.blocksReads || lock.blocksWrites;
}

/** The locks that somebody waits for; where nobody does, the one that says what the statement is about. JSON has them all. */
function worthShowing(
  locks: readonly ExplainedLock[],
  held: ReadonlyMap<string, ExplainedLock>,
): readonly ExplainedLock[] {
  const blocking = locks.filter((lock) => isBlocking(lock) || held.has(lock.relation));
  return blocking.length > 0 ? blocking.slice(0, shownLocks) : locks.slice(0, 1);
}

/** What the server does while it holds the locks: `builds orders_status_idx`. */
export function workOf(statement: ExplainedStatement): string {
  const { fails, rewrites, scans, buildsIndexes } = statement;
  if (statement.kind === "not understood") return `not known: ${statement.on ?? "it was not understood"}`;
  if (fails !== null) return `fails: ${fails.reason} (${fails.sqlstate})`;
  const work: string[] = [];
  if (rewrites.length > 0) work.push(`rewrites ${names(rewrites)}`);
  const scanned = scans.filter((relation) => !rewrites.includes(relation));
  if (scanned.length > 0) work.push(`reads all rows of ${names(scanned)}`);
  if (buildsIndexes.length > 0) work.push(`builds ${names(buildsIndexes)}`);
  return work.join(", ") || (restfulKinds.has(statement.kind) ? "" : "none: catalog only");
}

/** What touches no catalog either: settings, queries, and rows found by a key. */
const restfulKinds = new Set([
  "transaction",
  "set",
  "lock",
  "select",
  "insert",
  "update",
  "delete",
  "merge",
  "copy",
]);

function names(relations: readonly string[]): string {
  const shown = relations.slice(0, 3).map(withoutPublic);
  const more = relations.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function shorten(sql: string, width: number): string {
  const flat = plain(sql.slice(0, 400).replaceAll(/\s+/g, " ").trim());
  return flat.length <= width ? flat : `${flat.slice(0, width - 3).trimEnd()}...`;
}

const padded = ["sql", "relation", "mode", "reads", "writes"] as const;

function widthsOf(rows: readonly Row[]): readonly number[] {
  return padded.map((key) => rows.reduce((width, row) => Math.max(width, widthOf(row[key])), 0));
}

function renderRow(row: Row, widths: readonly number[]): string {
  const cells = padded.map((key, k) => {
    const text = plain(row[key]);
    return text + " ".repeat(Math.max(0, (widths[k] ?? 0) - widthOf(text)));
  });
  return ` ${row.line.padStart(5)}  ${cells.join("  ")}  ${plain(row.work)}`.trimEnd();
}

import { type ExplainedLock, type ExplainedStatement, strongestOf } from "../engine/explanation.ts";
import { type Notes, noteDoubt, noteLock } from "./explain-notes.ts";
import { feltLocks, isBlocking } from "./felt-locks.ts";
import { isRefused } from "./held-locks.ts";
import { withoutPublic } from "./words.ts";

/** What is shown of a statement and one of its locks: a statement with several locks has several rows. */
export interface Row {
  readonly line: string;
  /** Whole; indented where it stands in a body. */
  readonly sql: string;
  readonly relation: string;
  readonly mode: string;
  readonly reads: string;
  readonly writes: string;
  readonly work: Work;
}

/** What the server does meanwhile, with the word before it where it is no work: that it fails, does none, or is not known. */
interface Work {
  readonly label: "" | "none" | "fails" | "may fail" | "not known";
  readonly words: string;
}

const noWork: Work = { label: "", words: "" };

const nobody = { relation: "", mode: "", reads: "", writes: "" };

/** More relations than these of one statement are counted, not listed. */
const shownLocks = 6;

/** A statement whose bodies are told below: they say what is locked. */
export function blockRow(statement: ExplainedStatement, notes: Notes): Row {
  const { line, fails, sql } = statement;
  noteDoubt(notes, statement);
  const work = fails === null ? { ...noWork, words: "runs what follows" } : workOf(statement);
  return { line: String(line), sql, work, ...nobody };
}

/** The rows of a statement. What has to be said besides goes to the notes. */
export function rowsOf(
  statement: ExplainedStatement,
  held: ReadonlyMap<string, ExplainedLock>,
  notes: Notes,
): Row[] {
  const sql = (statement.within === undefined ? "" : "  ") + statement.sql.trimStart();
  const first = { line: String(statement.line), sql, work: workOf(statement) };
  if (isRefused(statement)) return [{ ...first, ...nobody }];
  // Not understood is not clean: nobody knows who waits.
  if (statement.kind === "not understood") return [{ ...first, ...nobody, reads: "?", writes: "?" }];
  // The same of a call, where it depends on what is called: all that can be told of it are locks.
  const isOpen = statement.certainty === "depends" && ["select", "call"].includes(statement.kind);
  const others = isOpen ? "?" : "go on";
  const empty = { relation: "", mode: "", reads: others, writes: others };
  noteDoubt(notes, statement);
  const felt = feltLocks(statement.locks);
  const locks = worthShowing(felt, held);
  const rows: Omit<Row, "line" | "sql" | "work">[] = locks.map((lock) => {
    const before = held.get(lock.relation);
    const isHeld = before !== undefined && !lock.blocksReads && before.blocksReads;
    if (lock.because !== undefined && isBlocking(lock) && !isNamed(lock, statement))
      noteLock(notes, statement.line, lock);
    return {
      relation: withoutPublic(lock.relation),
      mode: lock.mode,
      reads: wordOf(lock, lock.blocksReads, isHeld),
      writes: wordOf(lock, lock.blocksWrites, before !== undefined),
    };
  });
  const more = felt.filter(isBlocking).length - locks.filter(isBlocking).length;
  if (more > 0) rows.push({ ...nobody, relation: `and ${more} more` });
  const [head = empty, ...rest] = rows;
  return [{ ...first, ...head }, ...rest.map((row) => ({ line: "", sql: "", work: noWork, ...row }))];
}

/** Whether the statement itself says the relation's name: nobody has to be told why it is locked. */
function isNamed({ relation }: ExplainedLock, { sql }: ExplainedStatement): boolean {
  const name = relation.slice(relation.lastIndexOf(".") + 1).replaceAll('"', "");
  const words = sql.toLowerCase().split(/[\s().,;"]+/);
  return words.includes(name.toLowerCase()) || sql.includes(`"${name}"`);
}

/** What becomes of the reads or writes of others; `wait *` where an earlier statement keeps them out. */
export function wordOf({ isNew }: ExplainedLock, blocks: boolean, isHeld = false): string {
  if (isNew) return "none";
  return blocks ? "wait" : isHeld ? "wait *" : "go on";
}

/** The locks that somebody waits for; where nobody does, the strongest: it is on what the statement is about. JSON has them all. */
function worthShowing(
  locks: readonly ExplainedLock[],
  held: ReadonlyMap<string, ExplainedLock>,
): readonly ExplainedLock[] {
  const blocking = locks.filter((lock) => isBlocking(lock) || held.has(lock.relation));
  if (blocking.length > 0) return blocking.slice(0, shownLocks);
  const strongest = strongestOf(locks);
  return strongest === undefined ? [] : [strongest];
}

/** What the server does while it holds the locks: `builds orders_status_idx`. */
function workOf(statement: ExplainedStatement): Work {
  const { fails, rewrites, scans, buildsIndexes } = statement;
  if (statement.kind === "not understood")
    return { label: "not known", words: statement.on ?? "it was not understood" };
  const label = statement.certainty === "depends" ? "may fail" : "fails";
  if (fails !== null) return { label, words: `${fails.reason} (${fails.sqlstate})` };
  const work: string[] = [];
  if (rewrites.length > 0) work.push(`rewrites ${names(rewrites)}`);
  const scanned = scans.filter((relation) => !rewrites.includes(relation));
  if (scanned.length > 0) work.push(`reads all rows of ${names(scanned)}`);
  if (buildsIndexes.length > 0) work.push(`builds ${names(buildsIndexes)}`);
  if (work.length > 0) return { label: "", words: work.join(", ") };
  return restfulKinds.has(statement.kind) ? noWork : { label: "none", words: "catalog only" };
}

/** `fails: relation "t" already exists (42P07)`, `none: catalog only`. */
export function renderWork({ label, words }: Work): string {
  return label === "" ? words : `${label}: ${words}`;
}

/** The work of a statement in words. */
export function workWords(statement: ExplainedStatement): string {
  return renderWork(workOf(statement));
}

/** Of these nobody says that they touch the catalog alone: settings, queries, rows found by a key, upkeep, what others run. */
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
  "vacuum",
  "analyze",
  "call",
  "explain",
  "prepare",
  "declare cursor",
  "other",
]);

function names(relations: readonly string[]): string {
  const shown = relations.slice(0, 3).map(withoutPublic);
  const more = relations.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

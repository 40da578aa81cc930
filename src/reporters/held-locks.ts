import type { ExplainedLock, ExplainedStatement, Way } from "../engine/explanation.ts";
import { feltLocks, isBlocking } from "./felt-locks.ts";
import { listOf, withoutPublic } from "./words.ts";

/** A lock that keeps others out until its transaction ends, and the statements behind it that take their time. */
interface Hold {
  readonly line: number;
  /** What lets it go. */
  readonly until: string;
  readonly lock: ExplainedLock;
  readonly ways: readonly Way[];
  readonly during: number[];
}

/** What a long transaction holds beyond these is not followed: the notes would take the square of its length. */
const followed = 50;

/** Nothing waits for what the server does not carry out. */
export function isRefused(statement: ExplainedStatement): boolean {
  return statement.fails !== null && statement.certainty !== "depends";
}

/** Whether they stand on two ways of one branch, of which one runs. */
function areApart(
  { ways = [] }: { readonly ways?: readonly Way[] },
  other: ExplainedStatement | undefined,
): boolean {
  return ways.some(({ branch, way }) => other?.ways?.some((one) => one.branch === branch && one.way !== way));
}

/** BEGIN, COMMIT or ROLLBACK. A savepoint that is set or let go releases no lock. */
function isBorder({ kind, sql }: ExplainedStatement): boolean {
  return kind === "transaction" && !/^(?:savepoint|release)\b/i.test(sql);
}

/** Locks that block and that earlier statements of the same transaction still hold, the strongest of each relation. */
export function heldBefore(
  statements: readonly ExplainedStatement[],
  index: number,
): Map<string, ExplainedLock> {
  const held = new Map<string, ExplainedLock>();
  for (const earlier of sharingTransaction(statements, index)) {
    if (isRefused(earlier) || areApart(earlier, statements[index])) continue;
    for (const lock of earlier.locks) {
      const known = held.get(lock.relation);
      if (isBlocking(lock) && lock.blocksWrites && !known?.blocksReads) held.set(lock.relation, lock);
    }
  }
  return held;
}

/** The statements before one in the same transaction, the nearest first: in its body, then before the statement around it. */
function* sharingTransaction(
  statements: readonly ExplainedStatement[],
  index: number,
): Iterable<ExplainedStatement> {
  let within = statements[index]?.within;
  let transaction = statements[index]?.transaction;
  for (let k = index - 1; k >= 0 && k >= index - lookedBack; k--) {
    const earlier = statements[k];
    if (earlier === undefined) return;
    if (within !== undefined && earlier.within === undefined) {
      within = undefined;
      transaction = earlier.transaction;
      continue;
    }
    if (within === undefined) {
      // What stands in a body is part of what stands around it.
      if (earlier.within !== undefined) continue;
      if (transaction === "autocommit" || isBorder(earlier) || earlier.transaction !== transaction) return;
    }
    yield earlier;
  }
}

/** Transactions of more statements are not looked through: the table would take the square of its length. */
const lookedBack = 200;

/** Who stays out while later statements of the same transaction run, a sentence for each statement that took the locks. */
export function heldNotes(statements: readonly ExplainedStatement[]): string[] {
  const done: Hold[] = [];
  let outside = new Map<string, Hold>();
  let inside = new Map<string, Hold>();
  let transaction: ExplainedStatement["transaction"] | null = null;
  for (const statement of statements) {
    if (statement.within !== undefined) {
      // What held the locks before counts for the statement around it, which does all that its body does.
      const until =
        transaction === "autocommit" ? `the statement of line ${statement.within} ends` : "COMMIT";
      if (!isRefused(statement)) noteHolds(statement, until, inside, done);
      continue;
    }
    inside = new Map();
    const isOver = isBorder(statement) || statement.transaction !== transaction;
    if (isOver || statement.transaction === "autocommit") outside = new Map();
    transaction = statement.transaction;
    if (transaction !== "autocommit" && !isRefused(statement)) noteHolds(statement, "COMMIT", outside, done);
  }
  return sentencesOf(done);
}

/**
 * Statements that stand behind a refused one in its transaction: a sentence for each such transaction. What is set behind a
 * savepoint may go on, and a body may catch what is refused in it.
 */
export function refusedNotes(statements: readonly ExplainedStatement[]): string[] {
  const notes: string[] = [];
  let refused: number | null = null;
  let isTold = false;
  let transaction: ExplainedStatement["transaction"] | null = null;
  for (const statement of statements) {
    if (statement.within !== undefined) continue;
    const isOver = isBorder(statement) || statement.transaction !== transaction;
    transaction = statement.transaction;
    if (isOver || transaction === "autocommit") refused = null;
    else if (isSavepoint(statement)) isTold = true;
    if (isOver) isTold = false;
    if (refused !== null && !isTold) {
      notes.push(
        `Line ${refused} is refused: nothing behind it in its transaction runs, and what came before is taken back. What stands behind it is told as if it went through.`,
      );
      isTold = true;
    }
    if (transaction !== "autocommit" && isRefused(statement)) refused ??= statement.line;
  }
  return notes;
}

function isSavepoint({ kind, sql }: ExplainedStatement): boolean {
  return kind === "transaction" && /^savepoint\b/i.test(sql);
}

function noteHolds(
  statement: ExplainedStatement,
  until: string,
  held: Map<string, Hold>,
  done: Hold[],
): void {
  const isLong = statement.rewrites.length + statement.scans.length + statement.buildsIndexes.length > 0;
  const touched = new Set(statement.locks.map(({ relation }) => relation));
  for (const [relation, hold] of held)
    if ((isLong || touched.has(relation)) && !areApart(hold, statement)) {
      if (hold.during.length === 0) done.push(hold);
      hold.during.push(statement.line);
    }
  for (const lock of feltLocks(statement.locks)) {
    const known = held.get(lock.relation);
    const isNews =
      known === undefined || areApart(known, statement) || (lock.blocksReads && !known.lock.blocksReads);
    if (!isBlocking(lock) || !lock.blocksWrites || !isNews || held.size >= followed) continue;
    held.set(lock.relation, { line: statement.line, until, lock, ways: statement.ways ?? [], during: [] });
  }
}

function sentencesOf(holds: readonly Hold[]): string[] {
  const alike = new Map<string, Hold[]>();
  for (const hold of holds) {
    const key = `${hold.line} ${hold.lock.mode} ${hold.during.join(" ")}`;
    alike.set(key, [...(alike.get(key) ?? []), hold]);
  }
  return [...alike.values()].map((group) => {
    const [{ line, until, lock, during }] = group as [Hold, ...Hold[]];
    // Those that are named at run time are called alike.
    const names = counted([...new Set(group.map((one) => withoutPublic(one.lock.relation)))], 4);
    const doing = lock.blocksReads ? "reads" : "writes";
    return `The ${lock.mode} lock of line ${line} is held until ${until}: nobody ${doing} ${names} while ${whenever(line, during)}.`;
  });
}

/** `lines 3 and 4 run`; of the statements that stand on one line with what took the lock, the rest. */
function whenever(line: number, during: readonly number[]): string {
  const lines = [...new Set(during)].filter((one) => one !== line).map(String);
  const rest = during.includes(line) ? `the rest of line ${line}` : "";
  if (lines.length === 0) return `${rest} runs`;
  const others = `${lines.length === 1 ? "line" : "lines"} ${counted(lines, 6)}`;
  if (rest !== "") return `${rest} and ${others} run`;
  return `${others} ${lines.length === 1 ? "runs" : "run"}`;
}

function counted(words: readonly string[], most: number): string {
  return listOf(words.length > most ? [...words.slice(0, most), `${words.length - most} more`] : words);
}

import type { ExplainedLock, ExplainedStatement } from "../engine/explanation.ts";
import { listOf, withoutPublic } from "./words.ts";

/** What is said below the table: each thing once, for all the lines that it holds for. */
export interface Notes {
  /** What lines depend on, by that. */
  readonly doubts: Map<string, Set<number>>;
  /** Relations that a line locks and does not name, by the line and why. */
  readonly locks: Map<string, LockNote>;
}

interface LockNote {
  readonly line: number;
  readonly because: string;
  readonly relations: Set<string>;
}

/** More lines or relations than these are counted. */
const listed = 6;

export function openNotes(): Notes {
  return { doubts: new Map(), locks: new Map() };
}

/** Notes what a statement depends on, if it does. */
export function noteDoubt({ doubts }: Notes, { line, certainty, on = "" }: ExplainedStatement): void {
  if (certainty !== "depends") return;
  const lines = doubts.get(on) ?? new Set();
  doubts.set(on, lines.add(line));
}

/** Notes why a statement locks what it does not name. */
export function noteLock({ locks }: Notes, line: number, { relation, because = "" }: ExplainedLock): void {
  const key = `${line} ${because}`;
  const note = locks.get(key) ?? { line, because, relations: new Set() };
  note.relations.add(withoutPublic(relation));
  locks.set(key, note);
}

/** The notes as sentences: what is locked besides, then what is not certain. */
export function sayNotes({ doubts, locks }: Notes): string[] {
  return [
    ...[...locks.values()].map(
      ({ line, because, relations }) => `Line ${line} locks ${shorten([...relations])} too: ${because}.`,
    ),
    ...[...doubts].map(([on, lines]) => `${sayLines(lines)} on ${on}.`),
  ];
}

function sayLines(lines: ReadonlySet<number>): string {
  const words = [...lines].sort((a, b) => a - b).map(String);
  return words.length === 1 ? `Line ${words[0]} depends` : `Lines ${shorten(words)} depend`;
}

function shorten(words: readonly string[]): string {
  const more = words.length - listed;
  return more > 1 ? listOf([...words.slice(0, listed), `${more} more`]) : listOf(words);
}

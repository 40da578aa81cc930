import type { PGNode } from "pgsql-ast-parser";
import { type Cursor, hasMark, wordAt } from "../locate/cursor.ts";
import { NotUnderstood } from "./not-understood.ts";
import type { Spelling } from "./spelling.ts";

/** The state of the lowering of one statement. */
export interface Lowering {
  readonly spelling: Spelling;
  /** A cursor over all tokens of the statement, for looking only. */
  readonly cursor: Cursor;
  depth: number;
}

/** Deeper trees than this are given up: whoever walks the model later has a stack as well. */
const MAX_DEPTH = 1000;

/** Runs one step of a recursion, counting how deep it is. */
export function descend<Result>(lowering: Lowering, lower: () => Result): Result {
  if (++lowering.depth > MAX_DEPTH) throw new NotUnderstood("deep nesting");
  const result = lower();
  lowering.depth--;
  return result;
}

/** The index of the first token of a node; its opening brackets come before it. */
export function startOf(lowering: Lowering, node: PGNode): number {
  const start = node._location?.start;
  const index = start === undefined ? -1 : lowering.spelling.tokenAt(start);
  if (index === -1) throw new NotUnderstood("a part without a place");
  return index;
}

/** The second words of types; the tree has lost the place of the first. */
const secondWords = ["varying", "precision", "with", "without"];

/** The index of the first token of a type. */
export function startOfType(lowering: Lowering, type: PGNode): number {
  const start = startOf(lowering, type);
  if (secondWords.some((word) => isWordAt(lowering, start, word))) return start - 1;
  // time (3) with time zone: its place is that of the bracket.
  return isMarkAt(lowering, start, "(") ? start - 1 : start;
}

/** Whether the word stands there, without quotes. */
export function isWordAt(lowering: Lowering, index: number, word: string): boolean {
  return wordAt(lowering.cursor, index) === word;
}

/** Whether the token at an index is this punctuation or operator. */
export function isMarkAt(lowering: Lowering, index: number, mark: string): boolean {
  return hasMark(lowering.cursor, mark, index);
}

/** The name that a name of the tree stands for. */
export function nameIn(lowering: Lowering, name: string): string {
  return lowering.spelling.nameOf(name);
}

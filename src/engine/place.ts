import type { Statement } from "../model/statement.ts";
import type { Loop } from "../rule.ts";
import { type LineIndex, positionAt } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import type { Way } from "./explanation.ts";

/** Where a statement stands: in the file itself, or in a body that the file runs. */
export interface Place {
  /** The text that the statement's own spans refer to: the file's, or the SQL that a body makes. */
  readonly text: string;
  /** The same as its author spelt it: placeholders as they stand in the file. */
  readonly shown: string;
  /** The statement in the file; of a body that stands elsewhere, the call. */
  readonly span: Span;
  /** The statement of the file around it: `span` itself unless it stands in a body. */
  readonly outer: Span;
  /** From an offset of `text` to one of the file. */
  toFile(offset: number): number;
  /** 0 for a statement of the file, 1 in a DO block, 2 in a function that it calls, ... */
  readonly depth: number;
  readonly loop: Loop;
  /** Whether the loop around it may have a COMMIT: in a function it may not. */
  readonly mayCommit?: boolean;
  /** Whether it stands where it may never run: in a branch, a loop or a handler, or behind a way that leaves the body. */
  readonly mayBeSkipped: boolean;
  /** Whether the body around it looks at which server runs. */
  readonly asksVersion?: boolean;
  /** Whether nobody reads it before it runs: a string for EXECUTE, or the body of a routine that a body calls. */
  readonly isReadLate?: boolean;
  /** What the handlers around it wait for, within its statement of the file; null: it stands in no block with EXCEPTION. */
  readonly handled: readonly string[] | null;
  /** The ways of the branches around it. */
  readonly ways: readonly Way[];
  /** The innermost block with EXCEPTION around it; null where there is none. */
  readonly guard: Guard | null;
  /** The queries that the loops around it run over. */
  readonly loopOver: string;
  /** Whether it is the last statement of its unit. */
  readonly isLast: boolean;
  /** Whether it stands in the body of a routine of another file: then `span` is the call. */
  readonly isElsewhere: boolean;
  /** Whether it names variables of the body around it: outside of that body it does not run. */
  readonly usesVariables: boolean;
  /** Why it may say more than what is known of it: a body puts it together. */
  readonly guess: string | null;
  /** Which round of a loop over a written list it stands in, from 0 on. */
  readonly round?: number;
  /** What the body around it calls its values. */
  readonly variables?: ReadonlySet<string>;
  /** What these hold there, as far as it is known. */
  readonly values?: ReadonlyMap<string, string>;
}

/** What of it the rules are told. */
export type ContextPlace = Pick<
  Place,
  | "text"
  | "shown"
  | "outer"
  | "depth"
  | "asksVersion"
  | "isReadLate"
  | "mayBeSkipped"
  | "handled"
  | "loop"
  | "mayCommit"
  | "loopOver"
  | "isLast"
  | "variables"
>;

/** A block with EXCEPTION while it runs. */
interface Guard {
  /** What its handlers wait for. */
  readonly conditions: readonly string[];
  /** Whether the block itself may never run. */
  readonly mayBeSkipped: boolean;
  readonly around: Guard | null;
  /** Whether a statement of it is refused that surely runs if the block does: then nothing is left of the block. */
  isRefused: boolean;
}

/** Where a statement stands, for people: `0007_drop.sql:3`; of one in a body that stands elsewhere, where it is called. */
export function placeOf(lines: LineIndex, path: string, { head }: Statement, place: Place): string {
  const start = place.isElsewhere ? place.span.start : place.toFile(head.start);
  const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return `${file}:${positionAt(lines, start).line}`;
}

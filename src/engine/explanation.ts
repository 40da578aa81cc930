import type { Failure } from "../analysis/effect.ts";
import { isAtLeast, type LockMode } from "../model/locks.ts";
import type { Complaint } from "./report.ts";

/** What every statement does: `lockwise explain file.sql`. Stable and documented in the README. */
export interface Explanation {
  readonly version: 1;
  readonly postgresVersion: number;
  readonly runner: string;
  readonly statements: readonly ExplainedStatement[];
  /** Files that were not read to their end, and why; empty in most cases. */
  readonly complaints: readonly Complaint[];
}

export interface ExplainedStatement {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The statement's kind; `syntax error` and `not understood` for what could not be read. */
  readonly kind: string;
  readonly sql: string;
  readonly transaction: "explicit" | "runner" | "implicit" | "autocommit";
  readonly locks: readonly ExplainedLock[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly buildsIndexes: readonly string[];
  readonly fails: Failure | null;
  /** Set where the history cannot tell; `on` says what decides it. */
  readonly certainty?: "depends";
  readonly on?: string;
  /** Of a statement in a branch of a body: which way of which branch it stands on. For people, who are told what is held. */
  readonly ways?: readonly Way[];
  /** Of a statement in a body: the line of the statement of the file that runs it, whose effects include these. */
  readonly within?: number;
}

/** One way through a branch: of two ways of one branch one runs. */
export interface Way {
  /** Where the branch begins. */
  readonly branch: number;
  readonly way: number;
}

export interface ExplainedLock {
  /** As SQL for people, `public."Order Lines"`; in JSON and of the library as the catalog has it. */
  readonly relation: string;
  readonly mode: LockMode;
  readonly blocksReads: boolean;
  readonly blocksWrites: boolean;
  /** Of an index: its table. */
  readonly table?: string;
  /** Why a relation is locked that the statement does not name. */
  readonly because?: string;
  /** As in `Lock`: for people, who are not told of it. JSON has the lock alone. */
  readonly isRetired?: true;
  /** Of a relation that nobody else uses yet, since this file makes it: for people, as well. */
  readonly isNew?: true;
}

/** The lock that keeps out the most; of several such the first. */
export function strongestOf(locks: readonly ExplainedLock[]): ExplainedLock | undefined {
  const [first, ...rest] = locks;
  return first && rest.reduce((best, lock) => (isAtLeast(best.mode, lock.mode) ? best : lock), first);
}

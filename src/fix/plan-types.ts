import type { ExplainedLock } from "../engine/explanation.ts";
import type { Complaint } from "../engine/report.ts";
import type { TransactionMode } from "../layout/types.ts";

/** What is to run instead of the dangerous statements of one migration: `lockwise plan --format json`. */
export interface Plan {
  readonly version: 1;
  readonly path: string;
  readonly postgresVersion: number;
  /** The runner's title. */
  readonly runner: string;
  readonly series: readonly Series[];
  /** The migration without the statements that the series stand for; the text itself where there are none. */
  readonly rest: string;
  /** Dangerous statements without a way round that could be printed. */
  readonly open: readonly OpenStatement[];
  /** What was not read, or not to its end: nobody shall take it for safe. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** What went wrong with the whole of it. */
  readonly complaints: readonly Complaint[];
}

export interface NotUnderstood {
  readonly line: number;
  readonly reason: string;
}

/** The way round of one statement. */
export interface Series {
  /** From 1, in the migration. */
  readonly line: number;
  readonly sql: string;
  /** Offsets of the statement in the migration. */
  readonly start: number;
  readonly end: number;
  readonly rules: readonly string[];
  /** Why it is dangerous; of a statement that only follows because it needs the ones before: empty. */
  readonly reasons: readonly string[];
  readonly steps: readonly PlanStep[];
}

/** `check` asks the rows a question whose answer somebody has to read. */
export type Phase = "check" | "expand" | "backfill" | "validate" | "contract";

export interface PlanStep {
  readonly phase: Phase;
  readonly title: string;
  /** What a migration holds, without the runner's marks. */
  readonly sql: string;
  readonly transaction: boolean;
  /** Somebody runs it with psql, and there is no file for it: the runner cannot do it, or it is a question. */
  readonly byHand: boolean;
  /** How the runner lets go of its transaction, in words; null where nothing has to be done. */
  readonly outside: string | null;
  /** What must have happened before, such as a deployment; null: the step before it. */
  readonly after: string | null;
  /** One batch for a loop in a client, where the step changes many rows. */
  readonly loop: string | null;
  readonly locks: readonly ExplainedLock[];
  /** The tables and views among them that were there before. */
  readonly tables: readonly { readonly schema: string; readonly name: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly buildsIndexes: readonly string[];
  /** What it locks and for how long that matters, in a sentence. */
  readonly wait: string;
  /** How to go on after a failure; `sql` may be empty. */
  readonly onFailure: Remedy;
  readonly undo: Remedy;
  /** Words for the file's name. */
  readonly name: string;
  /** How the statements share transactions as the runner runs them. */
  readonly mode: TransactionMode;
}

export interface Remedy {
  readonly words: string;
  /** Statements, one a line each; empty where there are none. */
  readonly sql: string;
  /** Where it applies it does what is left of the step, which is then not run again. */
  readonly finishes?: boolean;
}

export interface OpenStatement {
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  readonly advice: string | null;
}

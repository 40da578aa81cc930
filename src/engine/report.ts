import type { Lock } from "../analysis/effect.ts";
import type { Category, Severity } from "../rule.ts";
import type { LineIndex, Position } from "../text/lines.ts";
import type { Edit, Span } from "../text/span.ts";

/** A finding with its rule and file: what reporters print. Positions: lines and columns from 1, UTF-16 units. */
export interface Diagnostic {
  readonly rule: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly message: string;
  readonly path: string;
  readonly start: Position;
  readonly end: Position;
  /** Offsets of the statement that it stands in. */
  readonly statement: Span;
  readonly impact: Impact | null;
  readonly fix: DiagnosticFix | null;
  readonly rewrite: readonly RewriteStep[] | null;
  /** Plain words where there is no SQL to offer. */
  readonly advice: string | null;
  /** Survives moved lines; equal findings of one file are told apart. */
  readonly fingerprint: string;
  /** URL of the rule's documentation. */
  readonly docs: string;
}

export interface Impact {
  readonly locks: readonly (Pick<Lock, "relation" | "mode"> &
    Partial<Pick<Lock, "kind" | "table" | "trigger" | "isRetired">> & {
      readonly blocksReads: boolean;
      readonly blocksWrites: boolean;
      /** Of a relation that nobody else uses yet: people are not told of it. */
      readonly isNew?: true;
    })[];
  /** How many more there are than are listed; missing where all are. */
  readonly moreLocks?: number;
  /** `none: catalog only`, `index build`, `scan of public.orders`, `table rewrite`: for people. */
  readonly work: string;
  /** Set where the history cannot decide; `on` says what would. */
  readonly certainty?: "depends";
  readonly on?: string;
}

export interface DiagnosticFix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** One migration of a rewrite, in order. */
export interface RewriteStep {
  readonly title: string;
  readonly sql: string;
  /** Whether it may run in a transaction; false: it must not. */
  readonly transaction: boolean;
  /** How to keep it out of the runner's transaction, in words; null where it may run in one. */
  readonly outside: string | null;
  /** What has to have happened before it; null: nothing. */
  readonly after: string | null;
}

/** Something that is wrong with the run and not with the SQL: an unreadable file, a rule that threw. */
export interface Complaint {
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
}

export interface FileReport {
  readonly path: string;
  readonly statements: number;
  /** Statements that no parser could read, and why: never the same as clean. */
  readonly notUnderstood: readonly { readonly line: number; readonly reason: string }[];
  readonly lines: LineIndex;
}

export interface Report {
  readonly files: readonly FileReport[];
  /** Sorted by file (in the order given), offset and rule. */
  readonly diagnostics: readonly Diagnostic[];
  readonly complaints: readonly Complaint[];
  readonly summary: Summary;
  /** How the run was understood: shown in the summary line. */
  readonly context: {
    readonly postgresVersion: number;
    /** False where the version is the built-in default. */
    readonly isVersionConfigured: boolean;
    readonly runner: string;
    /** How many migrations were read as history only. */
    readonly history: number;
    readonly parser: string;
  };
}

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly suppressed: number;
  readonly baseline: number;
  /** Statements that no parser understood. */
  readonly notUnderstood: number;
}

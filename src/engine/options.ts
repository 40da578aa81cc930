import type { ParserName } from "../parse/parser.ts";
import type { Severity } from "../rule.ts";

/** One text to read, in the order in which the texts run. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** `history` is replayed and not judged. Default: `lint`. */
  readonly role?: "history" | "lint";
  /** The text with which it has run before, where it was changed since: what was in it is no part of the release. */
  readonly before?: string;
  /**
   * Whether something may run just before it that is not among the sources, such as a migration in another language: what the
   * sources before it say may hold no more.
   */
  readonly behindGap?: boolean;
  /** Whether it is known that nothing runs before it. Default: where more follows, or its name says so. */
  readonly isFirst?: boolean;
}

export type RuleSetting = Severity | "off" | readonly [Severity | "off", Readonly<Record<string, unknown>>];

/** What the configuration says, after defaults: the same keys, see the README. */
export interface Options {
  /** Target major version, 12 to 18. Default: {@link defaultPostgresVersion}. */
  readonly postgresVersion?: number;
  /** A runner's name. Default: found from the sources; psql where nothing shows one. */
  readonly runner?: string;
  /** Settings that the runner makes before the first statement. */
  readonly session?: { readonly lockTimeout?: string; readonly statementTimeout?: string };
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly extends?: "recommended" | "strict" | "squawk";
  readonly overrides?: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, RuleSetting>>;
  }[];
  readonly tables?: Readonly<Record<string, { readonly rows?: number; readonly hot?: boolean }>>;
  readonly maxLockTimeout?: string;
  readonly suppressions?: { readonly requireReason?: boolean; readonly requireUntil?: boolean };
  /** Seconds that one file may take before the rest of it is given up, and told as not understood. Default: 120. */
  readonly timeLimit?: number;
  /** What counts as deployed together: each file, or all files that are judged. Default: `file`. */
  readonly release?: "file" | "run";
  readonly parser?: ParserName;
  /** Only these rules. */
  readonly only?: readonly string[];
  /** Judge down migrations as well. Default: false. */
  readonly down?: boolean;
  /** Today as YYYY-MM-DD, for suppressions that expire. Default: the clock. */
  readonly today?: string;
}

/** The oldest major version that the PostgreSQL project still supports (postgresql.org/support/versioning). */
export const defaultPostgresVersion = 15;
export const oldestVersion = 12;
export const newestVersion = 18;

/** Where the rules' documentation lives; the id follows as the anchor. */
export const docsUrl = "https://github.com/lockwise/lockwise/blob/main/rules/README.md#";

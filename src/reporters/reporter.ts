import type { Report } from "../engine/report.ts";
import type { Category, Severity } from "../rule.ts";

export const formats = [
  "pretty",
  "compact",
  "json",
  "sarif",
  "github",
  "gitlab",
  "junit",
  "markdown",
] as const;

export type Format = (typeof formats)[number];

/** What reporters may say about a rule beyond its findings. */
export interface RuleWords {
  readonly id: string;
  readonly severity: Severity | "off";
  readonly category: Category;
  readonly summary: string;
  readonly why: string;
  readonly instead: string;
  readonly docs?: string;
}

export interface ReporterOptions {
  /** Colour, for pretty only. Default: false. */
  readonly colour?: boolean;
  /** Columns of the terminal, for pretty only. Default: 80. */
  readonly width?: number;
  /** Names every statement that was not understood instead of the first few. */
  readonly verbose?: boolean;
  /** For sarif: the rules that could have spoken. */
  readonly rules?: readonly RuleWords[];
  /** The version of lockwise. */
  readonly version?: string;
  /** Entries of the baseline that no finding matched any more. */
  readonly gone?: number;
}

/** Turns a report into text that ends with a line break; it never prints. */
export type Reporter = (report: Report, options: ReporterOptions) => string;

/** The same in pieces, for whoever writes them out one by one. */
export type PieceReporter = (report: Report, options: ReporterOptions) => Iterable<string>;

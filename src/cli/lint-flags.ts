import type { Options } from "../engine/options.ts";
import type { Format } from "../reporters/reporter.ts";

/** The flags of `lockwise lint`, parsed and checked. */
export interface LintFlags {
  readonly stdin: boolean;
  readonly stdinFilename?: string;
  readonly format: Format;
  readonly output?: string;
  readonly postgresVersion?: number;
  readonly runner?: string;
  readonly config?: string;
  readonly parser?: NonNullable<Options["parser"]>;
  readonly fix: boolean;
  readonly fixDryRun: boolean;
  readonly rule: readonly string[];
  readonly only: readonly string[];
  readonly since?: string;
  readonly baseline?: string;
  readonly writeBaseline: boolean;
  readonly failOn: "error" | "warning" | "never";
  readonly maxWarnings?: number;
  readonly maxNotUnderstood?: number;
  readonly verbose: boolean;
  readonly down: boolean;
  readonly cache: boolean;
}

/** What holds where nothing is said. */
export const defaultFlags: LintFlags = {
  stdin: false,
  format: "pretty",
  fix: false,
  fixDryRun: false,
  rule: [],
  only: [],
  writeBaseline: false,
  failOn: "error",
  verbose: false,
  down: false,
  cache: true,
};

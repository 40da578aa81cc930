import type { Options } from "../engine/options.ts";

/** What a configuration file may say. Paths and globs are relative to the file. */
export type Configuration = Omit<Options, "extends" | "only" | "today" | "release"> & {
  readonly $schema?: string;
  /** Presets and other configuration files, the weakest first. */
  readonly extends?: string | readonly string[];
  /** Globs of the migrations: what is linted where no path is given, and what counts as history. */
  readonly migrations?: readonly string[];
  /** Globs of files that are never read. */
  readonly ignore?: readonly string[];
  /** Dumps of the schema as it was before the first migration, or is today: read as history before all others. */
  readonly schema?: readonly string[];
  /** The file that `--write-baseline` writes. */
  readonly baseline?: string;
  /** Modules with rules of your own. */
  readonly plugins?: readonly string[];
};

/** A configuration with everything that it extends, ready for a run. */
export interface LoadedConfiguration {
  /** For the engine; aliases of rules are resolved. */
  readonly options: Options;
  /** The folder that paths and globs are relative to; null where there is no configuration. */
  readonly folder: string | null;
  /** The file it comes from. */
  readonly path: string | null;
  readonly migrations: readonly string[] | null;
  readonly ignore: readonly string[];
  /** Absolute. */
  readonly schema: readonly string[];
  readonly baseline: string | null;
  /** Paths of plugins, ready to import. */
  readonly plugins: readonly string[];
  /** What a person should know and need not fix: `prefer-identity is squawk's and has no counterpart here`. */
  readonly notes: readonly string[];
}

/** A run without any configuration. */
export const noConfiguration: LoadedConfiguration = {
  options: {},
  folder: null,
  path: null,
  migrations: null,
  ignore: [],
  schema: [],
  baseline: null,
  plugins: [],
  notes: [],
};

/** Something wrong in a configuration file, with its place. */
export interface ConfigurationProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export const presets = ["recommended", "strict", "squawk"] as const;

export type Preset = (typeof presets)[number];

export const baselineName = "lockwise-baseline.json";
export const configurationName = "lockwise.config.json";

/** All that loading needs of a file system. Paths use "/" between their parts. */
export interface ConfigurationFiles {
  /** The text of a file, or null where there is none. */
  read(path: string): string | null;
  /** Whether there is such a file or folder. */
  exists(path: string): boolean;
}

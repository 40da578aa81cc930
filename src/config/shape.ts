import { newestVersion, oldestVersion } from "../engine/options.ts";
import { presets } from "./configuration.ts";

/** What a value in a configuration file may be: read by the validation and by the published JSON Schema alike. */
export type Shape = { readonly says?: string } & (
  | { readonly is: "text" }
  | { readonly is: "duration" }
  | { readonly is: "runner" }
  | { readonly is: "integer"; readonly from: number; readonly to: number }
  | { readonly is: "boolean" }
  | { readonly is: "word"; readonly words: readonly string[] }
  | { readonly is: "list"; readonly of: Shape; readonly orOne?: true }
  | {
      readonly is: "object";
      readonly fields: Readonly<Record<string, Shape>>;
      readonly needs?: readonly string[];
    }
  | { readonly is: "tables"; readonly of: Shape }
  | { readonly is: "rules" }
);

const severities = ["off", "warning", "error"];

export { severities };

const globs: Shape = { is: "list", of: { is: "text" } };

/** The keys of a configuration file. */
export const configurationShape: Shape & { readonly is: "object" } = {
  is: "object",
  fields: {
    $schema: { is: "text", says: "The JSON Schema of this file, for editors." },
    extends: {
      is: "list",
      of: { is: "text" },
      orOne: true,
      says: `What this builds on: ${presets.join(", ")}, or the path of another configuration.`,
    },
    postgresVersion: {
      is: "integer",
      from: oldestVersion,
      to: newestVersion,
      says: "Major version of the server that the migrations run on.",
    },
    migrations: { ...globs, says: "Globs of the migrations." },
    ignore: { ...globs, says: "Globs of files that are never read." },
    runner: { is: "runner", says: "The tool that runs the migrations. Default: found out." },
    session: {
      is: "object",
      says: "Settings that the runner makes before the first statement.",
      fields: { lockTimeout: { is: "duration" }, statementTimeout: { is: "duration" } },
    },
    rules: { is: "rules", says: "Severity by rule, or [severity, options]." },
    overrides: {
      is: "list",
      says: "Other rules for some files; the last that matches wins.",
      of: { is: "object", fields: { files: globs, rules: { is: "rules" } }, needs: ["files", "rules"] },
    },
    tables: {
      is: "tables",
      says: "What is known of tables.",
      of: {
        is: "object",
        fields: {
          rows: { is: "integer", from: 0, to: Number.MAX_SAFE_INTEGER, says: "How many rows, roughly." },
          hot: { is: "boolean", says: "Whether it is read and written all the time." },
        },
      },
    },
    maxLockTimeout: { is: "duration", says: "The longest lock_timeout that is fine. Default: 5s." },
    schema: { ...globs, says: "Dumps of the schema that count as history before all migrations." },
    baseline: { is: "text", says: "The file with the findings to hide; --write-baseline writes it." },
    suppressions: {
      is: "object",
      fields: {
        requireReason: { is: "boolean", says: "Every ignore comment gives its reason." },
        requireUntil: { is: "boolean", says: "Every ignore comment says until when." },
      },
    },
    plugins: { ...globs, says: "Modules with rules of your own." },
    parser: { is: "word", words: ["postgres", "pgsql-ast-parser"] },
    timeLimit: {
      is: "integer",
      from: 1,
      to: 86_400,
      says: "Seconds that one file may take before the rest of it is told as not understood. Default: 120, and 4 for each megabyte of a file of more than 30.",
    },
    down: { is: "boolean", says: "Judge down migrations as well." },
  },
};

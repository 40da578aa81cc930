import type { RuleSetting } from "../engine/options.ts";
import { newestVersion, oldestVersion } from "../engine/options.ts";
import type { Configuration, ConfigurationProblem } from "./configuration.ts";

export const squawkName = ".squawk.toml";

/** squawk's rules as of 2.66: one without a counterpart here is accepted, and a note says so. */
export const squawkRules = [
  "adding-field-with-default",
  "adding-foreign-key-constraint",
  "adding-not-nullable-field",
  "adding-required-field",
  "adding-serial-primary-key-field",
  "ban-alter-domain-with-add-constraint",
  "ban-char-field",
  "ban-concurrent-index-creation-in-transaction",
  "ban-create-domain-with-constraint",
  "ban-drop-column",
  "ban-drop-database",
  "ban-drop-not-null",
  "ban-drop-table",
  "ban-duplicate-column-assignments",
  "ban-truncate-cascade",
  "ban-uncommitted-transaction",
  "changing-column-type",
  "constraint-missing-not-valid",
  "disallowed-unique-constraint",
  "identifier-too-long",
  "prefer-bigint-over-int",
  "prefer-bigint-over-smallint",
  "prefer-identity",
  "prefer-repack",
  "prefer-robust-stmts",
  "prefer-text-field",
  "prefer-timestamptz",
  "renaming-column",
  "renaming-table",
  "require-concurrent-index-creation",
  "require-concurrent-index-deletion",
  "require-concurrent-partition-detach",
  "require-concurrent-reindex",
  "require-enum-value-ordering",
  "require-table-schema",
  "require-timeout-settings",
  "syntax-error",
  "transaction-nesting",
] as const;

/**
 * Reads squawk's configuration as ours: `excluded_rules`, `included_rules`, `excluded_paths` and `pg_version`. What it says
 * of its own doings (uploads to GitHub) is left alone; what changes nothing here is in the notes.
 */
export async function readSquawk(
  path: string,
  text: string,
  aliases: ReadonlyMap<string, readonly string[]>,
): Promise<{ configuration: Configuration; notes: string[]; problems: ConfigurationProblem[] }> {
  const { parse, TomlError } = await import("smol-toml");
  let values: Readonly<Record<string, unknown>>;
  try {
    values = parse(text);
  } catch (error) {
    const at = error instanceof TomlError ? error : { line: 1, column: 1 };
    const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { configuration: {}, notes: [], problems: [{ path, line: at.line, column: at.column, message }] };
  }
  const notes: string[] = [];
  const rules: Record<string, RuleSetting> = {};
  const set = (ids: readonly string[], setting: RuleSetting) => {
    for (const id of ids) {
      const targets = aliases.get(id);
      if (targets === undefined || targets.length === 0) notes.push(`${path}: ${id} has no counterpart here`);
      for (const target of targets ?? []) rules[target] = setting;
    }
  };
  set(textsOf(values.included_rules), "warning");
  set(textsOf(values.excluded_rules), "off");
  if (values.assume_in_transaction !== undefined) {
    notes.push(
      `${path}: assume_in_transaction is not read: the runner decides, see --runner (psql-single-transaction fits most scripts that wrap each file)`,
    );
  }
  const version = majorOf(values.pg_version);
  const ignore = textsOf(values.excluded_paths).flatMap((glob) =>
    glob.includes("*") ? [glob] : [glob, `${glob.replace(/\/$/, "")}/**`],
  );
  const configuration = {
    rules,
    ignore,
    ...(version !== null && { postgresVersion: version }),
  };
  return { configuration, notes, problems: [] };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** squawk takes `"15.2"` and the like; versions that are not ours give way to the nearest. */
function majorOf(value: unknown): number | null {
  const major = Number.parseInt(String(value ?? ""), 10);
  if (Number.isNaN(major)) return null;
  return Math.min(newestVersion, Math.max(oldestVersion, major));
}

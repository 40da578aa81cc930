import { existsSync } from "node:fs";
import { baselineName, type Configuration, configurationName } from "../config/configuration.ts";
import { knownNames } from "../config/known-names.ts";
import { readSquawk, squawkName } from "../config/squawk.ts";
import type { Rule } from "../rule.ts";
import { usageError } from "./failure.ts";
import type { FoundMigrations } from "./init-migrations.ts";
import { type Offer, readIfThere } from "./init-offers.ts";

/** Another linter's configuration, as far as it can be taken over. */
interface OtherLinter {
  readonly path: string;
  readonly configuration: Configuration;
  readonly notes: readonly string[];
}

/** Reads `.squawk.toml`; null where there is none. Ends the command where it is broken. */
export async function readOther(root: string, catalogue: readonly Rule[]): Promise<OtherLinter | null> {
  const path = `${root}/${squawkName}`;
  const text = readIfThere(path);
  if (text === null) return null;
  const { aliases } = knownNames(catalogue).rules;
  const { configuration, notes, problems } = await readSquawk(squawkName, text, aliases);
  const [problem] = problems;
  if (problem !== undefined) {
    throw usageError(`${problem.path}:${problem.line}:${problem.column}: ${problem.message}`);
  }
  return { path: squawkName, configuration, notes };
}

/** The configuration to write: only what was found; all else has a default. */
export function configurationOffer(
  root: string,
  { globs, runner }: FoundMigrations,
  version: number | null,
  other: OtherLinter | null,
): Offer {
  const schema = "node_modules/lockwise/dist/config.schema.json";
  const { ignore = [], rules = {}, postgresVersion } = other?.configuration ?? {};
  const major = version ?? postgresVersion;
  const configuration: Configuration = {
    ...(existsSync(`${root}/${schema}`) && { $schema: `./${schema}` }),
    ...(major !== undefined && { postgresVersion: major }),
    ...(globs.length > 0 && { migrations: globs }),
    ...(runner !== null && { runner }),
    // Not there yet, and none is needed; once --write-baseline has written it, it counts.
    baseline: baselineName,
    ...(ignore.length > 0 && { ignore }),
    ...(Object.keys(rules).length > 0 && { rules }),
  };
  const text = `${JSON.stringify(configuration, null, 2)}\n`;
  return { what: "the configuration", path: configurationName, how: "create", text };
}

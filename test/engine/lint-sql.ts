import { rules } from "../../rules/index.ts";
import type { EngineOptions } from "../../src/engine/engine-options.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Options, Source } from "../../src/engine/options.ts";

/** What is found in one text, as `line:column rule`. */
export async function findingsOf(text: string, options: Options = {}, path = "a.sql"): Promise<string[]> {
  return findingsIn([{ path, text }], options);
}

export async function findingsIn(
  sources: readonly Source[],
  options: Partial<EngineOptions> = {},
): Promise<string[]> {
  const report = await lintSources(sources, { catalogue: rules, ...options });
  if (report.complaints.length > 0) throw new Error(JSON.stringify(report.complaints));
  const several = report.files.length > 1;
  return report.diagnostics.map(
    ({ path, start, rule }) => `${several ? `${path} ` : ""}${start.line}:${start.column} ${rule}`,
  );
}

/** The transaction that each statement runs in. */
export async function transactionsOf(text: string, options: Options = {}): Promise<string[]> {
  const { statements } = await explainSources([{ path: "a.sql", text }], { catalogue: rules, ...options });
  return statements.map(({ transaction }) => transaction);
}

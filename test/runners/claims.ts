/** What lockwise says of a project of a migration tool, in the words of the measurements. */
import { rules } from "../../rules/index.ts";
import { gather } from "../../src/cli/gather.ts";
import { planRuns } from "../../src/cli/runs.ts";
import { loadSettings } from "../../src/cli/settings.ts";
import { explainSources } from "../../src/engine/explain.ts";

interface Claims {
  /** The tool that it takes the project for. */
  readonly tool: string;
  /** Whether a statement is refused since it stands in a transaction. */
  readonly isRefused: boolean;
  /** Of each label in the statements the transaction that it runs in: those of one are the same. */
  readonly transactions: ReadonlyMap<string, string>;
}

const label = /^INSERT INTO log VALUES \('(\w+)'/;

export async function claimsOf(folder: string): Promise<Claims> {
  const settings = await loadSettings(folder, undefined);
  const { project, judged, named } = gather({ paths: ["."], cwd: folder, root: folder }, settings);
  const [run] = planRuns(project, judged, named, null).runs;
  if (run === undefined) return { tool: "", isRefused: false, transactions: new Map() };
  const { profile, sources } = run;
  const { statements } = await explainSources(
    sources.map((source) => ({ ...source, role: "lint" as const })),
    { catalogue: rules, project, hasRoom: () => true, ...(profile !== null && { runner: profile.name }) },
  );
  const isWhole = sources.some(({ text, path }) =>
    profile?.parse(text, path, project).some(({ transaction }) => transaction === "run"),
  );
  const transactions = new Map<string, string>();
  let count = 0;
  for (const { sql, path, kind, transaction } of statements) {
    // What BEGIN and COMMIT part, and each statement that commits by itself, is a transaction of its own.
    if (kind === "transaction" || transaction === "autocommit") count++;
    const name = label.exec(sql)?.[1];
    if (name !== undefined) transactions.set(name, `${isWhole ? "" : path} ${count}`);
  }
  const isRefused = statements.some(({ fails }) => fails?.sqlstate === "25001");
  return { tool: profile?.name ?? "", isRefused, transactions };
}

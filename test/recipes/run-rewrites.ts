import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { RewriteStep } from "../../src/engine/report.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { CLEAN, readCatalogue } from "../fix/catalogue.ts";
import type { Database } from "../fix/database.ts";
import { runAlone } from "../fix/prove.ts";
import type { RewriteCase } from "./rewrite-cases.ts";

/** What the catalogue is behind a statement, and behind the rewrites that are advised for it; `told` names their rules. */
export async function runRewrites(one: RewriteCase, database: Database, postgresVersion: number) {
  const { diagnostics, complaints } = await lintSources(
    [
      // Without a first migration nobody knows what is there.
      ...(one.setup === "" ? [] : [{ path: "1.sql", text: one.setup, role: "history" as const }]),
      { path: "2.sql", text: one.sql, role: "lint" },
    ],
    { catalogue: rules, postgresVersion, runner: "psql" },
  );
  const rewrites = diagnostics.filter(({ rule, rewrite }) => one.rules.includes(rule) && rewrite !== null);
  await database.run(CLEAN);
  await runAlone(database, [one.setup, one.sql]);
  const wanted = await readCatalogue(database);
  await database.run(CLEAN);
  await runAlone(database, [one.setup]);
  for (const { rewrite } of rewrites) for (const step of rewrite ?? []) await runStep(step, database);
  return {
    complaints,
    told: rewrites.map(({ rule }) => rule),
    wanted,
    reached: await readCatalogue(database),
  };
}

/** In the transaction that it says. */
async function runStep({ sql, transaction }: RewriteStep, database: Database): Promise<void> {
  if (transaction) await database.run("BEGIN");
  try {
    for (const { start, end } of splitStatements(sql).statements) {
      const text = sql.slice(start, end);
      if (!/^(BEGIN|COMMIT)$/.test(text)) await database.run(text);
    }
  } catch (error) {
    await database.run("ROLLBACK");
    throw new Error(`${error instanceof Error ? error.message : error}: ${sql}`);
  }
  if (transaction) await database.run("COMMIT");
}

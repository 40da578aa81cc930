/** What `lockwise plan` says, in its own words: of every proven recipe, and of the migrations of `plans`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderPlan, renderPlanJson } from "../../src/fix/render-plan.ts";
import { renderRunbook } from "../../src/fix/runbook.ts";
import { casesFor, namings, partitionCases } from "./plan-cases.ts";
import { type Planned, planFor } from "./planned.ts";

const folder = join(import.meta.dirname, "plans");
const fileOf = (id: string) => join(folder, `${id.replaceAll(/[^a-z0-9]+/g, "-")}.txt`);
const same = (path: string) => path;
const shown = ({ plan, files }: Planned) => renderPlan(plan, files, same);

/** The SQL alone: what the steps run, and how each goes on and is undone. */
const sqlOf = ({ plan }: Planned) =>
  plan.series
    .flatMap(({ steps }) => steps)
    .flatMap(({ sql, onFailure, undo }, step) => [
      `-- ${step + 1}.`,
      sql,
      ...(onFailure.sql === "" ? [] : ["-- After a failure:", onFailure.sql]),
      ...(undo.sql === "" ? [] : ["-- Undo:", undo.sql]),
    ]);

const [plain, ...others] = namings.slice(0, 2).map(casesFor);

describe("a proven recipe", () => {
  it.each(plain ?? [])("$id: is told in these words", async ({ id, setup, sql }) => {
    const parts = [shown(await planFor(setup, sql, 18))];
    for (const cases of others) {
      const one = cases.find((other) => other.id === id);
      if (one !== undefined) parts.push(one.sql, ...sqlOf(await planFor(one.setup, one.sql, 18)), "");
    }
    await expect(parts.join("\n")).toMatchFileSnapshot(fileOf(id));
  });

  it.each(partitionCases)("$id: is told in these words", async ({ id, setup, sql }) => {
    await expect(shown(await planFor(setup, sql, 18))).toMatchFileSnapshot(fileOf(id));
  });
});

/** `<case>.sql`: comments with options, the history, `-- plan:`, and the migration. */
const migrations = readdirSync(folder).filter((name) => name.endsWith(".sql"));

describe("a plan", () => {
  it.each(migrations)("%s: is told in these words, and leaves the rest in its place", async (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const [setup = "", sql = ""] = text.split("-- plan:\n");
    const option = (key: string) =>
      setup
        .split("\n")
        .find((line) => line.startsWith(`-- ${key}: `))
        ?.slice(key.length + 5);
    const made = await planFor(setup, sql, Number(option("postgresVersion") ?? 18), option("runner"));
    const out = [shown(made), "What stays of the migration:", "", made.plan.rest];
    if (option("runbook") === "true") out.push(renderRunbook(made.plan, made.files, same));
    if (option("json") === "true") out.push(renderPlanJson(made.plan, made.files, same));
    await expect(out.join("\n")).toMatchFileSnapshot(join(folder, name.replace(/sql$/, "txt")));
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gather } from "../../src/cli/gather.ts";
import { planRuns } from "../../src/cli/runs.ts";
import { loadSettings } from "../../src/cli/settings.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lockwise-schema-"));
  mkdirSync(join(folder, "migrations"));
  writeFileSync(join(folder, "structure.sql"), "CREATE TABLE orders (id bigint, code varchar(10));");
  writeFileSync(join(folder, "migrations/1_code.sql"), "ALTER TABLE orders ALTER COLUMN code TYPE text;");
  writeFileSync(join(folder, "lockwise.config.json"), '{ "schema": ["structure.sql"] }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the schema that the configuration names", () => {
  it("is history before all migrations", async () => {
    const settings = await loadSettings(folder, undefined);
    const { project, judged, named } = gather({ paths: ["migrations"], cwd: folder }, settings);
    const { runs } = planRuns(project, judged, named, null);
    expect(runs[0]?.sources.map(({ path, role }) => `${role} ${path}`)).toEqual([
      "history structure.sql",
      "lint migrations/1_code.sql",
    ]);
  });

  it("takes the first file that a tool runs for the beginning, and none of a folder without a tool", async () => {
    mkdirSync(join(folder, "flyway"));
    for (const name of ["V7__a.sql", "V8__b.sql"]) writeFileSync(join(folder, "flyway", name), "SELECT 1;");
    const settings = await loadSettings(folder, undefined);
    const firsts = (path: string) => {
      const { project, judged, named } = gather({ paths: [path], cwd: folder }, settings);
      const { runs } = planRuns(project, judged, named, null);
      return runs.flatMap(({ sources }) => sources.filter(({ isFirst }) => isFirst).map((one) => one.path));
    };
    expect(firsts("flyway/V7__a.sql")).toEqual(["flyway/V7__a.sql"]);
    expect(firsts("flyway/V8__b.sql")).toEqual(["flyway/V7__a.sql"]);
    expect(firsts("migrations")).toEqual([]);
  });

  it("is told when it cannot be read", async () => {
    writeFileSync(join(folder, "lockwise.config.json"), '{ "schema": ["gone.sql"] }');
    const settings = await loadSettings(folder, undefined);
    const { project, judged, named } = gather({ paths: ["migrations"], cwd: folder }, settings);
    expect(planRuns(project, judged, named, null).problems).toMatchObject([{ path: "gone.sql" }]);
  });
});

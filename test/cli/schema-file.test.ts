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

  it("is told when it cannot be read", async () => {
    writeFileSync(join(folder, "lockwise.config.json"), '{ "schema": ["gone.sql"] }');
    const settings = await loadSettings(folder, undefined);
    const { project, judged, named } = gather({ paths: ["migrations"], cwd: folder }, settings);
    expect(planRuns(project, judged, named, null).problems).toMatchObject([{ path: "gone.sql" }]);
  });
});

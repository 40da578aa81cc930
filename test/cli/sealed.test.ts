import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRepository } from "./repository.ts";
import { buildOnce, createFolder, lockwise } from "./run.ts";

buildOnce();

const first = "CREATE TABLE t (id int);\n";
const add = "ALTER TABLE t ADD COLUMN a int;\n";

const read = (folder: string, path: string) => readFileSync(join(folder, path), "utf8");

describe("--fix and what has run", () => {
  const flyway = { "db/migration/V1__a.sql": first, "db/migration/V2__b.sql": add };

  it("leaves committed files alone where the tool compares them, and says so", () => {
    const folder = createRepository(flyway);
    writeFileSync(join(folder, "db/migration/V3__c.sql"), add.replace("a int", "b int"));
    const { stderr } = lockwise(folder, ["--fix"]);
    expect(stderr).toContain("1 file is committed and was left as it is");
    expect(stderr).toContain("Flyway objects to what has changed after it ran");
    expect(read(folder, "db/migration/V2__b.sql")).toBe(add);
    expect(read(folder, "db/migration/V3__c.sql")).toMatch(/SET LOCAL lock_timeout/);
  });

  it("fixes a file that is named, and what is new since a commit", () => {
    const folder = createRepository(flyway);
    lockwise(folder, ["--fix", "db/migration/V2__b.sql"]);
    expect(read(folder, "db/migration/V2__b.sql")).toMatch(/lock_timeout/);
    const { stderr } = lockwise(folder, ["--fix", "--since", "HEAD"]);
    expect(stderr).not.toContain("left as");
  });

  it("fixes repeatable scripts, which run again when they have changed", () => {
    const folder = createRepository({ ...flyway, "db/migration/R__d.sql": add.replace("a int", "d int") });
    const { stderr } = lockwise(folder, ["--fix"]);
    expect(stderr).toContain("1 file is committed");
    expect(read(folder, "db/migration/R__d.sql")).toMatch(/lock_timeout/);
  });

  it("fixes all where the tool does not look back, or nothing is committed", () => {
    const goose = (sql: string) => `-- +goose Up\n${sql}`;
    const folder = createRepository({ "m/00001_a.sql": goose(first), "m/00002_b.sql": goose(add) });
    expect(lockwise(folder, ["--fix"]).stderr).not.toContain("left as");
    expect(read(folder, "m/00002_b.sql")).toMatch(/lock_timeout/);
    const loose = createFolder(flyway);
    lockwise(loose, ["--fix"]);
    expect(read(loose, "db/migration/V2__b.sql")).toMatch(/lock_timeout/);
  });
});

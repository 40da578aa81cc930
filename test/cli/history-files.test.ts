import { expect, test } from "vitest";
import { openFolders } from "../../src/cli/folders.ts";
import { historyOf } from "../../src/cli/history-files.ts";
import { createFolder } from "./run.ts";

/** What is read as history for one file of a tree, by its paths in the tree. */
function around(path: string, others: readonly string[]): string[] {
  const folder = createFolder(Object.fromEntries([path, ...others].map((one) => [one, ""]))).replaceAll(
    "\\",
    "/",
  );
  return historyOf([`${folder}/${path}`], openFolders())
    .map((one) => one.slice(folder.length + 1))
    .sort();
}

test("a sqitch script in a folder of its kind has the whole plan before it", () => {
  const deployed = [
    "schema/deploy/functions/f.sql",
    "schema/deploy/tables/a.sql",
    "schema/revert/tables/a.sql",
  ];
  expect(around("schema/deploy/tables/a.sql", ["schema/sqitch.plan", "seed/x.sql", ...deployed])).toEqual(
    deployed,
  );
  expect(around("schema/deploy/tables/a.sql", ["seed/x.sql", ...deployed])).toEqual([
    "schema/deploy/tables/a.sql",
  ]);
});

test("Flyway reads the folders below its own", () => {
  const root = "src/main/resources/db/migration";
  const scripts = [`${root}/2023/V1__a.sql`, `${root}/2024/V2__b.sql`, `${root}/V3__c.sql`];
  for (const path of scripts)
    expect(around(path, ["pom.xml", "seed/V0__x.sql", ...scripts])).toEqual(scripts);
});

test("a changelog of Liquibase holds what lies below it, but no program's folder does", () => {
  const scripts = ["app/changelog/first/a.sql", "app/changelog/second/b.sql"];
  const [, last = ""] = scripts;
  expect(around(last, ["app/changelog/db.changelog-master.xml", "app/pom.xml", ...scripts])).toEqual(scripts);
  expect(around(last, ["app/changelog.json", "app/package.json", ...scripts])).toEqual([last]);
});

test("what graphile-migrate has committed comes before the current file", () => {
  const files = ["migrations/committed/000001.sql", "migrations/current.sql"];
  expect(around("migrations/current.sql", files)).toEqual(files);
  expect(around("migrations/current.sql", ["migrations/other/1.sql"])).toEqual(["migrations/current.sql"]);
});

test("Yuniql and grate have a folder for each version or step", () => {
  const versions = ["db/_post/v.sql", "db/v0.00/01-a.sql", "db/v0.01-notes/indexes/02-b.sql"];
  for (const path of versions) expect(around(path, ["seed/x.sql", ...versions])).toEqual(versions);
  const steps = ["db/runBeforeUp/r.sql", "db/up/1.sql", "db/views/v.sql"];
  for (const path of steps) expect(around(path, ["seed/x.sql", ...steps])).toEqual(steps);
  expect(around("db/up/1.sql", ["db/down/1.sql"])).toEqual(["db/up/1.sql"]);
  expect(around("db/views/v.sql", ["db/tables/t.sql"])).toEqual(["db/views/v.sql"]);
});

test("migrations in folders of their own, and of a version each, have those in the folders beside before them", () => {
  const own = ["migrations/20200401_users/postgres.sql", "migrations/20200805_names/postgres.sql"];
  expect(around(own[1] ?? "", own)).toEqual(own);
  const versions = ["sql/2.9/001.sql", "sql/3.0/001.sql"];
  expect(around(versions[1] ?? "", ["seed/x.sql", ...versions])).toEqual(versions);
});

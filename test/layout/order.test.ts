import { describe, expect, it } from "vitest";
import { layOut } from "../../src/layout/index.ts";
import { memory, only, profileNamed } from "./project.ts";

/** The files in the order in which the named tool runs them. */
function ordered(
  name: string,
  paths: readonly string[],
  rest: Record<string, string> = {},
): readonly string[] {
  const files = Object.fromEntries([...paths.map((path) => [path, ""]), ...Object.entries(rest)]);
  const [layout] = layOut(memory(files), { runner: profileNamed(name) });
  return layout?.folder.files ?? [];
}

describe("order of running", () => {
  it.each([
    ["psql", ["10_a.sql", "2_b.sql", "1_c.sql"], ["1_c.sql", "2_b.sql", "10_a.sql"]],
    ["dbmate", ["10_a.sql", "2_b.sql"], ["10_a.sql", "2_b.sql"]],
    ["bun", ["2_b.up.sql", "10_a.up.sql", "10_a.down.sql"], ["10_a.up.sql", "10_a.down.sql", "2_b.up.sql"]],
    ["pop", ["2_b.up.sql", "10_a.up.sql"], ["10_a.up.sql", "2_b.up.sql"]],
    ["go-pg", ["2_b.up.sql", "10_a.up.sql"], ["2_b.up.sql", "10_a.up.sql"]],
    ["sqlx", ["10_a.sql", "9_b.sql", "README.sql"], ["9_b.sql", "10_a.sql"]],
    [
      "golang-migrate",
      ["2_b.up.sql", "2_b.down.sql", "10_a.up.sql", "x.sql"],
      ["2_b.up.sql", "2_b.down.sql", "10_a.up.sql"],
    ],
    [
      "atlas",
      ["20240102.down.sql", "20240102.up.sql", "20240101.down.sql", "20240101.up.sql"],
      ["20240101.up.sql", "20240101.down.sql", "20240102.up.sql", "20240102.down.sql"],
    ],
    [
      "postgrator",
      ["10.do.c.sql", "002.undo.b.sql", "002.do.b.sql", "1.do.sql", "notes.sql"],
      ["1.do.sql", "002.do.b.sql", "002.undo.b.sql", "10.do.c.sql"],
    ],
    ["play-evolutions", ["10.sql", "9.sql", "notes.sql"], ["9.sql", "10.sql"]],
    [
      "pop",
      [
        "1_a.up.sql",
        "1_a.postgres.up.sql",
        "1_a.postgres.down.sql",
        "2_b.postgres.autocommit.up.sql",
        "2_b.up.sql",
      ],
      ["1_a.postgres.up.sql", "1_a.postgres.down.sql", "2_b.postgres.autocommit.up.sql"],
    ],
    [
      "flyway",
      [
        "R__view.sql",
        "V10__c.sql",
        "V2_1__b.sql",
        "V2__a.sql",
        "U2__a.sql",
        "V1.10__x.sql",
        "V1.9__y.sql",
        "notes.sql",
      ],
      ["V1.9__y.sql", "V1.10__x.sql", "V2__a.sql", "U2__a.sql", "V2_1__b.sql", "V10__c.sql", "R__view.sql"],
    ],
    [
      "refinery",
      ["V2__b.sql", "U3__c.sql", "V10__a.sql", "R__x.sql"],
      ["V2__b.sql", "U3__c.sql", "V10__a.sql"],
    ],
    [
      "flyway",
      [
        "afterMigrate__b.sql",
        "afterMigrate.sql",
        "beforeMigrate.sql",
        "V1__a.sql",
        "R__x.sql",
        "afterAll.sql",
      ],
      ["V1__a.sql", "R__x.sql", "afterMigrate.sql", "afterMigrate__b.sql"],
    ],
    [
      "diesel",
      ["m/2024-02-01-000000_b/up.sql", "m/2024-01-01-000000_a/down.sql", "m/2024-01-01-000000_a/up.sql"],
      ["m/2024-01-01-000000_a/up.sql", "m/2024-01-01-000000_a/down.sql", "m/2024-02-01-000000_b/up.sql"],
    ],
    [
      "hasura",
      ["20_c/up.sql", "20_c/down.sql", "3_b.up.sql", "3_b.down.sql", "1_a/up.sql", "notes.sql"],
      ["1_a/up.sql", "3_b.up.sql", "3_b.down.sql", "20_c/up.sql", "20_c/down.sql"],
    ],
    [
      "goose",
      ["m/020_c/postgres.sql", "m/003_b/postgres.sql", "m/020_c/sqlite3.sql"],
      ["m/003_b/postgres.sql", "m/020_c/postgres.sql"],
    ],
    [
      "hasura",
      ["m/1700000000001_b/up.sql", "m/1700000000000_a/up.sql", "m/999_c/up.sql"],
      ["m/999_c/up.sql", "m/1700000000000_a/up.sql", "m/1700000000001_b/up.sql"],
    ],
    [
      "graphile-migrate",
      ["m/current.sql", "m/committed/000002.sql", "m/committed/000001-a.sql"],
      ["m/committed/000001-a.sql", "m/committed/000002.sql", "m/current.sql"],
    ],
  ])("%s", (name, paths, expected) => {
    expect(ordered(name, paths)).toEqual(expected);
  });

  it("Drizzle: the journal's, which also says what runs", () => {
    const journal = JSON.stringify({ entries: [{ tag: "0001_b" }, { tag: "0000_a" }] });
    const paths = ["m/0000_a.sql", "m/0001_b.sql", "m/0002_c.sql"];
    expect(ordered("drizzle", paths, { "m/meta/_journal.json": journal })).toEqual([
      "m/0001_b.sql",
      "m/0000_a.sql",
    ]);
    expect(ordered("drizzle", paths, { "m/meta/_journal.json": "{ broken" })).toEqual(paths);
    expect(ordered("drizzle", paths, { "m/meta/_journal.json": '{ "entries": [] }' })).toEqual(paths);
  });

  it("psql: versions in the order of their numbers, whatever stands behind them", () => {
    const paths = [
      "m/0.10.0-dev/1-a.sql",
      "m/0.7.2-dev/1-b.sql",
      "m/0.7.0-beta.1/2-d.sql",
      "m/0.7.0-beta.1/1-c.sql",
    ];
    expect(ordered("psql", paths)).toEqual([paths[3], paths[2], paths[1], paths[0]]);
  });

  it("sqitch: the plan's, with the old script of a reworked change", () => {
    const plan =
      "%syntax-version=1.0.0\n\nb 2024 A <a@b>\n@v1 2024 A <a@b>\n@v2 2024 A <a@b>\na [b] 2024 A <a@b>\n@v3 2024 A <a@b>\nb [b@v2] 2024 A <a@b>\n";
    const paths = [
      "deploy/a.sql",
      "deploy/b.sql",
      "deploy/b@v2.sql",
      "verify/a.sql",
      "revert/a.sql",
      "deploy/stray.sql",
    ];
    expect(ordered("sqitch", paths, { "sqitch.plan": plan })).toEqual([
      "deploy/b@v2.sql",
      "deploy/a.sql",
      "revert/a.sql",
      "verify/a.sql",
      "deploy/b.sql",
    ]);
  });

  it("Liquibase: the masters', one inside of another, then what they do not name", () => {
    const master =
      '<databaseChangeLog><include file="b.sql"/><include file="sub/sub.yaml" relativeToChangelogFile="true"/></databaseChangeLog>';
    const sub =
      "databaseChangeLog:\n  - include:\n      file: 'db/sub/z.sql'\n  - includeAll:\n      path: db/sub/all/\n";
    const paths = ["db/a.sql", "db/b.sql", "db/sub/z.sql", "db/sub/all/2.sql", "db/sub/all/10.sql"];
    expect(ordered("liquibase", paths, { "db/master.xml": master, "db/sub/sub.yaml": sub })).toEqual([
      "db/b.sql",
      "db/sub/z.sql",
      "db/sub/all/10.sql",
      "db/sub/all/2.sql",
      "db/a.sql",
    ]);
  });

  it("Liquibase: one sequence over all that a master includes, whatever the files are called", () => {
    const head = "--liquibase formatted sql\n";
    const files = {
      "db/a/users/1.sql": head,
      "db/a/roles/1.sql": head,
      "db/z/1.sql": head,
      "db/changelog.yaml":
        "databaseChangeLog:\n  - include:\n      file: a/roles/1.sql\n  - include:\n      file: a/users/1.sql\n  - include:\n      file: z/1.sql\n",
    };
    const { folder } = only(memory(files));
    expect(folder.files).toEqual(["db/a/roles/1.sql", "db/a/users/1.sql", "db/z/1.sql"]);
    expect(folder.root).toBe("db");
    const { "db/changelog.yaml": _, ...without } = files;
    expect(layOut(memory(without)).length).toBeGreaterThan(1);
  });

  it("Flyway: under the prefix that the project has", () => {
    const config = { "m/flyway.conf": "flyway.sqlMigrationPrefix=\n" };
    const { folder } = only(memory({ "m/10__c.sql": "", "m/9__b.sql": "", "m/R__v.sql": "", ...config }));
    expect(folder.files).toEqual(["m/9__b.sql", "m/10__c.sql", "m/R__v.sql"]);
  });

  it("Flyway: what lies under specific/postgresql runs with what lies under migration", () => {
    const names = ["r/db/migration/V2__b.sql", "r/db/specific/postgresql/V1__a.sql"];
    const { folder } = only(memory(Object.fromEntries(names.map((name) => [name, ""]))));
    expect(folder).toMatchObject({ root: "r/db", files: names.toReversed() });
  });

  it("Flyway: what lies under postgres runs with what lies beside it", () => {
    for (const other of ["common", "migration", "v"]) {
      const names = [`r/db/${other}/V2__b.sql`, "r/db/postgres/V1__a.sql"];
      const { folder } = only(memory(Object.fromEntries(names.map((name) => [name, ""]))));
      expect(folder).toMatchObject({ root: "r/db", files: names.toReversed() });
    }
    const apart = ["x/schema/postgres/V1__a.sql", "x/other/V2__b.sql"];
    expect(layOut(memory(Object.fromEntries(apart.map((name) => [name, ""]))))).toHaveLength(2);
  });

  it("Flyway: V001 and V1 are one version of two databases", () => {
    const names = [
      "d/sql/V001__a.sql",
      "d/sql/V110__b.sql",
      "d/sql-other/V1__a.sql",
      "d/sql-third/V110__c.sql",
    ];
    const roots = layOut(memory(Object.fromEntries(names.map((name) => [name, ""])))).map(
      ({ folder }) => folder.root,
    );
    expect(roots).toContain("d/sql");
  });

  it("Flyway: one sequence over sub-folders, but not over two databases", () => {
    const one = only(memory({ "db/migration/V1__a.sql": "", "db/migration/next/V2__b.sql": "" }));
    expect(one.folder.files).toEqual(["db/migration/V1__a.sql", "db/migration/next/V2__b.sql"]);
    const siblings = only(memory({ "db/migration/a/V1__a.sql": "", "db/migration/b/V2__b.sql": "" }));
    expect(siblings.folder.root).toBe("db/migration");
    expect(layOut(memory({ "db/migration/a/V1__a.sql": "", "db/migration/b/V1__b.sql": "" }))).toHaveLength(
      2,
    );
  });
});

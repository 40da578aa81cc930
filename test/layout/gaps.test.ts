import { describe, expect, it } from "vitest";
import { gapsOf } from "../../src/layout/index.ts";
import { memory, only } from "./project.ts";

function gaps(paths: readonly string[], texts: Record<string, string> = {}): readonly string[] {
  const files = Object.fromEntries(paths.map((path) => [path, ""]));
  return [...gapsOf(only(memory({ ...files, ...texts }))).before];
}

describe("where a history is not what its files say", () => {
  it("is before and behind each file without a number in its name, where nobody but the names tells an order", () => {
    expect(gaps(["m/add_users.sql", "m/create_users.sql"])).toEqual(["m/create_users.sql"]);
    expect(gaps(["m/1_a.sql", "m/2_b.sql", "m/init.sql"])).toEqual(["m/init.sql"]);
    expect(gaps(["m/a.sql"])).toEqual([]);
    expect(gaps(["m/v1.1/a.sql", "m/v1.2/a.sql", "m/v1.2/b.sql"])).toEqual(["m/v1.2/b.sql"]);
    expect(gaps(["m/utf8.sql", "m/oauth2_tokens.sql"])).toEqual(["m/utf8.sql"]);
  });

  it.each([
    [["m/001_a.sql", "m/002_b.sql"]],
    [["m/v1.sql", "m/v2.sql"]],
    [["m/schema1.sql", "m/schema2.sql"]],
    [["m/upgrade-1.0-to-1.1.sql", "m/upgrade-1.1-to-1.2.sql"]],
    [["m/2024-01-31 users.sql", "m/2024-02-01 posts.sql"]],
    [["m/delta_r1_a.sql", "m/delta_r2_b.sql"]],
    [["m/v1.1/users.sql", "m/v1.2/alter.sql", "m/v1.10/drop.sql"]],
  ])("is nowhere in %j", (paths) => {
    expect(gaps(paths)).toEqual([]);
  });

  it("is before and behind what is told once more for elsewhere", () => {
    const paths = ["m/0001_a.sql", "m/0002_b.sql", "m/0002_b_replica.sql", "m/0003_c.sql", "m/0004_d.sql"];
    expect(gaps(paths)).toEqual(["m/0002_b_replica.sql", "m/0003_c.sql"]);
    expect(gaps(["m/0001_add.sql", "m/0002_add_more.sql"])).toEqual([]);
  });

  it("is before each script that starts from the version in its name", () => {
    const paths = ["m/shop--1.0--1.1.sql", "m/shop--1.0.sql", "m/shop--1.1.sql"];
    expect(gaps(paths)).toEqual(paths.slice(1));
    expect(gaps(["m/1--add-users.sql", "m/2--drop-users.sql"])).toEqual([]);
  });

  it("is nowhere where a tool has an order of its own", () => {
    const config = { "sqitch.plan": "%project=x\na 2024-01-01\nb 2024-01-01\n" };
    expect(gaps(["deploy/a.sql", "deploy/b.sql"], config)).toEqual([]);
  });

  it("is behind a migration that is a program, beside the scripts or where Java has its classes", () => {
    const scripts = [
      "db/src/main/resources/db/migration/V1__a.sql",
      "db/src/main/resources/db/migration/V3__c.sql",
    ];
    expect(gaps([...scripts, "db/src/main/java/org/x/V2__b.java"])).toEqual([scripts[1]]);
    expect(gaps([...scripts, "db/src/main/resources/db/migration/V2__b.kt"])).toEqual([scripts[1]]);
    expect(gaps([...scripts, "db/src/main/java/org/x/U3__b.java"])).toEqual([]);
    expect(gaps([...scripts, "db/src/main/java/org/x/V4__d.java"])).toEqual([]);
    expect(gaps([...scripts, "other/src/main/java/org/x/V2__b.java"])).toEqual([]);
    const goose = { "m/1_a.sql": "-- +goose Up\n", "m/3_c.sql": "-- +goose Up\n" };
    expect(gaps(["m/1_a.sql", "m/00002_b.go", "m/3_c.sql"], goose)).toEqual(["m/3_c.sql"]);
    expect(gaps(["m/1_a.sql", "m/00002_b_test.go", "m/3_c.sql"], goose)).toEqual([]);
    expect(gaps(["m/1_a/migration.sql", "m/2_b/migration.ts", "m/3_c/migration.sql"])).toEqual([
      "m/3_c/migration.sql",
    ]);
  });

  it("is behind a template that calls functions", () => {
    const paths = ["m/1_a.up.sql", "m/2_b.up.sql", "m/3_c.up.sql"];
    expect(gaps(paths, { "m/1_a.up.sql": '{{ renameTable "a" "b" }}\n' })).toEqual(["m/2_b.up.sql"]);
    expect(
      gaps(paths, { "m/1_a.up.sql": '{{ if eq .x "a" }}\nDROP TABLE {{ .prefix }}a;\n{{ end }}' }),
    ).toEqual([]);
  });

  it("is not where a program only runs the script of its version", () => {
    expect(gaps(["m/1_a.sql", "m/1_a.js", "m/2_b.sql", "m/2_b.ts"])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { memory, only, unit, units } from "./project.ts";

function directionOf(path: string, ...others: string[]): string {
  return unit("psql", "SELECT 1", path, Object.fromEntries(others.map((other) => [other, ""]))).direction;
}

describe("the direction of a script that no tool claims", () => {
  it.each([
    ["m/1_a-down.sql", "m/1_a-up.sql"],
    ["m/1_a_down.sql", "m/1_a_up.sql"],
    ["m/1_a.rollback.sql", "m/1_a.sql"],
    ["m/1_a_undo.sql", "m/1_a.sql"],
    ["rollback_1_a.sql", "1_a.sql"],
    ["m/1.2.0_to_1.3.0_rollback.sql", "m/1.2.0_to_1.3.0_upgrade.sql"],
    ["m/1_a_downgrade.sql", "m/1_a_upgrade.sql"],
    ["m/007_rollback_a_b.sql", "m/007_a_b.sql"],
    ["m/1_a.down.sql", "m/2.sql"],
  ])("%s goes back beside %s", (path, other) => {
    expect(directionOf(path, other)).toBe("down");
  });

  it.each([
    ["m/1_a-up.sql", "m/1_a-down.sql"],
    ["m/3_tear_down.sql", "m/2_b.sql"],
    ["m/1_a_upgrade.sql", "m/1_a_rollback.sql"],
    ["m/3_undo_a.sql", "m/2_a.sql"],
    ["m/1_a.sql", "m/1_a.rollback.sql"],
  ])("%s does not beside %s", (path, other) => {
    expect(directionOf(path, other)).toBe("up");
  });
});

describe("both ways in one file that no tool claims", () => {
  const halves = (text: string) =>
    units("psql", text).map(({ direction, start, end }) => [direction, text.slice(start, end).trim()]);

  it.each([
    "-- Migration: notes\n-- ====  UP  ====\nSELECT 1;\n-- ==== DOWN ====\nSELECT 2;\n",
    "-- rambler up\nSELECT 1;\n\n-- rambler down\nSELECT 2;",
    "--@up\nSELECT 1;\n--@down\nSELECT 2;",
    "-- UP:\nSELECT 1;\n-- ROLLBACK:\nSELECT 2;",
    "-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;",
    "SELECT 1;\n-- //@UNDO\nSELECT 2;",
  ])("%j", (text) => {
    const [[up, first = ""] = [], back] = halves(text);
    expect([up, first.endsWith("SELECT 1;"), back]).toEqual(["up", true, ["down", "SELECT 2;"]]);
  });

  it.each([
    "-- set up\nSELECT 1;\n-- shut down\nSELECT 2;",
    "SELECT 1;\n-- up\nSELECT 2;\n-- down\nSELECT 3;",
    "SELECT 1;\n-- rollback\nSELECT 2;",
    "-- up\nSELECT 1;\n-- down\nSELECT 2;\n-- down\nSELECT 3;",
    "-- down\nSELECT 1;\n-- up\nSELECT 2;",
    "SELECT '\n-- up\n', '\n-- down\n';",
  ])("not %j", (text) => {
    expect(halves(text)).toEqual([["up", text.trim()]]);
  });

  it("is how what follows is written, too", () => {
    const text = "-- ==== UP ====\nSELECT 1;\n-- ==== DOWN ====\nSELECT 2;\n";
    const { profile, folder } = only(memory({ "m/1_a.sql": text }));
    const change = { name: "b", sql: "SELECT 3;", transaction: false, down: "SELECT 4;" };
    expect(profile.following(folder, change)).toEqual([
      { path: "m/2_b.sql", text: "-- ==== UP ====\nSELECT 3;\n\n-- ==== DOWN ====\nSELECT 4;\n" },
    ]);
  });
});

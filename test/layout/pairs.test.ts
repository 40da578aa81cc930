import { describe, expect, it } from "vitest";
import { unit } from "./project.ts";

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
    ["m/1_a.down.sql", "m/2.sql"],
  ])("%s goes back beside %s", (path, other) => {
    expect(directionOf(path, other)).toBe("down");
  });

  it.each([
    ["m/1_a-up.sql", "m/1_a-down.sql"],
    ["m/3_tear_down.sql", "m/2_b.sql"],
    ["m/1_a.sql", "m/1_a.rollback.sql"],
  ])("%s does not beside %s", (path, other) => {
    expect(directionOf(path, other)).toBe("up");
  });
});

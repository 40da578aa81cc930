import { expect, it } from "vitest";
import { buildOnce, createFolder, lockwise } from "./run.ts";

buildOnce();

it("explain tells that it did not read a file to its end, as lint does", () => {
  const folder = createFolder({
    "m/1.sql": Array.from({ length: 60_000 }, (_, k) => `CREATE TABLE a${k} (b int PRIMARY KEY);`).join("\n"),
    "lockwise.config.json": '{ "timeLimit": 1 }\n',
  });
  for (const args of [["m/1.sql"], ["explain", "m/1.sql"], ["explain", "m/1.sql", "--format", "json"]]) {
    const { status, stderr } = lockwise(folder, [...args, "--postgres-version", "16"]);
    expect(stderr).toMatch(
      /^lockwise: m\/1\.sql: the time limit of .* was reached: from here on it was not read/m,
    );
    expect(status).toBe(2);
  }
});

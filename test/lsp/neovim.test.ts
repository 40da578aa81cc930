import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildOnce, createFolder, shellCommand } from "../cli/run.ts";

buildOnce();

const isHere = spawnSync("nvim", ["--version"]).status === 0;

test.skipIf(!isHere)("Neovim shows findings, hovers and fixes (skipped where nvim is not installed)", () => {
  const folder = createFolder({
    "lockwise.config.json": '{ "rules": { "missing-lock-timeout": "off" } }',
    "db/1.sql": "CREATE INDEX i ON t (c);\nDROP TABLE old;\n",
  });
  const command = ["sh", "-c", `exec ${shellCommand()} lsp --stdio`];
  const script = join(import.meta.dirname, "neovim.lua");
  const result = spawnSync("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", `+luafile ${script}`], {
    cwd: folder,
    encoding: "utf8",
    timeout: 110_000,
    env: {
      ...process.env,
      HOME: folder,
      LOCKWISE_COMMAND: JSON.stringify(command),
      LOCKWISE_FILE: "db/1.sql",
    },
  });
  expect(`${result.stdout}${result.stderr}`.trim().split(/\r?\n/)).toEqual([
    "opened",
    "1:1 1 index-without-concurrently",
    "2:12 2 drop-table",
    "hover",
    expect.stringContaining("Writes to t wait until the index is built"),
    "fixed",
    "CREATE INDEX CONCURRENTLY i ON t (c);",
    "checked again",
    "2:12 2 drop-table",
    "stopped",
  ]);
  expect(result.status).toBe(0);
});

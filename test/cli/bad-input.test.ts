import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildOnce, createFolder, lockwise, shellCommand } from "./run.ts";

buildOnce();

const index = "CREATE INDEX orders_status_idx ON orders (status);\n";

/** The other file is linted, the words name the bad one, and nobody sees a stack trace. */
function runWith(name: string, content: string | Uint8Array) {
  const folder = createFolder({ "good.sql": index, [name]: content });
  const result = lockwise(folder, [name, "good.sql", "--format", "compact"]);
  expect(result.stdout).toMatch(/^good\.sql:1:1: error/m);
  expect(result.stderr).not.toMatch(/^\s+at /m);
  return result;
}

test("what is no UTF-8 text is named, the others are linted, and the status is 2", () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ["utf16.sql", Buffer.from("\ufeffSELECT 1;", "utf16le"), /^lockwise: utf16\.sql: is UTF-16: /],
    [
      "utf16be.sql",
      Buffer.from("\ufeffSELECT 1;", "utf16le").swap16(),
      /^lockwise: utf16be\.sql: is UTF-16: /,
    ],
    [
      "latin.sql",
      Buffer.from("-- \n-- gr\xfc\xdfe\n", "latin1"),
      /^lockwise: latin\.sql: is not UTF-8: line 2 /,
    ],
    [
      "binary.sql",
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0, 0xff]),
      /^lockwise: binary\.sql: is binary/,
    ],
  ];
  for (const [name, content, words] of cases) {
    const { status, stderr } = runWith(name, content);
    expect(stderr).toMatch(words);
    expect(status).toBe(2);
  }
});

test("an empty file is told and breaks nothing", () => {
  const { status, stderr } = runWith("empty.sql", "");
  expect(stderr).toBe("lockwise: empty.sql: is empty\n");
  expect(status).toBe(1);
});

test("a byte order mark and Windows line ends are no problem", () => {
  const { stdout, status } = runWith("bom.sql", `\ufeff\r\n${index}`);
  expect(stdout).toMatch(/^bom\.sql:2:1: error/m);
  expect(status).toBe(1);
});

test("columns of the first line do not count a byte order mark, and --fix leaves it where it is", () => {
  const folder = createFolder({ "bom.sql": `\ufeff${index.trimEnd()} DROP TABLE b;\r\n` });
  const { stdout } = lockwise(folder, ["bom.sql", "--format", "compact"]);
  expect(stdout).toMatch(/^bom\.sql:1:1: error/m);
  const at = index.trimEnd().length + 2;
  expect(stdout).toMatch(new RegExp(`^bom\\.sql:1:${at}: warning .*missing-lock-timeout`, "m"));
  lockwise(folder, ["bom.sql", "--fix"]);
  expect(readFileSync(join(folder, "bom.sql"), "utf8")).toMatch(
    /^\ufeffCREATE INDEX CONCURRENTLY .*; SET lock_timeout = '5s';\r\nDROP TABLE b;\r\n$/,
  );
});

test("a broken statement is one finding, its neighbours are linted", () => {
  const { stdout } = runWith("broken.sql", `CREATE TABEL x ();\n${index}`);
  expect(stdout).toMatch(/^broken\.sql:1:8: error .*\[syntax-error\]$/m);
  expect(stdout).toMatch(/^broken\.sql:2:1: error .*\[index-without-concurrently\]$/m);
});

test("a folder with the name of a file, a dead link, and links in a circle", () => {
  const folder = createFolder({ "db/1.sql": index });
  mkdirSync(join(folder, "db/folder.sql"));
  symlinkSync("..", join(folder, "db/circle"));
  symlinkSync("nowhere.sql", join(folder, "db/dead.sql"));
  const all = lockwise(folder, ["db", "--format", "compact"]);
  expect(all.stdout.match(/index-without-concurrently/g)).toHaveLength(1);
  expect(all.stderr).toMatch(/^lockwise: db\/dead\.sql: /m);
  expect(all.status).toBe(2);
  const dead = lockwise(folder, ["db/dead.sql", "db/1.sql", "--format", "compact"]);
  expect(dead.stderr).toMatch(/^lockwise: db\/dead\.sql: /);
  expect(dead.stdout).toMatch(/^db\/1\.sql:1:1/m);
  expect(dead.status).toBe(2);
});

test("a folder with the name of the configuration is told, not passed over", () => {
  const folder = createFolder({ "db/1.sql": index });
  mkdirSync(join(folder, "lockwise.config.json"));
  const { stderr, status } = lockwise(folder, ["db"]);
  expect(stderr).toMatch(/lockwise\.config\.json: is a folder, and no configuration\n$/);
  expect(status).toBe(2);
});

test("a program is not read as SQL, and its neighbours are linted", () => {
  const folder = createFolder({ "db/1.sql": index, "db/2.ts": "await knex.raw(`DROP TABLE a`);\n" });
  const both = lockwise(folder, ["db/1.sql", "db/2.ts", "--format", "compact"]);
  expect(both.stdout).not.toContain("2.ts");
  expect(both.stdout).toMatch(/^db\/1\.sql:1:1/m);
  expect(both.stderr).toMatch(/^lockwise: db\/2\.ts: is not SQL and not read: /m);
  expect(both.status).toBe(2);
  expect(lockwise(folder, ["db/2.ts"]).status).toBe(2);
});

test("a line of twenty megabytes", () => {
  const { stdout, stderr } = runWith("long.sql", `SELECT '${"x".repeat(20_000_000)}'; ${index}`);
  expect(stdout).toMatch(/^long\.sql:1:20000012: error/m);
  expect(stderr).toBe("");
});

test("file names steer no terminal", () => {
  const { stderr, status } = lockwise(createFolder({}), ["\u001b[31mx.sql"]);
  expect(stderr).toMatch(/^lockwise: \u241b\[31mx\.sql: there is no such file or folder\n$/);
  expect(status).toBe(2);
});

test("whoever stops reading ends the run quietly, with the status that it would have had", () => {
  const folder = createFolder({ "bad.sql": index.repeat(2000) });
  const script = `{ ${shellCommand()} bad.sql; echo $? >&2; } | head -n 1`;
  const { stderr, stdout } = spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("bad.sql\n");
  expect(stderr).toBe("1\n");
});

test("of a configuration in which everything is wrong no more is told than anybody mends at once", () => {
  const keys = Array.from({ length: 300 }, (_, k) => `"k${k}": 1`).join(",\n");
  const folder = createFolder({ "good.sql": index, "lockwise.config.json": `{${keys}}` });
  const { status, stderr } = lockwise(folder, ["good.sql"]);
  expect(status).toBe(2);
  expect(stderr.trimEnd().split("\n")).toHaveLength(51);
  expect(stderr).toMatch(/\nand 250 more\n$/);
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildOnce, createFolder, lockwise, type Outcome } from "./run.ts";

buildOnce();

const index = (name: string) => `CREATE INDEX ${name}_status_idx ON ${name} (status);\n`;
const table = (name: string) => `CREATE TABLE ${name} (id bigint PRIMARY KEY, status text);\n`;

/** Projects of several tools, each a run: with findings, fixes, suppressions, broken SQL, complaints, and letters of all kinds. */
const projects: Readonly<Record<string, string | Uint8Array>> = {
  "goose/migrations/00001_a.sql": `-- +goose Up\n${table("orders")}-- +goose Down\nDROP TABLE orders;\n`,
  "goose/migrations/00002_b.sql": `-- +goose Up\n${index("orders")}-- +goose Down\nDROP INDEX orders_status_idx;\n`,
  "flyway/db/migration/V1__a.sql": table('"Bestellungen_äöü_🐘"'),
  "flyway/db/migration/V2__b.sql": `\ufeffCREATE INDEX i ON "Bestellungen_äöü_🐘" (status);\nDROP TABLE x\nSELECT (;\n`,
  "prisma/schema.prisma": 'datasource db { provider = "postgresql" }\n',
  "prisma/migrations/20200101000000_a/migration.sql": table("prices"),
  "prisma/migrations/20200102000000_b/migration.sql": `-- lockwise-ignore index-without-concurrently -- small\r\n${index("prices")}`,
  "prisma/migrations/20200103000000_c/migration.sql": "ALTER TABLE prices ALTER COLUMN status TYPE int;\n",
  "dbmate/db/migrations/20200101000000_a.sql": `-- migrate:up\n${table("tags")}-- migrate:down\n`,
  "dbmate/db/migrations/20200102000000_b.sql": `-- migrate:up\nALTER TABLE tags ADD CONSTRAINT c CHECK (status <> '');\n-- migrate:down\n`,
  "plain/migrations/1.sql": "ALTER TABLE users ADD COLUMN a int NOT NULL;\nBEGIN;\nDROP INDEX b;\n",
  "plain/migrations/2.sql": "",
  "plain/migrations/3.sql": new Uint8Array([0xff, 0xfe, 0x41, 0]),
};

const on = (threads: number, more: Readonly<Record<string, string>> = {}) => ({
  env: { LOCKWISE_THREADS: String(threads), LOCKWISE_NO_CACHE: "1", ...more },
});

/**
 * Runs code first in each worker, as a user's own --require does. The main thread lets workers go first: or else it may
 * have done all before they begin.
 */
function inWorkers(folder: string, code: string): Readonly<Record<string, string>> {
  const path = join(folder, "first.cjs");
  const wait = `let add = Atomics.add;
    Atomics.add = (...given) => {
      Atomics.add = add;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
      return add(...given);
    };`;
  const lines = [`if (threads.isMainThread) { ${wait} }`, `else { ${code} }`];
  writeFileSync(path, `const threads = require("node:worker_threads");\n${lines.join("\n")}\n`);
  return { NODE_OPTIONS: `--require ${path}` };
}

/** Leaves a file behind for each worker that begins. */
const mark = (folder: string) =>
  `require("node:fs").writeFileSync(${JSON.stringify(folder)} + "/worker-" + threads.threadId, "");`;

const workersSeen = (folder: string) => [1, 2].filter((id) => existsIn(folder, `worker-${id}`)).length;

function existsIn(folder: string, name: string): boolean {
  try {
    readFileSync(join(folder, name));
    return true;
  } catch {
    return false;
  }
}

test("on several threads nothing changes: findings, order, complaints, exit status", () => {
  const folder = createFolder(projects);
  const aside = createFolder({});
  const workers = inWorkers(aside, mark(aside));
  for (const format of ["json", "pretty", "sarif"]) {
    const alone = lockwise(folder, [".", "--format", format], on(1, workers));
    expect(workersSeen(aside)).toBe(0);
    expect(alone.status).toBe(2);
    expect(alone.stderr).toContain("plain/migrations/3.sql: is UTF-16");
    expect(alone.stdout).toContain("index-without-concurrently");
    expect(lockwise(folder, [".", "--format", format], on(3))).toEqual(alone);
  }
  const together = lockwise(folder, ["goose", "--format", "json"], on(3));
  expect(together.status).toBe(1);
  lockwise(folder, ["."], on(3, workers));
  expect(workersSeen(aside)).toBe(2);
});

test("fixes are the same, as a diff and on the disk", () => {
  const one = createFolder(projects);
  const many = createFolder(projects);
  const diff = lockwise(one, [".", "--fix-dry-run"], on(1));
  expect(diff.stdout).toContain("+SET LOCAL lock_timeout = '5s';");
  expect(lockwise(many, [".", "--fix-dry-run"], on(3))).toEqual(diff);
  expect(lockwise(many, [".", "--fix"], on(3))).toEqual(lockwise(one, [".", "--fix"], on(1)));
  for (const path of Object.keys(projects)) {
    expect(readFileSync(join(many, path)), path).toEqual(readFileSync(join(one, path)));
  }
});

test.each([
  ["never begins", "process.exit(3);"],
  ["throws", "setTimeout(() => { throw new Error('no'); }, 0);"],
  ["cannot send what it has", "threads.parentPort.postMessage = () => { throw new Error('no'); };"],
  [
    "sends one outcome and dies",
    "const send = threads.parentPort.postMessage.bind(threads.parentPort); threads.parentPort.postMessage = (value) => { send(value); process.exit(); };",
  ],
  ["runs out of memory", "const all = []; for (;;) all.push(new Array(100_000).fill(all.length));"],
])("a worker that %s loses nothing", (_, code) => {
  const folder = createFolder(projects);
  const aside = createFolder({});
  const alone = lockwise(folder, [".", "--format", "json"], on(1));
  const limit = code.startsWith("const all") ? " --max-old-space-size=100" : "";
  const { NODE_OPTIONS } = inWorkers(aside, code);
  const outcome = lockwise(
    folder,
    [".", "--format", "json"],
    on(3, { NODE_OPTIONS: `${NODE_OPTIONS}${limit}` }),
  );
  expect(outcome).toEqual(alone);
});

test("rules of one's own are asked", () => {
  const rule = `exports.rule = { id: "own", severity: "error", category: "style", summary: "s", why: "w", instead: "i",
    references: [], on: ["create index"], *check(index) { yield { at: index.span, message: "own words" }; } };\n`;
  const folder = createFolder({
    ...projects,
    "own.cjs": rule,
    "lockwise.config.json": '{ "plugins": ["./own.cjs"] }\n',
  });
  const count = ({ stdout }: Outcome) => stdout.split("own words").length;
  const alone = lockwise(folder, [".", "--format", "compact"], on(1));
  expect(count(alone)).toBeGreaterThan(3);
  expect(lockwise(folder, [".", "--format", "compact"], on(3))).toEqual(alone);
});

test("a run that cannot be met ends the command as on one thread", () => {
  const folder = createFolder(projects);
  const jitless = { NODE_OPTIONS: "--jitless" };
  const ask = (threads: number) => lockwise(folder, [".", "--parser", "postgres"], on(threads, jitless));
  expect(ask(1).stderr).toContain("the postgres parser needs WebAssembly");
  expect(ask(3).stderr).toContain("the postgres parser needs WebAssembly");
  expect(ask(3).status).toBe(2);
});

test("the time limit of a file holds", () => {
  const folder = createFolder({ ...projects, "lockwise.config.json": '{ "timeLimit": 1 }\n' });
  // For each look at the clock a second passes.
  const clock = "const now = Date.now; let k = 0; Date.now = () => now() + 1001 * k++;";
  const path = join(createFolder({ "clock.cjs": clock }), "clock.cjs");
  const ask = (threads: number) =>
    lockwise(folder, [".", "--verbose"], on(threads, { NODE_OPTIONS: `--require ${path}` }));
  const alone = ask(1);
  expect(alone.stderr.split("the time limit of 1 s for a file was reached").length).toBeGreaterThan(3);
  expect(ask(3)).toEqual(alone);
});

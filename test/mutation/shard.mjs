import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./settings.mjs";

/** A mutant that a test stays at for so long never ends. */
const PATIENCE_MS = 20_000;

/**
 * Tries mutants in a process of their own. It is started anew, behind the test it was at, where a mutant keeps it from ending.
 * Resolves to what it found: `{ covered: Set, atLoad: Set, noticed: Map<id, by>, broken: string[] }`.
 */
export async function runShard(folder, shard, ids, database) {
  writeFileSync(join(folder, `log-${shard}.jsonl`), "");
  const found = await runTests(folder, shard, ids, false);
  return database ? runTests(folder, shard, ids, true) : found;
}

async function runTests(folder, shard, ids, database) {
  const log = join(folder, `log-${shard}.jsonl`);
  for (;;) {
    const found = readLog(log);
    const alive = ids.filter((id) => !found.noticed.has(id));
    writeFileSync(join(folder, `alive-${shard}.json`), JSON.stringify(alive));
    writeFileSync(join(folder, `done-${shard}.json`), JSON.stringify([...found.done]));
    const stuck = await runOnce(folder, shard, database);
    if (stuck === null) return readLog(log);
    if (stuck.id === "anew") continue;
    const by = stuck.isOver ? "the process ended" : "it never ends";
    writeFileSync(log, `${JSON.stringify({ noticed: stuck.id, by })}\n`, { flag: "a" });
  }
}

/**
 * Resolves to the mutant at which the process hung or died (`anew`: it wants to be started again), `null` where it got to
 * the end.
 */
function runOnce(folder, shard, database) {
  const current = join(folder, `current-${shard}`);
  writeFileSync(current, "");
  const config = join(import.meta.dirname, "vitest.config.mjs");
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--config", config], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      // No snapshot is written.
      CI: "1",
      NODE_NO_WARNINGS: "1",
      MUTATION_FOLDER: folder,
      MUTATION_SHARD: String(shard),
      MUTATION_DATABASE: database ? "1" : "0",
    },
  });
  const at = () => readFileSync(current, "utf8").trim();
  return new Promise((resolve) => {
    let last = "";
    let since = Date.now();
    let hung = null;
    const watch = setInterval(() => {
      const { size } = statSync(join(folder, `log-${shard}.jsonl`));
      const now = `${at()} ${size}`;
      if (now !== last || at() === "") {
        last = now;
        since = Date.now();
      } else if (Date.now() - since > PATIENCE_MS) {
        hung = { id: at(), isOver: false };
        process.kill(-child.pid, "SIGKILL");
      }
    }, 500);
    child.on("exit", () => {
      clearInterval(watch);
      const id = at();
      resolve(hung ?? (id === "" ? null : { id, isOver: true }));
    });
  });
}

function readLog(path) {
  const found = { covered: new Set(), atLoad: new Set(), noticed: new Map(), broken: [], done: new Set() };
  for (const line of readFileSync(path, "utf8").split("\n").filter(Boolean)) {
    const told = JSON.parse(line);
    for (const id of told.covered ?? []) found.covered.add(id);
    for (const id of told.atLoad ?? []) found.atLoad.add(id);
    if (told.noticed !== undefined) found.noticed.set(told.noticed, told.by);
    if (told.done !== undefined) found.done.add(told.done);
    if (told.broken !== undefined) found.broken.push(told.broken);
  }
  return found;
}

// One run of the fuzzer, in a thread of its own: the main thread watches that it goes on.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { loadTypeScript } from "../../scripts/load-typescript.mjs";
import { readSeeds } from "./seeds.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const { seed, seconds, from, runs, only, folders, progress } = workerData;
const { createRandom, mutate, targets } = await loadTypeScript(`${import.meta.dirname}/index.ts`);
const seeds = readSeeds(folders);
const chosen = targets.filter(({ name }) => only === null || name === only);
const wheel = chosen.flatMap((target) => Array(only === null ? target.share : 1).fill(target));

/** An input may take this much of the processor, and this much more for each character, in milliseconds. */
const allowed = 5000;
const allowedForEach = 0.4;

const counts = Object.fromEntries(chosen.map(({ name }) => [name, 0]));
const defects = new Map();
const started = performance.now();
let run = from;
let heap = null;

// Each input has a seed of its own, so that any of them can be had again.
for (; run < from + runs && performance.now() - started < seconds * 1000; run++) {
  Atomics.store(progress, 0, run);
  const random = createRandom(Math.imul(seed, 0x9e3779b1) + run);
  const text = mutate(seeds, random);
  const target = random.pick(wheel);
  const begun = process.cpuUsage();
  try {
    const checked = target.check(text, random);
    if (checked !== undefined) await checked;
  } catch (error) {
    note(target, text, error);
  }
  const { user, system } = process.cpuUsage(begun);
  const taken = (user + system) / 1000;
  if (taken > allowed + text.length * allowedForEach)
    note(target, text, new Error(`took ${Math.round(taken)} ms`));
  counts[target.name]++;
  if (run % 50_000 === 10_000) watchMemory();
}
parentPort.postMessage({
  kind: "end",
  run: run - from,
  counts,
  seconds: (performance.now() - started) / 1000,
  heap,
});

function note(target, text, error) {
  const words = String(error?.stack ?? error);
  const place = words.split("\n").find((line) => /^\s+at (?!hold)/.test(line)) ?? "";
  const key = `${target.name}: ${words.split("\n")[0].slice(0, 80).replaceAll(/\d+/g, "0")} ${place.replaceAll(/.*module\.mjs/g, "")}`;
  const known = defects.get(key);
  defects.set(key, (known ?? 0) + 1);
  if (known === undefined) parentPort.postMessage({ kind: "defect", target: target.name, run, text, words });
}

/** What stays after all that can go is gone must not grow with the number of runs. */
function watchMemory() {
  collect();
  const used = process.memoryUsage().heapUsed;
  heap ??= { first: used, last: used };
  heap.last = used;
  if (used > heap.first + 300e6) {
    throw new Error(`memory grew from ${heap.first} to ${used} bytes`);
  }
}

// npm run fuzz -- --seconds 60 --seed 1 [--from run] [--runs n] [--target name] [--seeds folder]... [--out folder]
// Mutated SQL against every part that reads it. The same seed gives the same inputs in the same order.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const { values } = parseArgs({
  options: {
    seconds: { type: "string" },
    from: { type: "string", default: "0" },
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
    target: { type: "string" },
    seeds: { type: "string", multiple: true, default: [] },
    out: { type: "string" },
  },
});

/** An input that takes longer hangs. */
const patience = 120_000;

const progress = new Int32Array(new SharedArrayBuffer(4));
const worker = new Worker(join(import.meta.dirname, "worker.mjs"), {
  workerData: {
    seed: Number(values.seed),
    seconds: Number(values.seconds ?? (values.runs === undefined ? 60 : "Infinity")),
    from: Number(values.from),
    runs: Number(values.runs ?? "Infinity"),
    only: values.target ?? null,
    folders: values.seeds,
    progress,
  },
});

let defects = 0;
let last = { run: -1, at: Date.now() };
const watch = setInterval(() => {
  const run = Atomics.load(progress, 0);
  if (run !== last.run) last = { run, at: Date.now() };
  else if (Date.now() - last.at > patience) end(`run ${run} of seed ${values.seed} hangs`);
}, 5000);

worker.on("message", (message) => {
  if (message.kind === "defect") tell(message);
  else summarise(message);
});
worker.on("error", (error) => end(String(error?.stack ?? error)));
process.once("SIGINT", () =>
  end(`${Atomics.load(progress, 0) - Number(values.from)} runs, ${defects} different defects`),
);

function tell({ target, run, text, words }) {
  defects++;
  console.log(`\n${target}, run ${run}: ${words}\n  ${JSON.stringify(text.slice(0, 600))}`);
  if (values.out === undefined) return;
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, `${values.seed}-${run}.json`), JSON.stringify({ target, run, words, text }));
}

function summarise({ run, counts, seconds, heap }) {
  clearInterval(watch);
  for (const [name, count] of Object.entries(counts)) console.log(`${String(count).padStart(10)}  ${name}`);
  console.log(`${String(run).padStart(10)}  in ${Math.round(seconds)} s, ${defects} different defects`);
  if (heap !== null)
    console.log(`heap ${megabytes(heap.first)} after the first runs, ${megabytes(heap.last)} at the end`);
  process.exitCode = defects > 0 ? 1 : 0;
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

function end(words) {
  console.log(words);
  process.exit(1);
}

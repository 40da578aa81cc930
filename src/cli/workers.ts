import type { Worker } from "node:worker_threads";
import type { ProjectOptions, ResultStore } from "./result-store.ts";
import { noteLength } from "./run-length.ts";
import type { Run } from "./runs.ts";
import { type Settled, settleRun } from "./settle.ts";
import { countThreads, weighRun } from "./threads.ts";
import { type PackedOutcome, packTask, type TaskSettings, takeNext, unpackOutcome } from "./worker-task.ts";

/** The first file of a worker, which the build put beside the executable; without a build there are no workers. */
declare const __LOCKWISE_WORKER__: string | undefined;

/** In megabytes, a quarter of what V8 would take: a tenth of the process's memory is saved, and no time lost. */
const youngGeneration = 12;

/** Runs to settle, and what for. */
interface Work {
  readonly runs: readonly Run[];
  readonly options: ProjectOptions;
  /** The same for workers; null where they could not do the same: rules of the user's own are with us alone. */
  readonly settings: TaskSettings | null;
  readonly isFixing: boolean;
  /** Null where nothing is kept. */
  readonly results: ResultStore | null;
}

/**
 * Settles all runs, on several threads where that is worth it, and resolves to the outcomes in the order of the runs. They
 * are the same on one thread and on many. Rejects where a run does on the main thread.
 */
export async function settleRuns(work: Work): Promise<readonly Settled[]> {
  const { runs, options, isFixing, results } = work;
  const settled = await settleInWorkers(work);
  const outcomes: Settled[] = [];
  // What a worker took and did not bring, for it ran out of memory or failed, is done here, where errors are told.
  for (const [index, run] of runs.entries())
    outcomes.push(settled.get(index) ?? (await settleRun(run, options, isFixing, results)));
  results?.tidy();
  return outcomes;
}

/** Outcomes by the number of the run; those of a worker that failed are missing. Empty where workers are not worth it. */
async function settleInWorkers({
  runs,
  options,
  settings,
  isFixing,
  results,
}: Work): Promise<Map<number, Settled>> {
  const settled = new Map<number, Settled>();
  if (runs.length < 2 || settings === null || typeof __LOCKWISE_WORKER__ === "undefined") return settled;
  // What is kept of a run is read here sooner than there.
  const weights = runs.map((run) => (results?.has(run) ? 0 : weighRun(run)));
  const threads = countThreads(weights);
  if (threads < 2) return settled;
  // The longest first: begun last, it would keep all others waiting.
  const order = [...runs.keys()]
    .filter((index) => weights[index] !== 0)
    .sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  const task = packTask(runs, order, settings);
  const threading = await import("node:worker_threads");
  const workers = Array.from({ length: threads - 1 }, () => {
    const worker = new threading.Worker(`${import.meta.dirname}/${__LOCKWISE_WORKER__}`, {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    });
    return { worker, outcomes: collectOutcomes(worker) };
  });
  try {
    for (let index = takeNext(task.queue); index !== null; index = takeNext(task.queue)) {
      const run = runs[index];
      if (run !== undefined) settled.set(index, await settleRun(run, options, isFixing, results));
    }
    for (const { outcomes } of workers) {
      for (const outcome of await outcomes) {
        const run = runs[outcome.index];
        if (run === undefined) continue;
        noteLength(run.sources);
        settled.set(outcome.index, unpackOutcome(outcome, run));
      }
    }
    return settled;
  } finally {
    for (const { worker } of workers) void worker.terminate();
  }
}

/** Resolves, when a worker has ended, to what it sent until then. Never rejects. */
function collectOutcomes(worker: Worker): Promise<readonly PackedOutcome[]> {
  const outcomes: PackedOutcome[] = [];
  return new Promise((resolve) => {
    worker.on("message", (outcome: PackedOutcome) => outcomes.push(outcome));
    worker.on("error", (error) => {
      if (process.env.LOCKWISE_DEBUG) process.stderr.write(`${error.stack}\n`);
    });
    worker.on("exit", () => resolve(outcomes));
  });
}

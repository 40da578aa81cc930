import { parentPort, workerData } from "node:worker_threads";
import { openCode } from "./code-cache.ts";
import type { WorkerTask } from "./worker-task.ts";

// The first file of a worker: all else is the executable's own, with what V8 made of it in an earlier run.
const task = workerData as WorkerTask;
const code = openCode(`${import.meta.dirname}/cli.cjs`, task.isCached);
const { serveRuns } = code.run(require) as typeof import("./start.ts");

void serveRuns(task, (outcome) => parentPort?.postMessage(outcome));

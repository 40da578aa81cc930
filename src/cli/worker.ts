import { rules } from "../../rules/index.ts";
import { openHistoryStore } from "./history-store.ts";
import { viewProject } from "./project.ts";
import { openResultStore, type ProjectOptions } from "./result-store.ts";
import { settleRun } from "./settle.ts";
import { type PackedOutcome, packOutcome, takeNext, unpackRun, type WorkerTask } from "./worker-task.ts";

/** What a worker does: settles runs until none is left, and sends each outcome. Whatever goes wrong ends the worker. */
export async function serveRuns(task: WorkerTask, send: (outcome: PackedOutcome) => void): Promise<void> {
  const historyStore = task.isCached ? openHistoryStore(task.base) : null;
  const options: ProjectOptions = {
    ...task.options,
    ...(historyStore && { historyStore }),
    catalogue: rules,
    project: viewProject(task.base, task.paths),
  };
  const results = task.isCached ? openResultStore(task.base, options) : null;
  for (let index = takeNext(task.queue); index !== null; index = takeNext(task.queue)) {
    const run = unpackRun(task, index);
    send(packOutcome(index, run, await settleRun(run, options, task.isFixing, results)));
  }
}

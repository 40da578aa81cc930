import { availableParallelism } from "node:os";
import type { Run } from "./runs.ts";

/**
 * In UTF-16 units of SQL, for each thread: one that begins has to load the program and to compile what it uses, and V8
 * optimises it for each thread anew.
 */
const worthAThread = 500_000;

/** Each has a memory of its own. */
const mostThreads = 4;

/** V8 compiles and collects garbage on threads of its own, which take half as long again as ours: they get a core. */
const coresOfV8 = 1;

/** A history is not judged, and may be known from an earlier run. */
const shareOfHistory = 0.25;

/** How much work a run is, in UTF-16 units of SQL to judge. */
export function weighRun({ sources }: Run): number {
  return sources.reduce(
    (sum, { text, role }) => sum + text.length * (role === "history" ? shareOfHistory : 1),
    0,
  );
}

/** On how many threads runs of these weights are done soonest, the main one counted. LOCKWISE_THREADS says it otherwise. */
export function countThreads(
  weights: readonly number[],
  env: Readonly<Record<string, string | undefined>> = process.env,
  cores: () => number = availableParallelism,
): number {
  const chosen = env.LOCKWISE_THREADS ?? "";
  if (/^[1-9]\d{0,2}$/.test(chosen)) return Math.min(Number(chosen), Math.max(1, weights.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const worth = Math.floor(total / worthAThread);
  if (worth < 2) return 1;
  // The longest run is done by one thread, and what is left by as many as take no longer.
  const longest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const useful = Math.ceil(total / longest);
  return Math.max(1, Math.min(worth, useful, mostThreads, cores() - coresOfV8));
}

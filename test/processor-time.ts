/**
 * Milliseconds of the processor that this process alone spends on something. Unlike the time of a clock it is about the same
 * when other programs keep the machine busy: enough to tell what grows with its size from what hangs, and no more.
 */
export async function processorTimeOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  return process.cpuUsage(before).user / 1000;
}

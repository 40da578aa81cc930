import type { UnitRun } from "./run-state.ts";
import { unheard } from "./visit.ts";

/** The same run while nobody is told of it. */
export function muted<T extends { readonly unitRun: UnitRun }>(run: T): T {
  const { unitRun } = run;
  const followed = { ...unitRun.followed, routines: new Set(unitRun.followed.routines) };
  return { ...run, unitRun: { ...unitRun, followed, visitor: unheard } };
}

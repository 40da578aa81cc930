import { compareWayBack, type Schema, type WayBack } from "../analysis/schema.ts";
import type { UnitFacts } from "./context.ts";
import { type RunState, runUnit } from "./run.ts";
import type { PlannedUnit } from "./units.ts";

/** A migration between its two ends, and what takes it back. */
export interface RoundTrip {
  readonly before: Schema;
  readonly after: Schema;
  readonly back: readonly PlannedUnit[];
}

/** What the down of a unit leaves undone, told by running it behind the unit. Null: it cannot be told. */
export function goBack(run: RunState, facts: UnitFacts, { before, after, back }: RoundTrip): WayBack | null {
  const defaults = new Map(run.defaults);
  const trial: RunState = { ...run, schema: after, defaults, left: undefined, cutShort: new Map() };
  for (const planned of back) {
    const own = { ...facts, path: planned.source.path, emptied: new Set<string>(), asked: new Set<string>() };
    runUnit(trial, { ...planned, role: "history", isBehindGap: false }, own, null);
  }
  return trial.cutShort.size > 0 ? null : compareWayBack(before, after, trial.schema);
}

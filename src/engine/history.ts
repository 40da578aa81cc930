import type { Schema } from "../analysis/schema.ts";
import type { Setting } from "../analysis/session.ts";
import { factsOf } from "./facts.ts";
import type { EngineOptions } from "./options.ts";
import { type RunState, runUnit } from "./run.ts";
import type { PlannedUnit } from "./units.ts";

/** The world behind a history, for whoever lints one file behind the same history again and again: an editor. */
export interface HistoryCache {
  known: KnownHistory | null;
}

interface KnownHistory {
  readonly units: readonly PlannedUnit[];
  readonly settings: string;
  readonly schema: Schema;
  readonly transactionNumber: number;
  readonly defaults: ReadonlyMap<string, Setting>;
}

export function createHistoryCache(): HistoryCache {
  return { known: null };
}

/**
 * Replays the history with which a run begins and returns the number of its units. Where `options.history` knows the
 * same units behind the same settings, the world is taken from there: schemas never change in place.
 */
export function replayHistory(
  units: readonly PlannedUnit[],
  run: RunState,
  options: EngineOptions,
  version: number,
): number {
  const firstJudged = units.findIndex(({ role }) => role !== "history");
  const count = firstJudged === -1 ? units.length : firstJudged;
  const { history: cache, session, maxLockTimeout, tables } = options;
  const settings = cache && JSON.stringify([version, run.parser.name, session, maxLockTimeout, tables]);
  const known = cache?.known;
  if (known && known.settings === settings && isSameHistory(known.units, units, count)) {
    run.schema = known.schema;
    run.transactionNumber = known.transactionNumber;
    for (const name of [...run.defaults.keys()]) run.defaults.delete(name);
    for (const [name, setting] of known.defaults) run.defaults.set(name, setting);
    return count;
  }
  const past = units.slice(0, count);
  past.forEach((planned, unit) => {
    runUnit(run, planned, factsOf(planned, unit, options, version), null);
  });
  if (cache && settings !== undefined) {
    const { schema, transactionNumber } = run;
    cache.known = { units: past, settings, schema, transactionNumber, defaults: new Map(run.defaults) };
  }
  return count;
}

function isSameHistory(known: readonly PlannedUnit[], units: readonly PlannedUnit[], count: number): boolean {
  if (known.length !== count) return false;
  return known.every((before, k) => {
    const now = units[k];
    return (
      now !== undefined &&
      before.source.path === now.source.path &&
      before.text === now.text &&
      before.source.text === now.source.text &&
      before.unit.start === now.unit.start &&
      before.unit.end === now.unit.end &&
      before.unit.transaction === now.unit.transaction &&
      before.runner.title === now.runner.title
    );
  });
}

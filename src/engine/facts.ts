import { parseDuration } from "../analysis/session.ts";
import type { UnitFacts } from "./context.ts";
import type { EngineOptions } from "./options.ts";
import type { PlannedUnit } from "./units.ts";

/** What contexts are told of a unit; `unit` is its place in the run, from 0. */
export function factsOf(
  planned: PlannedUnit,
  unit: number,
  options: EngineOptions,
  version: number,
): UnitFacts {
  const isOfRelease = planned.role === "judge" && !planned.hasRun;
  return {
    path: planned.source.path,
    version,
    runner: planned.runner,
    unit,
    span: planned.unit,
    release: isOfRelease && options.release === "run" ? -1 : unit,
    maxLockTimeout: parseDuration(options.maxLockTimeout ?? "5s") ?? 5,
    tables: options.tables ?? {},
    down: planned.down,
    isBeginning: planned.isBeginning,
    isRepeatable: planned.unit.direction === "repeatable",
    emptied: new Set(),
    asked: new Set<string>(),
  };
}

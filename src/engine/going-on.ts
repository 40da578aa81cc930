import { type Schema, withGap, withoutGone } from "../analysis/schema.ts";
import { leftBehind, type Setting, type Settings } from "../analysis/session.ts";
import { openWorld, type World } from "../analysis/world.ts";
import { quoteName } from "../sql/names.ts";
import type { Left, RunState } from "./run-state.ts";
import type { PlannedUnit } from "./units.ts";

/**
 * The world in which a unit begins. Files that are deployed together begin where the file before left the connection, if
 * their runner keeps it: in its transaction where all pending files share one, else with what it has SET for the session.
 */
export function beginUnit(run: RunState, planned: PlannedUnit, release: number): World {
  const { unit } = planned;
  const { left } = run;
  if (planned.isBehindGap) run.schema = withGap(run.schema);
  const before = left !== undefined && isSameRun(left, planned, release) ? left : null;
  if (before !== null && sharesTransaction(before.planned) && sharesTransaction(planned))
    return goOn(before, run.schema);
  const base = unit.transaction === "file" || unit.transaction === "run" ? "runner" : "autocommit";
  const settings = unit.goesOn
    ? left && leftBehind(left.world.session)
    : before && settingsLeft(before, unit);
  const defaults = withSearchPath(run.defaults, planned.runner.searchPath);
  const world = openWorld(
    planned.isOrdered ? run.schema : withoutGone(run.schema),
    base,
    run.transactionNumber,
    defaults,
    settings ?? undefined,
  );
  if (base !== "runner" || !isOneMessage(planned)) return world;
  return { ...world, session: { ...world.session, base: "implicit" } };
}

/** Whether the unit is sent as one message: what is left of it behind a COMMIT of its own is an implicit transaction. */
function isOneMessage({ unit, runner }: PlannedUnit): boolean {
  return runner.leaving.alone && unit.breaks.length === 0;
}

/** The settings that a fresh connection begins with, where the runner says where names are looked up. */
function withSearchPath(
  defaults: ReadonlyMap<string, Setting>,
  path: readonly string[] | null,
): ReadonlyMap<string, Setting> {
  if (path === null) return defaults;
  const value = path.map(quoteName).join(", ");
  return new Map(defaults).set("search_path", { value, scope: "configured", at: null });
}

function isSameRun({ planned, release }: Left, next: PlannedUnit, itsRelease: number): boolean {
  return release === itsRelease && planned.runner.title === next.runner.title && next.keepsSession;
}

function sharesTransaction({ unit }: PlannedUnit): boolean {
  return unit.transaction === "run";
}

/** The same transaction, if nobody has ended it. What stands between two files of a release was deployed long before. */
function goOn({ world }: Left, schema: Schema): World {
  const { session } = world;
  const rolledBack = world.schema === schema ? world.rolledBack : schema;
  const settings = withoutPlaces(session.settings);
  return { ...world, schema, rolledBack, session: { ...session, settings, begunAt: null } };
}

function settingsLeft({ world, planned }: Left, { path }: PlannedUnit["unit"]): Settings {
  const settings = leftBehind(world.session);
  return planned.unit.path === path ? settings : withoutPlaces(settings);
}

/** Where a setting was made says nothing in another file. */
function withoutPlaces(settings: Settings): Settings {
  return new Map([...settings].map(([name, setting]) => [name, { ...setting, at: null }]));
}

import { blocksWrites, strongest } from "../../model/locks.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isAbsent } from "../effect.ts";
import type { UserFunction } from "../entities.ts";
import { withSearchPath } from "../schema.ts";
import { parseSearchPath } from "../session.ts";
import { type EffectsWorld, type Ledger, openLedger } from "./ledger.ts";

/** What changes and reads rows: the server plans it, and looks at it closely where a routine is made. */
export const ofRows: ReadonlySet<Statement["kind"]> = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "merge",
] as const);

/** Of one statement only so many routines are followed: each may run others, and fire triggers that do. */
const mostRoutines = 32;

/**
 * Adds what a routine of the history does with rows to the statement that runs it, or fires the trigger of that name. `isSure`: the
 * server is sure to call it, so that the statement fails with it. False where nobody can read its body.
 */
export function runRoutine(ledger: Ledger, routine: UserFunction, trigger?: string, isSure = false): boolean {
  const { world } = ledger;
  if (world.readRoutine === undefined || routine.body === null) return false;
  if (ledger.ran.has(routine.id)) return true;
  const by = trigger === undefined ? `${quoteName(routine.name)}()` : `the trigger ${trigger}`;
  const unread = { on: `what ${by} does` };
  if (ledger.ran.size >= mostRoutines) {
    ledger.unread ??= unread;
    return true;
  }
  ledger.ran.add(routine.id);
  const { statements, variables, isWhole } = world.readRoutine(routine);
  const inside = worldOf(routine, world);
  // What a routine that is called runs besides is told where it is called.
  if (routine.isTrigger && !isWhole) ledger.unread ??= unread;
  for (const { statement, text, mayBeSkipped } of statements) {
    // What else a routine does, whoever calls it shows by itself; nobody calls a trigger's.
    if (!routine.isTrigger && !ofRows.has(statement.kind)) continue;
    const run: Ledger = {
      ...openLedger({ ...inside, text, isInBody: true, parameters: variables }, ledger.collect),
      ran: ledger.ran,
    };
    ledger.collect(run, statement);
    ledger.unread ??= run.unread;
    for (const taken of run.locks.values()) {
      // A trigger is handed rows under names that are no relations.
      if (routine.isTrigger && taken.id === null) continue;
      // Nobody is told to wait for what may not happen, nor that nothing does.
      if (mayBeSkipped && blocksWrites(taken.mode)) {
        ledger.unread ??= unread;
        continue;
      }
      const held = ledger.locks.get(taken.relation);
      if (held !== undefined && strongest(held.mode, taken.mode) === held.mode) continue;
      const { because: inner, ...lock } = taken;
      // Of triggers that fire one another the last one takes it.
      const taker = lock.trigger ?? trigger;
      const own = taker === undefined ? inner : `changed by the trigger ${taker}`;
      const because = held === undefined ? own : held.because;
      ledger.locks.set(taken.relation, {
        ...lock,
        ...(because !== undefined && { because }),
        ...(taker !== undefined && { trigger: taker }),
      });
    }
    if (!mayBeSkipped)
      for (const name of run.scans) if (!routine.isTrigger || ledger.locks.has(name)) ledger.scans.add(name);
    if (isSure && !mayBeSkipped && isAbsent(run.fails)) ledger.fails ??= run.fails;
  }
  return true;
}

/** What a routine finds: along a path of its own if it has one. */
function worldOf({ settings }: UserFunction, world: EffectsWorld): EffectsWorld {
  const path = settings?.find(({ name }) => name === "search_path")?.value ?? null;
  if (path === null) return world;
  const searchPath = parseSearchPath(path);
  return { ...world, searchPath, schema: withSearchPath(world.schema, searchPath) };
}

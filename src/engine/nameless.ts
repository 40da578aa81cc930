import type { World } from "../analysis/world.ts";
import { isStandIn } from "../model/stand-in.ts";
import type { Statement } from "../model/statement.ts";
import { createContext } from "./context.ts";
import type { Place } from "./place.ts";
import type { UnitRun } from "./run-state.ts";

/**
 * Judges a statement of which it is known what it locks, whatever else of it only the run tells; what it leaves behind has names
 * that nobody knows. False where it is not known.
 */
export function judgeNameless(
  unitRun: UnitRun,
  world: World,
  statement: Statement | null,
  place: Place,
): boolean {
  const { facts, visitor } = unitRun;
  if (statement === null) return false;
  const context = createContext(statement, world, facts, place);
  const { locks } = context.effects;
  if (locks.length === 0 || locks.some(({ relation }) => isStandIn(relation))) return false;
  visitor?.statement({ statement, world, context, facts, place });
  return true;
}

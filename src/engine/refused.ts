import { type Effects, isOfNames } from "../analysis/effect.ts";
import { mayCatch } from "../analysis/facts/conditions.ts";
import type { World } from "../analysis/world.ts";
import type { Place } from "./place.ts";

/**
 * What the server is sure to refuse holds no locks after it. A newer server than the target may take it, and what is missing, or
 * there already, as far as the history tells, may be otherwise on the server.
 */
export function isRefused({ fails, uncertain }: Effects): boolean {
  if (fails === null || uncertain !== null || fails.lacks !== undefined) return false;
  return !isOfNames(fails);
}

/** Notes with the block whose handler waits for it that a statement at this place is refused. */
export function noteRefused({ guard, mayBeSkipped }: Place, sqlstate: string, isSure: boolean): void {
  if (!isSure) return;
  let one = guard;
  while (one !== null && !one.conditions.some((condition) => mayCatch(condition, sqlstate))) one = one.around;
  if (one !== null && one.mayBeSkipped === mayBeSkipped) one.isRefused = true;
}

/** The world behind a statement that was refused: the session goes on, what it would have made or dropped is as before. */
export function leaveRefused({ schema, rolledBack, session }: World, next: World): World {
  return { ...next, schema, rolledBack: session.transaction === "autocommit" ? schema : rolledBack };
}

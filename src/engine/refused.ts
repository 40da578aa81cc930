import { type Effects, isOfNames } from "../analysis/effect.ts";
import type { World } from "../analysis/world.ts";

/**
 * What the server is sure to refuse holds no locks after it. A newer server than the target may take it, and what is missing, or
 * there already, as far as the history tells, may be otherwise on the server.
 */
export function isRefused({ fails, uncertain }: Effects): boolean {
  if (fails === null || uncertain !== null || fails.lacks !== undefined) return false;
  return !isOfNames(fails);
}

/** The world behind a statement that was refused: the session goes on, what it would have made or dropped is as before. */
export function leaveRefused({ schema, rolledBack, session }: World, next: World): World {
  return { ...next, schema, rolledBack: session.transaction === "autocommit" ? schema : rolledBack };
}

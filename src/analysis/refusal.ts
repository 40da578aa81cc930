import type { Effects, Failure } from "./effect.ts";

/**
 * What rules of their own tell, or what may be there without the history: syntax of a newer server, statements refused in a
 * transaction, objects that are missing or there already.
 */
const toldElsewhere = ["25001", "42703", "42P01", "42P07", "42701", "42704", "42710", "42883"];

/** The refusal that impossible-statement tells; what the history itself has dropped or renamed is among it. */
export function refusalToTell({ fails }: Effects): Failure | null {
  if (fails === null || fails.lacks !== undefined || fails.rule !== undefined) return null;
  const isTold = fails.isGone === true || fails.isEvident === true || fails.isSeen === true;
  return toldElsewhere.includes(fails.sqlstate) && !isTold ? null : fails;
}

/** Whether the statement surely comes to nothing: nobody waits for it, and what would be printed instead is refused too. */
export function comesToNothing(effects: Effects): boolean {
  if (effects.uncertain !== null) return false;
  return effects.fails?.rule !== undefined || refusalToTell(effects) !== null;
}

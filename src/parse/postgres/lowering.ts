/** Deeper trees than this are given up: whoever walks the model later has a stack as well. */
const MAX_DEPTH = 1500;

/** The state of the lowering of one statement. */
export interface Lowering {
  depth: number;
}

/** Thrown, and caught by the adapter, where a tree is deeper than anybody may have meant. */
export class TooDeep extends Error {}

/** The lowering of one statement, at its top. */
export function createLowering(): Lowering {
  return { depth: 0 };
}

/** Runs one step of a recursion, counting how deep it is. */
export function descend<Result>(lowering: Lowering, lower: () => Result): Result {
  if (++lowering.depth > MAX_DEPTH) throw new TooDeep("nested too deeply");
  const result = lower();
  lowering.depth--;
  return result;
}

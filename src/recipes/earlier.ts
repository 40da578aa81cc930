import type { Statement } from "../model/statement.ts";

/**
 * Something that is gathered from the statements of a unit so far. A rule that asks for it at each of them would begin
 * anew each time; this goes on where it stopped.
 */
export function gatherEarlier<Gathered>(
  make: () => Gathered,
  add: (gathered: Gathered, statement: Statement, position: number) => void,
): (earlier: readonly Statement[]) => Gathered {
  const units = new WeakMap<readonly Statement[], { count: number; readonly gathered: Gathered }>();
  return (earlier) => {
    const known = units.get(earlier) ?? { count: 0, gathered: make() };
    units.set(earlier, known);
    for (; known.count < earlier.length; known.count++) {
      const statement = earlier[known.count];
      if (statement !== undefined) add(known.gathered, statement, known.count);
    }
    return known.gathered;
  };
}

import { Session } from "node:inspector/promises";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";

/**
 * How often any piece of our own code runs while a text is linted: a number that no other program on the machine changes. What
 * the engine below does by itself, such as copying a list, is not in it.
 */
export async function createCounter(): Promise<{
  readonly count: (text: string) => Promise<number>;
  readonly countOf: (run: () => Promise<unknown>) => Promise<number>;
  readonly end: () => void;
}> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const taken = async () => {
    const { result } = await session.post("Profiler.takePreciseCoverage");
    return result
      .filter(({ url }) => /\/(?:src|rules)\//.test(url) && !url.includes("node_modules"))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  };
  const countOf = async (run: () => Promise<unknown>) => {
    await taken();
    await run();
    return taken();
  };
  return {
    count: (text) => countOf(() => lintSources([{ path: "a.sql", text }], { catalogue: rules })),
    countOf,
    end: () => session.disconnect(),
  };
}

/** How much more work the second half of a text is than the first, both made of as many pieces: 2 where it grows with its size. */
export async function growthOf(
  count: (text: string) => Promise<number>,
  make: (pieces: number) => string,
  pieces: number,
): Promise<number> {
  await count(make(7));
  const [one, two, four] = [
    await count(make(pieces)),
    await count(make(2 * pieces)),
    await count(make(4 * pieces)),
  ];
  return (four - two) / (two - one);
}

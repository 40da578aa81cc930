/** For each integer type the first number that is too large for it; its smallest is that with a minus. */
export const integerEnds: ReadonlyMap<string, bigint> = new Map([
  ["int2", 2n ** 15n],
  ["int4", 2n ** 31n],
  ["int8", 2n ** 63n],
]);

/** Whether an integer type holds the number. */
export function holds(type: string, value: bigint): boolean {
  const end = integerEnds.get(type);
  return end === undefined || (value < end && value >= -end);
}

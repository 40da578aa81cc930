import { getHeapStatistics, setFlagsFromString } from "node:v8";

/** From here on, in UTF-16 units of SQL, what a run remembers is more than what V8 itself takes. */
const large = 16_000_000;

/** In percent of what is in use. It costs a large run nothing that can be measured, and spares it a third of the memory. */
const growth = 25;

/**
 * V8 lets the heap grow to several times what is in use before it looks for garbage. Of a large run it shall look sooner. The
 * flag is read at each collection, so that it takes effect at once.
 */
export function boundHeap(length: number): void {
  if (length > large) setFlagsFromString(`--heap-growing-percent=${growth}`);
}

/** Of the memory that V8 lets this thread have: what is left is for what comes behind the last statement, the report above all. */
const share = 0.7;

/** Whether there is memory left to read on. V8 ends the process where there is none, and nothing would be told. */
export function hasRoom(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used < limit * share;
}

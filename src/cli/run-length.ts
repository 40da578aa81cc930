import type { Source } from "../engine/options.ts";

let length = 0;

/** Notes what a run of the linter reads. */
export function noteLength(sources: readonly Source[]): void {
  for (const { text } of sources) length += text.length;
}

/** How much SQL this process has linted, in UTF-16 units: by that one can tell how much of the program it needed. */
export function lengthOfRun(): number {
  return length;
}

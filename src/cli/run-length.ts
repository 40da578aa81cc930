import type { Source } from "../engine/options.ts";

let length = 0;
let onLength: (length: number) => void = () => {};

/** Notes what a run of the linter reads. */
export function noteLength(sources: readonly Source[]): void {
  for (const { text } of sources) length += text.length;
  onLength(length);
}

/** `hook` is called with the length so far whenever more is read. */
export function watchLength(hook: (length: number) => void): void {
  onLength = hook;
}

/** How much SQL this process has linted, in UTF-16 units: by that one can tell how much of the program it needed. */
export function lengthOfRun(): number {
  return length;
}

import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

/** Both are on by default, from V8 11 to 14 at least. */
const flags = ["wasm-tier-up", "wasm-dynamic-tiering"];

/** Code that was compiled under the flags that the process began with. */
let before: Buffer | null = null;

/**
 * V8 optimises the parser's WebAssembly in the background, and the end of the process waits for it: two functions of the
 * grammar take seconds, and half a gigabyte of memory on V8 13. Thousands of files do not earn that back. This has to
 * happen before the parser is loaded, and only where the process is ours.
 */
export function forgoTierUp(): void {
  before ??= new Script("0").createCachedData();
  for (const flag of flags) setFlagsFromString(`--no-${flag}`);
}

/** Whether the parser was loaded. */
export function hasForgoneTierUp(): boolean {
  return before !== null;
}

/** V8 takes kept code only under the flags that it was made under: puts them back. Whether they are what they were. */
export function restoreFlags(): boolean {
  if (before === null) return true;
  for (const flag of flags) setFlagsFromString(`--${flag}`);
  // Of another text: V8 would remember this one and not look at its code again. Of a text it checks the length alone.
  return new Script("1", { cachedData: before }).cachedDataRejected === false;
}

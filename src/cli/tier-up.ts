import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const budget = "--wasm-tiering-budget=";

/** What the budget is where nobody sets it: V8 11, and V8 12 to 14. It does not tell. */
const defaults = [1_800_000, 13_000_000];

/** Code that was compiled under the flags that the process began with. */
let before: Buffer | null = null;

/**
 * V8 optimises the parser's WebAssembly in the background, and the end of the process waits for it: a short run is over
 * sooner without. This has to happen before the parser is loaded, and only where the process is ours.
 */
export function forgoTierUp(): void {
  before ??= new Script("0").createCachedData();
  setFlagsFromString(`${budget}2147483647`);
}

/** Whether the parser was loaded. */
export function hasForgoneTierUp(): boolean {
  return before !== null;
}

/** V8 takes kept code only under the flags that it was made under: puts them back. Whether they are what they were. */
export function restoreFlags(): boolean {
  if (before === null) return true;
  const cachedData = before;
  return defaults.some((value) => {
    setFlagsFromString(`${budget}${value}`);
    // Of another text: V8 would remember this one and not look at its code again. Of a text it checks the length alone.
    return new Script(String(defaults.indexOf(value) + 1), { cachedData }).cachedDataRejected === false;
  });
}

import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

/** Both are on by default, from V8 11 to 14 at least. */
const grammarFlags = ["wasm-tier-up", "wasm-dynamic-tiering"];

/**
 * How long V8 watches a function before it optimises it, with the number that it begins with: in V8 11.3, of Node 20, bytes
 * of code that ran, in V8 12 to 14 calls. Of another one nothing is known, and it would complain of a flag that it lacks.
 */
const patience = findPatience(Number.parseFloat(process.versions.v8));
/** So many times as long. */
const patient = 8;

/** In UTF-16 units of SQL: in a shorter run V8 optimises little. */
const longRun = 60_000;
/** In a longer one it pays to optimise. */
const longestRun = 2_000_000;

/** Code that was compiled under the flags that the process began with; null where they are what they were. */
let before: Buffer | null = null;
let hasGrammar = false;
let isPatient = false;

function findPatience(v8: number): { readonly flag: string; readonly usual: number } | null {
  if (v8 === 11.3) return { flag: "interrupt-budget", usual: 67_584 };
  return v8 >= 12 && v8 < 15 ? { flag: "invocation-count-for-turbofan", usual: 3_000 } : null;
}

function setFlags(flags: readonly string[]): void {
  before ??= new Script("0").createCachedData();
  for (const flag of flags) setFlagsFromString(`--${flag}`);
}

/**
 * V8 optimises the parser's WebAssembly in the background, and the end of the process waits for it: two functions of the
 * grammar take seconds, and half a gigabyte of memory on V8 13. Thousands of files do not earn that back. This has to
 * happen before the parser is loaded, and only where the process is ours.
 */
export function forgoTierUp(): void {
  hasGrammar = true;
  setFlags(grammarFlags.map((flag) => `no-${flag}`));
}

/**
 * V8 takes a third of the processor time of some thousand statements to optimise functions that have little left to do. What
 * takes longer waits less if it optimises at once, on another core. The flag is read whenever V8 looks at a function, so that
 * it takes effect at once.
 */
export function optimiseLater(length: number): void {
  const isMiddling = length >= longRun && length < longestRun;
  if (isMiddling === isPatient || patience === null) return;
  isPatient = isMiddling;
  setFlags([`${patience.flag}=${patience.usual * (isPatient ? patient : 1)}`]);
}

/** Whether the parser was loaded. */
export function hasForgoneTierUp(): boolean {
  return hasGrammar;
}

/** V8 takes kept code only under the flags that it was made under: puts them back. Whether they are what they were. */
export function restoreFlags(): boolean {
  if (before === null) return true;
  if (isPatient && patience !== null) setFlags([`${patience.flag}=${patience.usual}`]);
  if (hasGrammar) setFlags(grammarFlags);
  // Of another text: V8 would remember this one and not look at its code again. Of a text it checks the length alone.
  return new Script("1", { cachedData: before }).cachedDataRejected === false;
}

import { byteLength, MAX_NAME_BYTES, nameOf, truncateName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";

/** Deeper trees than this are given up: whoever walks the model later has a stack as well. */
const MAX_DEPTH = 1500;

/** The state of the lowering of one statement. */
export interface Lowering {
  readonly text: string;
  readonly tokens: readonly Token[];
  depth: number;
  /** From names as PostgreSQL cuts them to names as written; made when first needed. */
  longNames: Map<string, string> | null;
}

/** Thrown, and caught by the adapter, where a tree is deeper than anybody may have meant. */
export class TooDeep extends Error {}

export function createLowering(text: string, tokens: readonly Token[]): Lowering {
  return { text, tokens, depth: 0, longNames: null };
}

/** Runs one step of a recursion, counting how deep it is. */
export function descend<Result>(lowering: Lowering, lower: () => Result): Result {
  if (++lowering.depth > MAX_DEPTH) throw new TooDeep("nested too deeply");
  const result = lower();
  lowering.depth--;
  return result;
}

/** A name as written. The tree has names cut at 63 bytes; only such long ones are worth a look at the tokens. */
export function fullName(lowering: Lowering, name: string): string {
  // A cut never falls inside a character, so it may leave up to three bytes less.
  if (name.length * 3 < MAX_NAME_BYTES - 3 || byteLength(name) < MAX_NAME_BYTES - 3) return name;
  lowering.longNames ??= collectLongNames(lowering);
  return lowering.longNames.get(name) ?? name;
}

function collectLongNames({ text, tokens }: Lowering): Map<string, string> {
  const names = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind !== "word" && token.kind !== "quoted") continue;
    if ((token.end - token.start) * 3 <= MAX_NAME_BYTES) continue;
    const name = nameOf(text, token);
    const cut = truncateName(name);
    if (cut !== name && !names.has(cut)) names.set(cut, name);
  }
  return names;
}

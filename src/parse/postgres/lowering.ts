import { byteLength, MAX_NAME_BYTES, nameOf, truncateName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";

/** Deeper trees than this are given up: whoever walks the model later has a stack as well. */
const MAX_DEPTH = 1500;

/** The state of the lowering of one statement. */
export interface Lowering {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** What the grammar was given: the statement with its comments blanked, offset by offset. */
  readonly sql: string;
  depth: number;
  /** From names as PostgreSQL cuts them to names as written; made when first needed. */
  longNames: Map<string, readonly LongName[]> | null;
}

/** Thrown, and caught by the adapter, where a tree is deeper than anybody may have meant. */
export class TooDeep extends Error {}

export function createLowering(text: string, tokens: readonly Token[], sql = text): Lowering {
  return { text, tokens, sql, depth: 0, longNames: null };
}

/** Runs one step of a recursion, counting how deep it is. */
export function descend<Result>(lowering: Lowering, lower: () => Result): Result {
  if (++lowering.depth > MAX_DEPTH) throw new TooDeep("nested too deeply");
  const result = lower();
  lowering.depth--;
  return result;
}

/**
 * A name as written. The tree has names cut at 63 bytes; only such long ones are worth a look at the tokens.
 * `location` is where the tree says that the name's node begins, in bytes; it matters where several are cut alike.
 */
export function fullName(lowering: Lowering, name: string, location = 0): string {
  // A cut never falls inside a character, so it may leave up to three bytes less.
  if (name.length * 3 < MAX_NAME_BYTES - 3 || byteLength(name) < MAX_NAME_BYTES - 3) return name;
  lowering.longNames ??= collectLongNames(lowering);
  const found = lowering.longNames.get(name) ?? [];
  if (found.length < 2) return found[0]?.name ?? name;
  const from = offsetOfByte(lowering, location);
  return (found.find((each) => each.start >= from) ?? found[0])?.name ?? name;
}

interface LongName {
  readonly name: string;
  readonly start: number;
}

function collectLongNames({ text, tokens }: Lowering): Map<string, LongName[]> {
  const names = new Map<string, LongName[]>();
  for (const token of tokens) {
    if (token.kind !== "word" && token.kind !== "quoted") continue;
    if ((token.end - token.start) * 3 <= MAX_NAME_BYTES) continue;
    const name = nameOf(text, token);
    const cut = truncateName(name);
    if (cut === name) continue;
    const alike = names.get(cut);
    if (alike === undefined) names.set(cut, [{ name, start: token.start }]);
    else alike.push({ name, start: token.start });
  }
  return names;
}

/** The offset in the text of a byte of what the grammar was given. */
function offsetOfByte({ sql, tokens }: Lowering, location: number): number {
  let offset = 0;
  for (let bytes = 0; bytes < location && offset < sql.length; ) {
    const code = sql.codePointAt(offset) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    offset += code < 0x10000 ? 1 : 2;
  }
  return offset + (tokens[0]?.start ?? 0);
}

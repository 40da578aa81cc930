import type { Expression } from "../../model/expression.ts";
import type { Query, Source } from "../../model/query.ts";
import { byteLength, foldName, MAX_NAME_BYTES, tokenText } from "../../sql/names.ts";
import { type Cursor, openCursor } from "../locate/cursor.ts";
import type { ParserInput } from "../parser.ts";
import { codeTokens, QUOTED } from "./codes.ts";
import { LABEL, namesOf } from "./keywords.ts";

/** Deeper nesting is left to the grammar. */
export const MAX_DEPTH = 50;

/** The state of reading one statement. */
export interface Reader {
  readonly text: string;
  readonly cursor: Cursor;
  /** What each token is; behind the last one END. */
  readonly codes: Uint16Array;
  at: number;
  depth: number;
  /** In the order of the text. */
  readonly pieces: Piece[];
}

/** What the shared readers will ask for; `common` is a body of the WITH clause before a change of data. */
export type Piece =
  | { readonly kind: "expression"; readonly value: Expression }
  | { readonly kind: "query"; readonly value: Query }
  | { readonly kind: "common"; readonly value: Query }
  | { readonly kind: "sources"; readonly value: readonly Source[] };

/** Null where a token alone raises a doubt. */
export function openReader({ text, tokens }: ParserInput): Reader | null {
  const codes = codeTokens(text, tokens);
  if (codes === null) return null;
  const cursor = openCursor(text, tokens);
  return { text, cursor, codes, at: 0, depth: 0, pieces: [] };
}

/** What the token at the cursor, or some tokens behind it, is. */
export function peek(reader: Reader, ahead = 0): number {
  return reader.codes[reader.at + ahead] ?? 0;
}

/** Steps over the token if it has this code. */
export function take(reader: Reader, code: number): boolean {
  if (reader.codes[reader.at] !== code) return false;
  reader.at++;
  return true;
}

/** Whether the token at the cursor can be such a name; `use` are bits of keywords.ts. */
export function isName(reader: Reader, use: number, ahead = 0): boolean {
  return ((namesOf[peek(reader, ahead)] ?? 0) & use) !== 0;
}

/** Steps over a name that may stand in this place; `use` are bits of keywords.ts. */
export function takeName(reader: Reader, use: number): boolean {
  if (!isName(reader, use)) return false;
  reader.at++;
  return true;
}

/** The text of the token at an index. */
export function textAt({ text, cursor }: Reader, index: number): string {
  const token = cursor.tokens[index];
  return token === undefined ? "" : tokenText(text, token);
}

/**
 * The name at the cursor, which moves behind it, as the tree of the grammar would have it. Null where a name of this
 * use does not stand there, and for long names: the grammar cuts them.
 */
export function readName(reader: Reader, use: number = LABEL): string | null {
  if (!isName(reader, use)) return null;
  const raw = textAt(reader, reader.at);
  if (raw.length * 3 > MAX_NAME_BYTES && byteLength(raw) > MAX_NAME_BYTES) return null;
  const isQuoted = peek(reader) === QUOTED;
  reader.at++;
  return isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : foldName(raw);
}

/** Goes back to where a form began that turned out not to be the one, and drops what was read of it. */
export function returnTo(reader: Reader, at: number, pieces: number): void {
  reader.at = at;
  forget(reader, pieces);
}

/** Drops all pieces but the first ones: what the model has no place for. */
export function forget({ pieces }: Reader, kept: number): void {
  while (pieces.length > kept) pieces.pop();
}

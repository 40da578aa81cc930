/** A piece of a string that a body builds. */
export interface Piece {
  /** What is known of it, or the stand-in of what is not. */
  readonly text: string;
  /** `known`, or what is unknown: one name, one literal, or any stretch of SQL. */
  readonly kind: "known" | "name" | "literal" | "anything";
  /** Whether it is what an argument was called with: then it stands where the argument is used. */
  readonly isGiven?: boolean;
  /** Whether a variable of type regclass holds it: what of its quotes and its schema comes out, only the server knows. */
  readonly isRegclass?: boolean;
  /** Of what a branch decides: which branch, by where it begins, and what each of its ways gives. */
  readonly choice?: { readonly at: number; readonly ways: readonly KnownText[] };
  /** Where unit k of it comes from, in the text of the body. */
  placeOf(offset: number): number;
}

/** A string as far as the body tells. */
export type KnownText = readonly Piece[];

/** Strings that grow in a body are given up beyond this: `s := s || s` doubles at every line. */
const MAX_TEXT = 65536;
const MAX_PIECES = 512;
const MAX_VARIABLES = 256;

/** What the variables of a body hold, as far as reading it in order tells. A name that is missing is unknown. */
export type Knowledge = Map<string, KnownText>;

/** Whether a text is so long, or of so many pieces, that it is not followed further. */
export function isTooLong(value: KnownText): boolean {
  if (value.length > MAX_PIECES) return true;
  let length = 0;
  for (const piece of value) length += piece.text.length;
  return length > MAX_TEXT;
}

/** The text that the pieces make together. */
export function textOfPieces(value: KnownText): string {
  return value.map((piece) => piece.text).join("");
}

/** More strings than this are not made of what branches decide. */
const MAX_STRINGS = 8;

/** The strings that come out where branches decide of pieces, each branch one way in all of them; none where there is no choice. */
export function choicesOf(value: KnownText): readonly KnownText[] {
  const branches = new Map<number, number>();
  for (const { choice } of value) if (choice !== undefined) branches.set(choice.at, choice.ways.length);
  let ways: ReadonlyMap<number, number>[] = [new Map()];
  for (const [at, count] of branches) {
    ways = ways.flatMap((way) => Array.from({ length: count }, (_, k) => new Map(way).set(at, k)));
    if (ways.length > MAX_STRINGS) return [];
  }
  const strings = new Map<string, KnownText>();
  for (const way of branches.size === 0 ? [] : ways) {
    const string = value.flatMap((piece) => {
      const k = piece.choice === undefined ? undefined : way.get(piece.choice.at);
      return piece.choice?.ways[k ?? -1] ?? [piece];
    });
    strings.set(textOfPieces(string), string);
  }
  return [...strings.values()];
}

/** What an argument was called with. */
export function givenText(value: string): KnownText {
  return [{ kind: "known", text: value, isGiven: true, placeOf: () => 0 }];
}

/** The variables of which all is known. */
export function wholeTexts(knowledge: Knowledge): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [variable, value] of knowledge)
    if (value.every(({ kind }) => kind === "known")) texts.set(variable, textOfPieces(value));
  return texts;
}

/** Notes an assignment; null: the value is unknown from here on. */
export function assign(knowledge: Knowledge, variable: string, value: KnownText | null): void {
  forget(knowledge, variable);
  if (value !== null && knowledge.size < MAX_VARIABLES) knowledge.set(variable, value);
}

/** Takes back what is known of a variable, and of its fields if it is a record. */
export function forget(knowledge: Knowledge, variable: string): void {
  knowledge.delete(variable);
  const field = `${variable}.`;
  for (const name of knowledge.keys()) if (name.startsWith(field)) knowledge.delete(name);
}

/** What holds whichever way was taken: what all of them agree on. */
export function mergeKnowledge(ways: readonly Knowledge[]): Knowledge {
  const [first, ...rest] = ways;
  const merged: Knowledge = new Map();
  for (const [variable, value] of first ?? []) {
    const isShared = rest.every((way) => {
      const other = way.get(variable);
      return other === value || (other !== undefined && textOfPieces(other) === textOfPieces(value));
    });
    if (isShared) merged.set(variable, value);
  }
  return merged;
}

import { standIn } from "../../model/stand-in.ts";
import { nameOf, quoteLiteral, quoteName } from "../../sql/names.ts";
import { isMark, isNameToken, isWord } from "../../sql/tokens.ts";
import { formatPieces } from "./format.ts";
import { isTooLong, type KnownText, type Piece, textOfPieces } from "./knowledge.ts";
import { type Reader, textSpan } from "./reader.ts";
import { closingOf, splitAt } from "./stretches.ts";
import { valueOfString } from "./string.ts";
import { readSum } from "./sums.ts";

/**
 * The string that the expression of the tokens makes, as far as the body tells: literals, `||`, format(),
 * concat(), quote_ident() and variables with known values. What is unknown becomes a stand-in; the same
 * expression always the same one. Null where nothing is known.
 */
export function evaluate(reader: Reader, from: number, to: number): KnownText | null {
  const value = evaluateConcatenation(reader, from, to);
  const isKnown =
    (value.length > 0 && value.every((piece) => piece.kind === "known")) ||
    value.some((piece) => piece.choice !== undefined || (piece.kind === "known" && piece.text.trim() !== ""));
  return isKnown && !isTooLong(value) ? value : null;
}

function evaluateConcatenation(reader: Reader, from: number, to: number): KnownText {
  const pieces: Piece[] = [];
  for (const [start, end] of splitAt(reader, from, to, "||")) {
    for (const piece of evaluatePart(reader, start, end)) pieces.push(piece);
    if (isTooLong(pieces)) return [unknown(reader, from, to, "anything")];
  }
  return pieces;
}

function evaluatePart(reader: Reader, from: number, to: number): KnownText {
  const { text, tokens } = reader;
  const first = tokens[from];
  if (first === undefined || from >= to) return [];
  const castAt = splitAt(reader, from, to, "::")[0]?.[1] ?? to;
  if (castAt < to) return evaluateCast(reader, from, castAt, to);
  if (isMark(text, first, "(") && closingOf(reader, from) === to - 1) {
    return (
      nested(reader, () => evaluateConcatenation(reader, from + 1, to - 1)) ?? [
        unknown(reader, from, to, "anything"),
      ]
    );
  }
  if (first.kind === "string" && to === from + 1) {
    const decoded = valueOfString(text, first);
    if (decoded !== null) return [{ kind: "known", text: decoded.value, placeOf: decoded.placeOf }];
  }
  if (first.kind === "number" && to === from + 1)
    return [known(text.slice(first.start, first.end), first.start)];
  if ((first.kind === "word" || first.kind === "parameter") && to === from + 1) {
    const name = first.kind === "word" ? nameOf(text, first) : text.slice(first.start, first.end);
    const value = reader.knowledge.get(name);
    if (value !== undefined)
      return value.map((piece) =>
        piece.isGiven === true ? { ...piece, ...known(piece.text, first.start) } : piece,
      );
  }
  if (isWord(text, first, "case") && isWord(text, tokens[to - 1], "end"))
    return [
      nested(reader, () => evaluateCase(reader, from, to))?.[0] ?? unknown(reader, from, to, "anything"),
    ];
  const part = knownPart(reader, from, to);
  if (part !== null) return [known(part, first.start)];
  const sum = readSum(reader, from, to);
  if (sum !== null) return [known(String(sum), first.start)];
  const isQualified = isWord(text, first, "pg_catalog") && isMark(text, tokens[from + 1], ".");
  const called = isQualified ? from + 2 : from;
  const name = tokens[called];
  const isCall = isMark(text, tokens[called + 1], "(") && closingOf(reader, called + 1) === to - 1;
  const value =
    isCall && name !== undefined
      ? nested(reader, () => evaluateCall(reader, nameOf(text, name), called, to))
      : null;
  return value ?? [unknown(reader, from, to, "anything")];
}

/** `CASE WHEN ... THEN 'a' ELSE 'b' END`: one of its strings. */
function evaluateCase(reader: Reader, from: number, to: number): KnownText | null {
  const ways: KnownText[] = [];
  let start: number | null = null;
  let depth = 0;
  for (let k = from; k < to; k++) {
    const token = reader.tokens[k];
    const isAt = (word: string) => isWord(reader.text, token, word);
    if (isMark(reader.text, token, "(") || isAt("case")) depth++;
    const ends = depth === 1 && (isAt("when") || isAt("else") || isAt("end"));
    if (ends && start !== null) {
      ways.push(evaluateConcatenation(reader, start, k));
      start = null;
    }
    if (depth === 1 && (isAt("then") || isAt("else"))) start = k + 1;
    if (isMark(reader.text, token, ")") || isAt("end")) depth--;
  }
  const { start: at } = textSpan(reader, from, to);
  return chosen(unknown(reader, from, to, "anything"), at, ways);
}

/** More ways than this are not followed. */
const MAX_WAYS = 4;

function chosen(piece: Piece, at: number, ways: readonly KnownText[]): KnownText | null {
  const isFlat = ways.every((way) => way.every(({ choice }) => choice === undefined));
  return isFlat && ways.length > 0 && ways.length <= MAX_WAYS ? [{ ...piece, choice: { at, ways } }] : null;
}

/** What a variable holds behind a branch that gives it other values on each of its ways; null where that is not followed. */
export function chosenText(
  reader: Reader,
  variable: string,
  branch: number,
  ways: readonly KnownText[],
): KnownText | null {
  const { start } = textSpan(reader, branch, branch + 1);
  return chosen(standInFor(reader, `${variable} behind ${start}`, start, start, "anything"), start, ways);
}

/** What is known of `record.field` or `names[2]`. */
function knownPart(reader: Reader, from: number, to: number): string | null {
  const { text, tokens, knowledge, lists } = reader;
  const [first, mark, last] = [tokens[from], tokens[from + 1], tokens[from + 2]];
  if (!isNameToken(first) || last === undefined) return null;
  if (to === from + 3 && isMark(text, mark, ".") && isNameToken(last)) {
    const field = knowledge.get(`${nameOf(text, first)}.${nameOf(text, last)}`);
    return field === undefined ? null : textOfPieces(field);
  }
  if (!isMark(text, mark, "[") || !isMark(text, tokens[to - 1], "]")) return null;
  const index = readSum(reader, from + 2, to - 1);
  return index === null ? null : (lists.get(nameOf(text, first))?.[index - 1] ?? null);
}

/** Guards the stack against `((((`. */
function nested(reader: Reader, read: () => KnownText | null): KnownText | null {
  if (reader.depth > 100) return null;
  reader.depth++;
  const value = read();
  reader.depth--;
  return value;
}

/** `x::text` is x; `x::regclass` comes out as a name, quoted where needed. */
function evaluateCast(reader: Reader, from: number, castAt: number, to: number): KnownText {
  const type = reader.tokens[to - 1];
  if (isWord(reader.text, type, "regclass") && castAt + 2 >= to)
    return regclassOf(evaluatePart(reader, from, castAt)) ?? [unknown(reader, from, to, "name")];
  const isText = ["text", "varchar"].some((word) => isWord(reader.text, type, word));
  if (!isText || castAt + 2 < to) {
    const isName = splitAt(reader, from, to, "::").some(([start]) =>
      isWord(reader.text, reader.tokens[start], "regclass"),
    );
    return [unknown(reader, from, to, isName ? "name" : "anything")];
  }
  return evaluatePart(reader, from, castAt);
}

/** The name of a relation as its author spells it: what of its quotes and its schema comes out, only the server knows. */
function regclassOf(value: KnownText): KnownText | null {
  const isName = value.every(({ kind }) => kind === "known") && /^[a-z_"][^\s;]*$/i.test(textOfPieces(value));
  return isName ? value.map((piece) => ({ ...piece, isRegclass: true })) : null;
}

function evaluateCall(reader: Reader, name: string, from: number, to: number): KnownText | null {
  const args = to - 1 > from + 2 ? splitAt(reader, from + 2, to - 1, ",") : [];
  const [first] = args;
  if (name === "concat") {
    return args.flatMap(([start, end]) => [...evaluateConcatenation(reader, start, end)]);
  }
  if (first === undefined) return null;
  if (name === "format") {
    const pattern = evaluateConcatenation(reader, first[0], first[1]);
    return formatPieces(pattern, (index, type) => {
      const argument = args[index];
      if (argument === undefined) return null;
      return quoted(
        reader,
        argument[0],
        argument[1],
        type === "I" ? "name" : type === "L" ? "literal" : "anything",
      );
    });
  }
  if (name === "to_regclass" && args.length === 1)
    return regclassOf(evaluateConcatenation(reader, first[0], first[1]));
  // A cast that looks like a call.
  if (name === "text" && args.length === 1) return evaluateConcatenation(reader, first[0], first[1]);
  if (name === "quote_ident") return quoted(reader, first[0], first[1], "name");
  if (name === "quote_literal" || name === "quote_nullable")
    return quoted(reader, first[0], first[1], "literal");
  return null;
}

/** The argument as a name, as a literal or as it is: with its value where all of it is known. */
function quoted(reader: Reader, from: number, to: number, as: "name" | "literal" | "anything"): KnownText {
  const value = evaluateConcatenation(reader, from, to);
  if (as === "anything") return value;
  const [only] = value;
  if (only?.choice !== undefined && value.length === 1) {
    const ways = only.choice.ways.map((way) => quotedText(reader, from, to, as, way));
    return [{ ...unknown(reader, from, to, as), choice: { at: only.choice.at, ways } }];
  }
  return quotedText(reader, from, to, as, value);
}

function quotedText(
  reader: Reader,
  from: number,
  to: number,
  as: "name" | "literal",
  value: KnownText,
): KnownText {
  if (value.some((piece) => piece.kind !== "known")) return [unknown(reader, from, to, as)];
  const text = value.map((piece) => piece.text).join("");
  if (quoteName(text) !== text && value.some((piece) => piece.isRegclass === true))
    return [unknown(reader, from, to, as)];
  const start = textSpan(reader, from, to).start;
  return [known(as === "name" ? quoteName(text) : quoteLiteral(text), start)];
}

/** A known text whose units have no places of their own. */
function known(text: string, start: number): Piece {
  return { kind: "known", text, placeOf: () => start };
}

function unknown(reader: Reader, from: number, to: number, kind: "name" | "literal" | "anything"): Piece {
  const { start, end } = textSpan(reader, from, to);
  return standInFor(reader, reader.text.slice(start, end), start, end, kind);
}

/** A stand-in for what is called `source`: the same for the same. */
function standInFor(
  reader: Reader,
  source: string,
  start: number,
  end: number,
  kind: "name" | "literal" | "anything",
): Piece {
  const name = reader.standIns.get(source) ?? `${standIn}_${reader.standIns.size + 1}`;
  reader.standIns.set(source, name);
  const last = Math.max(start, end - 1);
  return {
    kind,
    text: kind === "literal" ? `'${name}'` : name,
    placeOf: (offset) => (offset <= 0 ? start : last),
  };
}

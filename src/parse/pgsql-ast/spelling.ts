import { nameOf, truncateName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { areWords, isMark, isWord, textOf } from "../../sql/tokens.ts";
import { stringValue } from "../locate/strings.ts";
import { GROUP, isGroup, scanBrackets } from "./groups.ts";
import { NotUnderstood } from "./not-understood.ts";

/**
 * A statement as pgsql-ast-parser is given it: the same tokens, but each name in quotes, string and number is a
 * stand-in whose real value is kept here. Its lexer knows ASCII names, plain numbers and few forms of strings,
 * and its tree forgets how a literal was spelt; a stand-in goes through both unharmed.
 */
export interface Spelling {
  readonly sql: string;
  /** Whether the tree tells the user's brackets. */
  readonly marksGroups: boolean;
  /** The index of the token that starts at an offset of `sql`. */
  tokenAt(offset: number): number;
  nameOf(standIn: string): string;
  stringOf(standIn: string): string;
  numberOf(standIn: number): string;
}

interface Writer {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly names: Map<string, string>;
  readonly strings: Map<string, string>;
  readonly numbers: string[];
  /** Bodies of routines stand as `$$$$`, which is the only form that DO takes. */
  readonly hasBody: boolean;
  /** Where a sign belongs to the number behind it: the options of sequences and SET. */
  readonly hasSigns: boolean;
}

/** `marksGroups`: brackets around an expression become calls, so that the tree tells them; not every grammar rule bears that. */
export function spellStatement(text: string, tokens: readonly Token[], marksGroups: boolean): Spelling {
  const writer = createWriter(text, tokens);
  const brackets = marksGroups ? scanBrackets(text, tokens) : null;
  const places = new Map<number, number>();
  const parts: string[] = [];
  let length = 0;
  const write = (part: string) => {
    parts.push(part, " ");
    length += part.length + 1;
  };
  for (let index = 0; index < tokens.length; index++) {
    places.set(length, index);
    if (brackets !== null && isGroup(text, tokens, brackets, index)) {
      write(GROUP);
      places.set(length, index);
    }
    if (writer.hasSigns && isSign(writer, index)) {
      write(`-${spellToken(writer, index + 1)}`);
      index++;
    } else write(spellToken(writer, index));
  }
  return {
    sql: parts.join(""),
    marksGroups,
    tokenAt: (offset) => places.get(offset) ?? -1,
    nameOf: (standIn) => writer.names.get(standIn) ?? standIn,
    stringOf: (standIn) => writer.strings.get(standIn) ?? standIn,
    numberOf: (standIn) => writer.numbers[Math.trunc(Math.abs(standIn))] ?? "",
  };
}

function createWriter(text: string, tokens: readonly Token[]): Writer {
  const isFunction =
    areWords(text, tokens, 0, "create", "function") ||
    areWords(text, tokens, 0, "create", "or", "replace", "function");
  return {
    text,
    tokens,
    names: new Map(),
    strings: new Map(),
    numbers: [],
    hasBody: isFunction || isWord(text, tokens[0], "do"),
    hasSigns: isWord(text, tokens[0], "set") || [1, 2].some((k) => isWord(text, tokens[k], "sequence")),
  };
}

/** Longer ones of PostgreSQL's operators would be taken for two of these. */
const operators = new Set(
  "+ - * / % ^ = != <> < <= > >= || && #- @> <@ ? ?| ?& #>> >> << ~ ~* !~ !~* ~~ ~~* !~~ !~~* @@ | & # -> ->>".split(
    " ",
  ),
);

function spellToken(writer: Writer, index: number): string {
  const token = writer.tokens[index];
  if (token === undefined) return "";
  const raw = textOf(writer.text, token);
  switch (token.kind) {
    case "word":
      return isPlainName(raw) ? raw : spellName(writer, token, index);
    case "quoted":
      return spellName(writer, token, index);
    case "string":
      return spellString(writer, index, raw);
    case "number":
      return spellNumber(writer, raw);
    case "operator":
      if (!operators.has(raw)) throw new NotUnderstood(`the operator ${raw}`);
      return raw;
    case "punctuation":
    case "parameter":
      return raw;
    default:
      throw new NotUnderstood(`the character ${raw}`);
  }
}

function isPlainName(raw: string): boolean {
  for (let k = 0; k < raw.length; k++) {
    const code = raw.charCodeAt(k);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
    if (!isLetter && !(k > 0 && code >= 48 && code <= 57)) return false;
  }
  return true;
}

/** Quoted and with a capital letter: no word that the user wrote without quotes comes out like that. */
function spellName(writer: Writer, token: Token, index: number): string {
  if (isWord(writer.text, writer.tokens[index + 1], "uescape")) throw new NotUnderstood("UESCAPE");
  const standIn = `N${writer.names.size}`;
  writer.names.set(standIn, truncateName(nameOf(writer.text, token)));
  return `"${standIn}"`;
}

function spellString(writer: Writer, index: number, raw: string): string {
  const token = writer.tokens[index];
  const before = writer.tokens[index - 1];
  const first = raw.charCodeAt(0) | 32;
  const isKnown = raw[0] === "'" || raw[0] === "$" || first === 101 || first === 110;
  if (token === undefined || !isKnown) throw new NotUnderstood("a bit string");
  if (writer.hasBody) {
    // LANGUAGE 'plpgsql' is the word plpgsql.
    if (isWord(writer.text, before, "language")) {
      const standIn = `N${writer.names.size}`;
      writer.names.set(standIn, stringValue(writer.text, token));
      return `"${standIn}"`;
    }
    const isBody =
      index === 1 || isWord(writer.text, before, "as") || isWord(writer.text, writer.tokens[0], "do");
    if (isBody) return "$$$$";
  }
  const standIn = `s${writer.strings.size}`;
  writer.strings.set(standIn, stringValue(writer.text, token));
  return `'${standIn}'`;
}

/** Whole numbers and fractions stay what they are; the value is the number's place in the list. */
function spellNumber(writer: Writer, raw: string): string {
  if (!isPlainNumber(raw)) throw new NotUnderstood(`the number ${raw}`);
  const index = writer.numbers.push(raw) - 1;
  return isInteger(raw) ? String(index) : `${index}.5`;
}

function isPlainNumber(raw: string): boolean {
  for (const character of raw) if (!"0123456789.eE+-".includes(character)) return false;
  return true;
}

function isInteger(raw: string): boolean {
  for (const character of raw) if (character < "0" || character > "9") return false;
  return true;
}

function isSign(writer: Writer, index: number): boolean {
  if (!isMark(writer.text, writer.tokens[index], "-") || writer.tokens[index + 1]?.kind !== "number")
    return false;
  const before = writer.tokens[index - 1];
  return before?.kind === "word" || isMark(writer.text, before, "=") || isMark(writer.text, before, ",");
}

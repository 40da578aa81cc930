import { createScanner, scanToken } from "../sql/scanner.ts";
import { append } from "../text/append.ts";
import type { Span } from "../text/span.ts";
import { type Found, findBetween, findColon, findDollar, findMustache } from "./placeholder-forms.ts";
import { findBraces, findComment, findMark, mayBeValue, mayHoldMarks } from "./placeholder-marks.ts";
import { applySameLength, type Replacement } from "./replacements.ts";
import { findPassed } from "./template-blocks.ts";
import type { PlaceholderStyle } from "./types.ts";

/**
 * The text with its placeholders replaced so that the grammar can read it, each by as many characters: a name
 * where a name or value stood, nothing where a placeholder is or begins a statement or only steers the template.
 * The same placeholder becomes the same name everywhere. String literals are left alone, for what looks like
 * a placeholder there is part of a string anyway; dollar-quoted bodies are read, for they hold SQL, and so may
 * the strings in them.
 */
export function fillPlaceholders(text: string, styles: readonly PlaceholderStyle[]): string {
  if (!mayHold(text, styles)) return text;
  const replacements: Replacement[] = [];
  const forms = {
    styles,
    passed: styles.includes("mustache") ? findPassed(text) : new Map<number, number>(),
    isBody: false,
  };
  collect(text, { start: 0, end: text.length }, forms, replacements, 0);
  return applySameLength(text, replacements);
}

function mayHold(text: string, styles: readonly PlaceholderStyle[]): boolean {
  return styles.some((style) => {
    if (style === "colon") return mayHoldColon(text);
    return style === "marks" ? mayHoldMarks(text) : text.includes(opensOf(style));
  });
}

function opensOf(style: Exclude<PlaceholderStyle, "colon" | "marks">): string {
  if (typeof style === "object") return style.opens;
  return style === "dollar" ? "${" : "{{";
}

/**
 * Casts are in most texts, and spare nobody the closer look: it needs a colon that is no second one, and a name or quote
 * behind it.
 */
function mayHoldColon(text: string): boolean {
  for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at)) {
    const start = at;
    while (text.charCodeAt(at) === 58) at++;
    if ((at - start) % 2 === 1 && /[A-Za-z_'"]/.test(text[at] ?? "")) return true;
  }
  return false;
}

/** What to look for, and the branches of a template that are passed over. */
interface Forms {
  readonly styles: readonly PlaceholderStyle[];
  readonly passed: ReadonlyMap<number, number>;
  /** It may be in another language, in which most marks are something else. */
  readonly isBody: boolean;
}

/** A body in a body in a body is as deep as anybody looks. */
const DEPTH = 3;

function collect(text: string, span: Span, forms: Forms, replacements: Replacement[], depth: number): void {
  const limit = span.end;
  const scanner = createScanner(text, span.start, limit);
  let brackets = 0;
  const hasMarks = !forms.isBody && forms.styles.includes("marks");
  let isFirst = true;
  let isBehindValue = false;
  let isBehindLiteral = false;
  let isBehindThen = false;
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    const { start, end } = scanner;
    if (kind === "comment") {
      const named = hasMarks ? findComment(text, { start, end }, isBehindValue) : null;
      if (named !== null) {
        append(replacements, named.replacements);
        isBehindValue = true;
      }
      continue;
    }
    const opens: boolean = isFirst;
    const isBehindBranch: boolean = isBehindThen;
    isBehindThen = kind === "word" && branchComes.test(text.slice(start, end));
    const wantsLiteral: boolean = isBehindLiteral;
    isBehindLiteral = kind === "word" && literalComes.test(text.slice(start, end));
    const behindValue: boolean = isBehindValue;
    isBehindValue = mayBeValue(text, kind, scanner);
    isFirst = kind === "punctuation" && text.charCodeAt(start) === 59;
    if (kind === "string") {
      const body = dollarBody(text, start, end);
      if (body !== null && depth < DEPTH)
        collect(text, body, { ...forms, isBody: true }, replacements, depth + 1);
      // In a body a string may be SQL as well, for EXECUTE. A colon in it is a colon.
      if (body === null && depth > 0 && depth < DEPTH) {
        const inside = { start: text.indexOf("'", start) + 1, end: end - 1 };
        const found: Replacement[] = [];
        collect(text, inside, { ...forms, styles: glued(forms.styles) }, found, DEPTH);
        // A string that is nothing but a placeholder is a value.
        append(
          replacements,
          found.filter(({ name }) => name !== ""),
        );
      }
      continue;
    }
    if (kind === "punctuation") {
      const code = text.charCodeAt(start);
      if (code === 91) brackets++;
      else if (code === 93) brackets--;
    }
    const found = findAt(text, { start, end }, limit, forms, brackets > 0, behindValue);
    if (found === null) continue;
    isBehindValue = true;
    const isStatement: boolean =
      (opens && (isBorder(text, found.end, limit) || (depth === 0 && isWordNext(text, found.end)))) ||
      (depth > 0 && (opens || isBehindBranch) && isVerbNext(text, found.end));
    for (const replacement of found.replacements) {
      if (isStatement) replacements.push({ ...replacement, name: "" });
      else replacements.push(wantsLiteral ? asLiteral(replacement) : replacement);
    }
    // What vanishes leaves the next token where it was: at the start.
    isFirst = isStatement || (opens && found.replacements.every(({ name }) => name === ""));
    scanner.end = Math.min(found.end, limit);
  }
}

/** What the grammar wants a literal behind, and takes no name for. */
const literalComes = /^(?:password|until|connection)$/i;

function asLiteral(replacement: Replacement): Replacement {
  const length = replacement.end - replacement.start;
  return replacement.name === "" ? replacement : { ...replacement, name: `'${"_".repeat(length - 2)}'` };
}

function glued(styles: readonly PlaceholderStyle[]): PlaceholderStyle[] {
  return styles.filter((style) => style !== "colon");
}

/** Whether a statement ends here: a placeholder that is one as a whole would be a syntax error as a name. */
function isBorder(text: string, from: number, limit: number): boolean {
  const scanner = createScanner(text, from, limit);
  let kind = scanToken(scanner);
  while (kind === "comment") kind = scanToken(scanner);
  return kind === "end" || (kind === "punctuation" && text.charCodeAt(scanner.start) === 59);
}

/**
 * Whether a word follows after a space, or another placeholder: no statement begins with a name and a word, so the placeholder
 * is a comment, or nothing, that takes the statement out somewhere (`${onlyInTest} ALTER TABLE ...`), or statements of its own.
 */
function isWordNext(text: string, at: number): boolean {
  return /^[ \t]+[A-Za-z]|^\s*\n\s*(?:[A-Za-z]|\{\{)/.test(text.slice(at, at + 40));
}

/** What a statement of a body may follow, where none has ended. */
const branchComes = /^(?:begin|then|else|loop)$/i;

/** In a body a name and a word may declare a variable: only a verb tells that a statement is taken out (`${x} GRANT ...`). */
function isVerbNext(text: string, at: number): boolean {
  return /^[ \t]+(?:alter|create|drop|grant|revoke|insert|update|delete|truncate|execute|perform)[ \t\n]/i.test(
    text.slice(at, at + 40),
  );
}

function findAt(
  text: string,
  token: Span,
  limit: number,
  forms: Forms,
  isInBrackets: boolean,
  isBehindValue: boolean,
): Found | null {
  for (const style of forms.styles) {
    const found = findOf(style);
    if (found !== null) return found;
  }
  return null;

  function findOf(style: PlaceholderStyle): Found | null {
    if (typeof style === "object") return findBetween(text, token, limit, style);
    switch (style) {
      case "dollar":
        return findDollar(text, token, limit);
      case "mustache":
        return findMustache(text, token, limit, forms.passed);
      case "colon":
        return findColon(text, token, limit, isInBrackets);
      case "marks":
        return forms.isBody ? findBraces(text, token, limit) : findMark(text, token, limit, isBehindValue);
    }
  }
}

/** The inside of a dollar-quoted string; null for one in quotes. */
function dollarBody(text: string, start: number, end: number): Span | null {
  if (text.charCodeAt(start) !== 36) return null;
  const tagEnd = text.indexOf("$", start + 1) + 1;
  const length = tagEnd - start;
  return tagEnd > 0 && end - length >= tagEnd ? { start: tagEnd, end: end - length } : null;
}

import { createScanner, scanToken } from "../sql/scanner.ts";
import type { Span } from "../text/span.ts";

/** What a fingerprint is made of. */
interface Fingerprinted {
  readonly rule: string;
  readonly path: string;
  /** The underlined tokens: they name the object. */
  readonly at: Span;
  readonly statement: Span;
}

/**
 * The fingerprints of findings, in their order. One is made of rule, path, the statement without its comments, white
 * space and letter case, and the underlined tokens: it survives moved lines and new formatting, and ends with the
 * statement. Equal ones are numbered in the order of the findings. `textOf` gives the text of a path.
 */
export function fingerprintAll(
  findings: readonly Fingerprinted[],
  textOf: (path: string) => string,
): string[] {
  const statements = new Map<string, string>();
  const times = new Map<string, number>();
  return findings.map(({ rule, path, at, statement }) => {
    const text = textOf(path);
    const key = `${path}\0${statement.start}\0${statement.end}`;
    const known = statements.get(key) ?? hash(normalise(text, statement));
    statements.set(key, known);
    const base = [
      rule,
      path.replaceAll("\\", "/"),
      known,
      normalise(text, at) || text.slice(at.start, at.end),
    ].join("\0");
    const time = times.get(base) ?? 0;
    times.set(base, time + 1);
    return hash(time === 0 ? base : `${base}\0${time}`);
  });
}

/** The tokens of a span with one space between them; keywords and unquoted names in lower case. */
function normalise(text: string, span: Span): string {
  const scanner = createScanner(text, span.start, span.end);
  const words: string[] = [];
  for (;;) {
    const kind = scanToken(scanner);
    if (kind === "end") return words.join(" ");
    if (kind === "comment") continue;
    const word = text.slice(scanner.start, scanner.end);
    words.push(kind === "word" ? word.toLowerCase() : word);
  }
}

/** 64 bits in hex. Synchronous and without Node, which rules out crypto; nobody gains by forging one. */
function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0");
}

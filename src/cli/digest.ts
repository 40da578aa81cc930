import { createHash } from "node:crypto";

/** In UTF-16 units, what is hashed at once: thousands of short texts take longer than a long one, and that takes memory. */
const piece = 1 << 20;

/** A SHA-256 of texts, one after the other; of broken pairs of UTF-16 it does not tell which they are. */
interface Digest {
  add(text: string): void;
  /** In hexadecimal, of all that was added so far. */
  value(): string;
}

/** A SHA-256 over many texts, which are fed in portions. */
export function openDigest(): Digest {
  const hash = createHash("sha256");
  let short: string[] = [];
  let length = 0;
  const flush = () => {
    hash.update(short.join(""), "utf8");
    short = [];
    length = 0;
  };
  return {
    add(text) {
      // With its length in front, so that what follows cannot be mistaken for a part of it.
      short.push(`${text.length}:`);
      length += text.length;
      if (text.length <= piece) short.push(text);
      if (length <= piece) return;
      flush();
      if (text.length > piece) for (const part of piecesOf(text)) hash.update(part, "utf8");
    },
    value() {
      flush();
      return hash.copy().digest("hex");
    },
  };
}

function* piecesOf(text: string): Iterable<string> {
  for (let start = 0; start < text.length; ) {
    const end = start + piece;
    // Half of a pair has no place in UTF-8: it would be taken for any other half.
    const next = isLowSurrogate(text.charCodeAt(end)) ? end + 1 : end;
    yield text.slice(start, next);
    start = next;
  }
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

/** The SHA-256 of the texts one behind the other, in hexadecimal. */
export function digestOf(texts: Iterable<string>): string {
  const digest = openDigest();
  for (const text of texts) digest.add(text);
  return digest.value();
}

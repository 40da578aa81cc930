import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { isSqlFile } from "../layout/paths.ts";
import { codeOf } from "./output.ts";

/** A text, or why there is none, in words that follow the file's name. */
export type ReadText = { readonly text: string } | { readonly problem: string };

/** Files that are larger are no migrations, and would not fit into a string. */
const largest = 256 * 1024 * 1024;

/** Reads a file that should be SQL. Never throws. */
export function readText(path: string): ReadText {
  try {
    const own = lstatSync(path);
    const isLink = own.isSymbolicLink();
    // A pull request brings links, too: what they name as SQL shall not print the secrets of the machine.
    if (isLink && isSqlFile(path) && !isSqlFile(realpathSync(path)))
      return { problem: "is a link to something that is no SQL file" };
    const stats = isLink ? statSync(path) : own;
    if (stats.isDirectory()) return { problem: "is a folder, not a file" };
    if (!stats.isFile()) return { problem: "is not a file" };
    if (stats.size > largest) {
      return { problem: `is too large to read (${Math.round(stats.size / 1024 / 1024)} MB)` };
    }
    // The kernel's own files say that they are empty, hold secrets, and may let their readers wait for ever.
    if (stats.size === 0) return { text: "" };
    // Read and decoded in one call. What it cannot decode becomes U+FFFD: only then the bytes are worth a look.
    const text = readFileSync(path, "utf8");
    if (!text.includes("\ufffd") && !text.includes("\0")) return { text };
    return decodeText(readFileSync(path));
  } catch (error) {
    return { problem: `cannot be read (${codeOf(error)})` };
  }
}

/** Bytes as text: UTF-8, with its byte order mark if there is one, so that offsets and fixes stay true. */
export function decodeText(bytes: Uint8Array): ReadText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { problem: "is UTF-16: PostgreSQL's tools want UTF-8, save it as that" };
  }
  const head = bytes.subarray(0, 8192);
  const zeros = head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  if (zeros > head.length / 10) return { problem: "is binary, not SQL" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    if (zeros > 0) return { problem: "is binary, not SQL" };
    return { problem: `is not UTF-8: line ${lineOfBadByte(bytes)} holds something else` };
  }
}

function lineOfBadByte(bytes: Uint8Array): number {
  const text = new TextDecoder("utf-8").decode(bytes);
  return text.slice(0, text.indexOf("\ufffd")).split("\n").length;
}

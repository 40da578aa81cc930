import { readCached, writeCached } from "./cache-folder.ts";
import { checksumOf } from "./checksum.ts";

/** In bytes: a larger file is none of ours. */
const largest = 64 * 1024 * 1024;

/** Writes a text with its checksum into a folder of the cache. Returns whether it is there now. Never throws. */
export function writeKept(path: string, text: string): boolean {
  const bytes = Buffer.from(asciiOf(text), "latin1");
  if (bytes.length >= largest) return false;
  return writeCached(path, Buffer.concat([Buffer.from(`${checksumOf(bytes)}\n`, "latin1"), bytes]));
}

/** What {@link writeKept} wrote, where it is whole and nobody else's; else null. */
export function readKept(path: string): string | null {
  const bytes = readCached(path, largest);
  const end = bytes?.indexOf("\n") ?? -1;
  if (bytes === null || end === -1) return null;
  const body = bytes.subarray(end + 1);
  return checksumOf(body) === bytes.toString("latin1", 0, end) ? body.toString("latin1") : null;
}

/** One byte for each character: anything but ASCII is escaped, as JSON allows. */
function asciiOf(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

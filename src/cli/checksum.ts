import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Tells whether bytes are still what was written, with their number in front. It keeps nobody from writing others. */
export function checksumOf(bytes: Uint8Array): string {
  return `${bytes.length} ${sumOf(bytes)}`;
}

function sumOf(bytes: Uint8Array): string {
  try {
    return crc32(bytes).toString(16).padStart(8, "0");
  } catch {
    // Node has it since 20.15; a strong hash does as well, in three times as long.
    return createHash("sha256").update(bytes).digest("hex");
  }
}

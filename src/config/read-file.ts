import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** What is larger is no configuration and no baseline. */
const largest = 256 * 1024 * 1024;

/**
 * Reads a file that its user did not name one by one. Throws like `readFileSync`, and for what is no file: a pipe would
 * be waited for, and a device never ends.
 */
export function readFile(path: string): string {
  return readBytes(path).toString("utf8");
}

/** The same for what is no text, or must be read as it is. */
export function readBytes(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw withCode("EISDIR");
    if (!stats.isFile()) throw withCode("not a file");
    // The kernel's own files say that they are empty, and may let their readers wait for ever.
    if (stats.size === 0) return Buffer.alloc(0);
    if (stats.size > largest) throw withCode("EFBIG");
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function withCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { usageError } from "./failure.ts";
import { codeOf, writeResult } from "./output.ts";
import { isWithin } from "./project.ts";

/**
 * Puts a new text in the place of a file, at once: whoever reads it meanwhile sees the old one or the new one. Its mode is
 * kept. A link is followed, but never out of `base`.
 */
export function replaceFile(path: string, text: string, base: string): void {
  try {
    const real = realpathSync(path);
    if (!isWithin(real, realpathSync(base)))
      throw usageError(`${path}: is a link out of ${base}, and is left alone`);
    const { mode } = statSync(real);
    const aside = join(dirname(real), `.${basename(real)}.${process.pid}.tmp`);
    try {
      writeWhole(aside, text, mode & 0o777);
      chmodSync(aside, mode & 0o7777);
      renameSync(aside, real);
    } catch (error) {
      rmSync(aside, { force: true });
      throw error;
    }
  } catch (error) {
    throw asUsageError(path, error);
  }
}

/** Makes a file that is not there yet, with the folders above it. Never overwrites. */
export function createFile(path: string, text: string, base: string, mode = 0o666): void {
  try {
    const folder = dirname(path);
    // The nearest folder that is there must not be a link to somewhere else.
    let above = folder;
    while (!existsSync(above)) above = dirname(above);
    if (!isWithin(realpathSync(above), realpathSync(base)))
      throw usageError(`${path}: lies behind a link out of ${base}, and is not written`);
    mkdirSync(folder, { recursive: true });
    writeWhole(path, text, mode);
  } catch (error) {
    throw asUsageError(path, error);
  }
}

/**
 * Writes what somebody asked for under this very name: what was there stays until the new text is whole. Where a link or a device
 * stands, it is written to as a report is.
 */
export function writeWholly(path: string, text: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  const folder = dirname(path);
  if (there?.isFile()) replaceFile(path, text, folder);
  else if (there === undefined && existsSync(folder)) createFile(path, text, folder);
  else writeResult(text, path);
}

/** Whether something is there under the name, a link to nowhere too. */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

let isUndisturbed = false;

/** An interrupt waits until no file is half written: by itself it would end the process between two system calls. */
function finishFirst(): void {
  if (isUndisturbed) return;
  isUndisturbed = true;
  // Asked for by a listener, a signal comes when this turn is over; nobody listens any more then, and it ends the process.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => process.kill(process.pid, signal));
}

function writeWhole(path: string, text: string, mode: number): void {
  finishFirst();
  // wx: what is there already, and be it a link, is not written to.
  const file = openSync(path, "wx", mode);
  let isWhole = false;
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
    isWhole = true;
  } finally {
    closeSync(file);
    // On a full disk: half a file would be taken for a whole one.
    if (!isWhole) rmSync(path, { force: true });
  }
}

function asUsageError(path: string, error: unknown): Error {
  if (error instanceof Error && error.name === "UsageError") return error;
  return usageError(`${path}: cannot be written (${codeOf(error)})`);
}

import { readdirSync, rmdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { groupBy } from "../engine/group.ts";

/** So many files of a series are kept: the branches that somebody changes between, and a few files open in an editor. */
const filesOfSeries = 6;

/** In bytes, over all projects. */
const largestTotal = 64 * 1024 * 1024;

/** In milliseconds: what a process that ended too soon left behind. */
const abandoned = 60 * 60 * 1000;

interface Kept {
  readonly path: string;
  readonly size: number;
  readonly used: number;
}

/** Marks a file as used now, so that it goes last. */
export function markUsed(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // It went meanwhile.
  }
}

/**
 * Removes what was not used for longest: of the files of a project's folder those of each series, named alike up to the
 * first "-", and of all folders beside it where they are too large together.
 */
export function tidy(folder: string): void {
  try {
    const series = groupBy(byUse(folder), ({ path }) => basename(path).split("-", 1)[0] ?? "");
    for (const alike of series.values()) remove(alike.slice(filesOfSeries));
    const above = dirname(folder);
    const all = readdirSync(above).flatMap((name) => {
      const files = byUse(join(above, name));
      if (files.length === 0) removeEmpty(join(above, name));
      return files;
    });
    let total = 0;
    remove(
      all
        .sort((a, b) => b.used - a.used)
        .filter(({ size }) => {
          total += size;
          return total > largestTotal;
        }),
    );
  } catch {
    // Somebody else tidies up as well.
  }
}

/** The files of a folder, the last used first. What was left half-written is removed. */
function byUse(folder: string): Kept[] {
  const files = readdirSync(folder).flatMap((name): Kept[] => {
    const path = join(folder, name);
    const { size, mtimeMs } = statSync(path);
    if (!name.endsWith(".tmp")) return [{ path, size, used: mtimeMs }];
    if (Date.now() - mtimeMs > abandoned) remove([{ path }]);
    return [];
  });
  return files.sort((a, b) => b.used - a.used);
}

/** The folder of a project that is no more. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody writes to it.
  }
}

function remove(files: readonly Pick<Kept, "path">[]): void {
  for (const { path } of files) rmSync(path, { force: true });
}

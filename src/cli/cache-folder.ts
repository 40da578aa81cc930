import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens a folder for what is kept from run to run and can be made again at any time: makes it if it is not there. Null
 * where nothing may be kept, or where others could have put something into it. Never throws.
 *
 * By default it lies in the user's cache folder and never in the project: a pull request could bring files along there,
 * and what they say would be believed. `LOCKWISE_CACHE` names another place, `LOCKWISE_NO_CACHE` forbids all of it.
 */
export function openCacheFolder(names: readonly string[], env: Environment = process.env): string | null {
  if (isSet(env.LOCKWISE_NO_CACHE)) return null;
  try {
    const chosen = env.LOCKWISE_CACHE;
    let folder = isSet(chosen) && chosen !== undefined ? resolve(chosen) : join(cacheHome(env), "lockwise");
    makeFolder(folder);
    // A folder that was chosen may be as open as its owner likes: what we make in it is not.
    if (!isSet(chosen) && !isPrivate(lstatSync(folder), "folder")) return null;
    for (const name of names) {
      folder = join(folder, name);
      makeFolder(folder);
      if (!isPrivate(lstatSync(folder), "folder")) return null;
    }
    return folder;
  } catch {
    return null;
  }
}

/** Node's own recursive way never ends below a folder such as /proc, where what is above is there and nothing can be made. */
function makeFolder(path: string, isAgain = false): void {
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || isAgain || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeFolder(path, true);
  }
}

/** Reads what {@link writeCached} wrote; null for anything that it did not, or could not have, written. Never throws. */
export function readCached(path: string, largest: number): Buffer | null {
  return withCached(path, largest, (file) => readFileSync(file));
}

/** The same for who reads in another way: `read` is given a descriptor and the file's size, and may throw. */
export function withCached<Value>(
  path: string,
  largest: number,
  read: (file: number, size: number) => Value,
): Value | null {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(file);
    return isPrivate(stats, "file") && stats.size <= largest ? read(file, stats.size) : null;
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/**
 * Puts a file into a folder of {@link openCacheFolder}, at once: whoever reads meanwhile, or writes the same, sees a whole
 * one. Returns whether it is there now. Never throws.
 */
export function writeCached(path: string, content: string | Uint8Array): boolean {
  const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    // wx: what is there already, and be it a link, is not written to.
    writeFileSync(aside, content, { flag: "wx", mode: 0o600 });
    renameSync(aside, path);
    return true;
  } catch {
    rmSync(aside, { force: true });
    return false;
  }
}

/** The platform's folder for what can be made again. */
function cacheHome(env: Environment): string {
  const { HOME: home, LOCALAPPDATA: local, XDG_CACHE_HOME: xdg } = env;
  if (process.platform === "win32") {
    return local !== undefined && isAbsolute(local) ? local : join(homedir(), "AppData", "Local");
  }
  if (xdg !== undefined && isAbsolute(xdg)) return xdg;
  const folder = home !== undefined && isAbsolute(home) ? home : homedir();
  return process.platform === "darwin" ? join(folder, "Library", "Caches") : join(folder, ".cache");
}

/**
 * Whether something is ours and nobody else's. What git checks out is never so, as far as the umask is the usual one: files
 * that a pull request brought along are not believed even where the chosen folder lies in the project.
 */
function isPrivate(stats: Stats, kind: "file" | "folder"): boolean {
  if (kind === "file" ? !stats.isFile() : !stats.isDirectory()) return false;
  // Windows has neither; its folder of the user is theirs alone.
  if (process.getuid === undefined) return true;
  return stats.uid === process.getuid() && (stats.mode & 0o077) === 0;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0";
}

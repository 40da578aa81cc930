import { readdirSync, readFileSync, readSync, rmSync, statSync } from "node:fs";
import { Script } from "node:vm";
import { openCacheFolder, withCached, writeCached } from "./cache-folder.ts";
import { hasForgoneTierUp, restoreFlags } from "./tier-up.ts";

/** A program that the build made, with what V8 made of it in an earlier run where that was kept. */
interface Code {
  /** Runs it, once; returns what it exports. */
  run(load: NodeJS.Require): unknown;
  /**
   * Keeps what V8 compiled for the next run, if that run would gain from it. To be called when all work is done.
   * `length` says how much SQL was read: with it grows how much of the program was compiled. Never throws.
   */
  keep(length: number): void;
}

/** After a long run V8 has thrown away the code that only the start needs. */
const LONGEST_RUN = 300_000;
/** A run that reads so much more than the one whose code was kept has compiled more: the next one need not. */
const WORTHWHILE = 2;

/** One for each version of Node and of ours that is in use. */
const KEPT_FILES = 16;
const LARGEST_FILE = 32 * 1024 * 1024;

/**
 * Opens a program. V8 runs the code that it is handed without a look at the text: it is kept where nobody but the user
 * writes, see {@link openCacheFolder}, and never where LOCKWISE_CACHE says, which may be a folder of the project.
 */
export function openCode(path: string, isCached: boolean): Code {
  const { HOME, LOCALAPPDATA, LOCKWISE_NO_CACHE, XDG_CACHE_HOME } = process.env;
  const env = { HOME, LOCALAPPDATA, LOCKWISE_NO_CACHE, XDG_CACHE_HOME };
  const folder = isCached ? openCacheFolder(["code"], env) : null;
  const place = folder === null ? null : `${folder}/${nameOf(path)}`;
  const kept = place === null ? null : readCode(place);
  // The build writes ASCII alone.
  const script = new Script(readFileSync(path, "latin1"), {
    filename: path,
    ...(kept !== null && { cachedData: kept.data }),
  });
  const known = script.cachedDataRejected === true ? null : kept;
  return {
    run(load) {
      const module = { exports: {} };
      script.runInThisContext()(module.exports, load, module, path, path.slice(0, path.lastIndexOf("/")));
      return module.exports;
    },
    keep(length) {
      if (folder === null || place === null) return;
      if (length === 0 || length > LONGEST_RUN) return;
      const hasParser = hasForgoneTierUp() || known?.hasParser === true;
      const isRicher = length > (known?.length ?? 0) * WORTHWHILE || hasParser !== known?.hasParser;
      if (known !== null && !isRicher) return;
      try {
        if (!restoreFlags()) return;
        // What was taken from the last time is still in it.
        const code = {
          data: script.createCachedData(),
          length: Math.max(length, known?.length ?? 0),
          hasParser,
        };
        if (writeCode(place, code)) removeOld(folder);
      } catch {
        // It is no reason to fail that the next run does not start faster.
      }
    },
  };
}

/** What the build calls the program: a sum of its text. */
declare const __LOCKWISE_CODE__: string;

/**
 * Whatever could make the code another one is in the name: the program, the version of V8, its flags. Not the path: many
 * projects may have the same release.
 */
function nameOf(path: string): string {
  const { NODE_OPTIONS = "" } = process.env;
  const { arch, execArgv, versions } = process;
  const parts = [__LOCKWISE_CODE__, statSync(path).size, versions.v8, arch, NODE_OPTIONS, ...execArgv];
  return `${versions.node}-${hashOf(parts.join("\0"))}`;
}

/** FNV-1a twice, which is enough to tell names apart: Node's own hashes take milliseconds to load. */
function hashOf(text: string): string {
  let left = 0x811c9dc5;
  let right = 0x01000193;
  for (let k = 0; k < text.length; k++) {
    left = Math.imul(left ^ text.charCodeAt(k), 0x01000193);
    right = Math.imul(right ^ left, 0x85ebca6b) ^ (right >>> 13);
  }
  return [left, right].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

interface KeptCode {
  readonly data: Buffer;
  /** How much SQL the run had read. */
  readonly length: number;
  /** Whether it had loaded PostgreSQL's grammar, which few runs need. */
  readonly hasParser: boolean;
}

/**
 * A file of code: a mark, what is known of the run, the length of the code, and the code twice. V8 does not notice when a byte
 * of it has changed, and crashes. To compare is ten times as fast as to sum up, and finds as much.
 */
const MARK = 0x1cc0de01;
const HEAD = 16;
const PIECE = 1 << 16;

function readCode(path: string): KeptCode | null {
  return withCached(path, LARGEST_FILE, (file, size) => {
    const head = Buffer.alloc(HEAD);
    const half = (size - HEAD) / 2;
    if (readSync(file, head) !== HEAD || head.readUInt32LE(0) !== MARK) return null;
    if (head.readUInt32LE(8) !== half) return null;
    // Memory of its own: what it shared would be kept alive. The copy is read piece by piece, to touch no more.
    const data = Buffer.allocUnsafeSlow(half);
    if (readSync(file, data) !== half) return null;
    const piece = Buffer.allocUnsafe(PIECE);
    for (let at = 0; at < half; at += PIECE) {
      const length = readSync(file, piece);
      if (length !== Math.min(PIECE, half - at)) return null;
      if (data.compare(piece, 0, length, at, at + length) !== 0) return null;
    }
    return { data, length: head.readUInt32LE(4), hasParser: head.readUInt32LE(12) === 1 };
  });
}

function writeCode(path: string, { data, length, hasParser }: KeptCode): boolean {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(MARK, 0);
  head.writeUInt32LE(length, 4);
  head.writeUInt32LE(data.length, 8);
  head.writeUInt32LE(hasParser ? 1 : 0, 12);
  return writeCached(path, Buffer.concat([head, data, data]));
}

/** Leaves the newest files alone; whatever goes wrong, somebody else is at it. */
function removeOld(folder: string): void {
  try {
    const files = readdirSync(folder).map((name) => {
      const path = `${folder}/${name}`;
      return { path, age: -statSync(path).mtimeMs };
    });
    files.sort((left, right) => left.age - right.age);
    for (const { path } of files.slice(KEPT_FILES)) rmSync(path, { force: true });
  } catch {
    // The next run that writes does it.
  }
}

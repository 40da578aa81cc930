import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCacheFolder, readCached, writeCached } from "../../src/cli/cache-folder.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lockwise-cache-"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const linux = process.platform === "linux";

describe("the cache folder", () => {
  it.runIf(linux)("lies in the user's cache folder and is nobody else's", () => {
    const folder = openCacheFolder(["history"], { XDG_CACHE_HOME: home });
    expect(folder).toBe(join(home, "lockwise", "history"));
    expect(statSync(join(home, "lockwise")).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, "lockwise", "history")).mode & 0o777).toBe(0o700);
  });

  it("can be chosen, and forbidden", () => {
    expect(openCacheFolder(["a", "b"], { LOCKWISE_CACHE: home })).toBe(join(home, "a", "b"));
    expect(openCacheFolder(["c"], { LOCKWISE_CACHE: home, LOCKWISE_NO_CACHE: "1" })).toBeNull();
    expect(existsSync(join(home, "c"))).toBe(false);
  });

  it.runIf(linux)("is not used where others may write, or behind a link", () => {
    mkdirSync(join(home, "open"));
    chmodSync(join(home, "open"), 0o777);
    expect(openCacheFolder(["open"], { LOCKWISE_CACHE: home })).toBeNull();
    mkdirSync(join(home, "own"), { mode: 0o700 });
    symlinkSync(join(home, "own"), join(home, "link"));
    expect(openCacheFolder(["link"], { LOCKWISE_CACHE: home })).toBeNull();
    writeFileSync(join(home, "file"), "");
    expect(openCacheFolder(["file"], { LOCKWISE_CACHE: home })).toBeNull();
    expect(openCacheFolder(["x"], { LOCKWISE_CACHE: "/proc/none" })).toBeNull();
    expect(openCacheFolder(["x"], { LOCKWISE_CACHE: join(home, "a", "b") })).toBe(join(home, "a", "b", "x"));
  });

  it("gives back what was written, and leaves nothing beside it", () => {
    const path = join(home, "x");
    expect(readCached(path, 100)).toBeNull();
    expect(writeCached(path, "first")).toBe(true);
    expect(writeCached(path, "second")).toBe(true);
    expect(readCached(path, 100)?.toString()).toBe("second");
    expect(readCached(path, 3)).toBeNull();
    expect(readdirSync(home)).toEqual(["x"]);
    expect(writeCached(join(home, "nowhere", "x"), "")).toBe(false);
  });

  it.runIf(linux)("does not believe what others could have written, or what a checkout made", () => {
    const path = join(home, "x");
    writeCached(path, "ours");
    chmodSync(path, 0o644);
    expect(readCached(path, 100)).toBeNull();
    expect(writeCached(path, "again")).toBe(true);
    symlinkSync(path, join(home, "link"));
    expect(readCached(join(home, "link"), 100)).toBeNull();
    expect(readCached(home, 100)).toBeNull();
  });
});

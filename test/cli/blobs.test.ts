import { afterEach, describe, expect, it, vi } from "vitest";
import { readBlobs } from "../../src/cli/blobs.ts";
import { createRepository, git, watchGit } from "./repository.ts";
import { buildOnce, lockwise, writeFiles } from "./run.ts";

buildOnce();
afterEach(() => vi.unstubAllEnvs());

/** A repository with files of these texts, and their ids. */
function store(texts: readonly string[]) {
  const folder = createRepository(Object.fromEntries(texts.map((text, k) => [`${k}.sql`, text])));
  return { folder, ids: texts.map((_, k) => git(folder, "rev-parse", `HEAD:${k}.sql`)) };
}

describe.skipIf(process.platform === "win32")("what files were", () => {
  it("is read whole, whatever is in it, and each text once", () => {
    const texts = ["", "\n", "SELECT 'é🐘';\n", "a blob 5\nb\n\n", "x".repeat(70_000)];
    const { folder, ids } = store(texts);
    const watched = watchGit();
    vi.stubEnv("PATH", watched.path);
    expect(readBlobs(folder, [...ids, ...ids])).toEqual(new Map(ids.map((id, k) => [id, texts[k]])));
    expect(watched.asked()).toEqual(ids);
    expect(watched.calls("cat-file")).toHaveLength(1);
  });

  it("is asked for in parts where it is too long for one answer", () => {
    const texts = Array.from({ length: 5 }, (_, k) => `${k}`.repeat(1000));
    const { folder, ids } = store(texts);
    const watched = watchGit();
    vi.stubEnv("PATH", watched.path);
    expect(readBlobs(folder, ids, 2500)).toEqual(new Map(ids.map((id, k) => [id, texts[k]])));
    expect(watched.calls("cat-file").length).toBeGreaterThan(2);
    expect(() => readBlobs(folder, ids, 900)).toThrow(/git cat-file failed: .*ENOBUFS/);
  });

  it("is nothing of what is no blob", () => {
    const folder = createRepository({ "a/1.sql": "SELECT 1;" });
    expect(readBlobs(folder, [git(folder, "rev-parse", "HEAD:a")])).toEqual(new Map());
    expect(readBlobs(folder, [])).toEqual(new Map());
  });

  it("ends the command where it is not there", () => {
    const folder = createRepository({ "1.sql": "SELECT 1;" });
    expect(() => readBlobs(folder, ["1".repeat(40)])).toThrow(/git cat-file failed: 1+ is missing/);
  });

  it("is read by one process for all edited migrations", () => {
    const migrations = (text: string) =>
      Object.fromEntries(Array.from({ length: 5 }, (_, k) => [`m/000${k}_a\n.sql`, `${text}-- ${k}\n`]));
    const before = migrations("CREATE TABLE a (b int);\n");
    const folder = createRepository({ ...before, "m/0009_x.sql": "SELECT 1;\n" });
    writeFiles(folder, migrations("CREATE TABLE a (b bigint);\n"));
    const watched = watchGit();
    const { stdout, stderr } = lockwise(folder, ["--since", "HEAD", "m"], { env: { PATH: watched.path } });
    expect(stdout + stderr).toMatch(/changed since HEAD/);
    expect(watched.calls("cat-file")).toHaveLength(1);
    expect(watched.asked()).toHaveLength(5);
  });
});

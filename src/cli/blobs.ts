import { usageError } from "./failure.ts";
import { feedGit } from "./run-git.ts";

/**
 * The texts of blobs by their ids, from one process: to start one for each takes longer than all else. Ids and no paths are
 * asked for, because a path may hold a line break. What is no blob, a submodule, has none. Where an answer has more bytes than
 * `most`, it is asked for in parts. Ends the command where git cannot tell.
 */
export function readBlobs(cwd: string, ids: readonly string[], most?: number): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const asked = [[...new Set(ids)]];
  for (const some of asked) {
    if (some.length === 0) continue;
    const input = `${some.join("\n")}\n`;
    const { error, status, stdout, stderr } = feedGit(cwd, ["cat-file", "--batch"], input, most);
    if (isTooLong(error) && some.length > 1) {
      const middle = some.length >> 1;
      asked.push(some.slice(0, middle), some.slice(middle));
      continue;
    }
    if (error !== undefined || status !== 0)
      throw usageError(`git cat-file failed: ${(stderr?.toString() || error?.message || "").trim()}`);
    for (const [id, text] of answersIn(stdout)) texts.set(id, text);
  }
  return texts;
}

function isTooLong(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.code === "ENOBUFS";
}

/** Each answer: `id type size`, a line break, so many bytes, a line break; or `id missing` and a line break. */
function* answersIn(bytes: Buffer): Iterable<readonly [string, string]> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\n", at);
    const [id = "", type = "", size] = bytes.toString("latin1", at, end).split(" ");
    if (size === undefined) throw usageError(`git cat-file failed: ${id} is ${type}`);
    const start = end + 1;
    at = start + Number(size) + 1;
    if (type === "blob") yield [id, bytes.toString("utf8", start, start + Number(size))];
  }
}

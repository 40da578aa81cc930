import { baseName } from "./paths.ts";

const backwards = new Set([
  "down",
  "downs",
  "downgrade",
  "downgrades",
  "revert",
  "reverts",
  "rollback",
  "rollbacks",
  "undo",
]);

/** Whether a folder by its own name holds what takes migrations back. */
export function isBackwards(folder: string): boolean {
  return backwards.has(baseName(folder).toLowerCase());
}

/** More folders than these beside each other are not compared. */
const compared = 20;

/**
 * Folders that go back on what another one does: `rollback_dbs/postgresql` beside `init_dbs/postgresql`. But for that one
 * part of the path they are the same, and the other words of the part are in the other's, too.
 */
export function backwardTwins(roots: ReadonlySet<string>): ReadonlySet<string> {
  const places = new Map<string, Set<string>>();
  const candidates: { readonly root: string; readonly place: string; readonly words: readonly string[] }[] =
    [];
  for (const root of roots) {
    const parts = root.split("/");
    parts.forEach((part, at) => {
      const words = wordsOf(part);
      const place = [...parts.slice(0, at), "", ...parts.slice(at + 1)].join("/");
      const others = words.filter((word) => !backwards.has(word));
      if (others.length < words.length && others.length > 0) candidates.push({ root, place, words: others });
      else places.set(place, (places.get(place) ?? new Set()).add(part));
    });
  }
  return new Set(
    candidates
      .filter(({ place, words }) =>
        [...(places.get(place) ?? [])]
          .slice(0, compared)
          .some((part) => words.every((word) => wordsOf(part).includes(word))),
      )
      .map(({ root }) => root),
  );
}

function wordsOf(part: string): string[] {
  return part.toLowerCase().split(/[-_]/);
}

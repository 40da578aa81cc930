import { baseName, folderOf, isSqlFile } from "../layout/paths.ts";

/**
 * Whether a migration that only moved, from one path of the repository to another, has run where it was: then it runs as it did. What
 * was a draft, a seed or a way back has not: it is new where it is now. `before` are the paths of all files before the move.
 */
export function ranWhereItWas(from: string, to: string, before: readonly string[]): boolean {
  if (!isSqlFile(from) || kindOf(from) !== kindOf(to)) return false;
  const folder = folderOf(to);
  // A series that moves as a whole finds no other SQL where it goes: what comes to one that was there is new to it.
  return folderOf(from) === folder || !before.some((path) => isSqlFile(path) && folderOf(path) === folder);
}

/** What a name says besides its number and its words: `V*.sql`, `*.up.sql`, `down.sql`. */
function kindOf(path: string): string {
  const name = baseName(path).toLowerCase();
  return /\d/.test(name) ? name.replace(/\d[^.]*(?:\.\d[^.]*)*/, "*") : name;
}

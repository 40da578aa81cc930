import { isOwnDatabase } from "./dialects.ts";
import { type ForeignSign, foreignSigns } from "./foreign-signs.ts";
import { directionInName, joinPath, pathParts } from "./paths.ts";
import { withoutPassed } from "./template-blocks.ts";
import type { Folder } from "./types.ts";

/** What Prisma and Drizzle write beside the migrations of other databases. */
const marks = [
  {
    file: "migration_lock.toml",
    words: ['provider = "mysql"', 'provider = "sqlite"', 'provider = "sqlserver"'],
  },
  {
    file: "meta/_journal.json",
    words: ['"dialect": "mysql"', '"dialect": "sqlite"', '"dialect": "singlestore"'],
  },
] as const;

/**
 * What of a folder is for PostgreSQL: null where the migrations are for another database, by what the tool says of itself or
 * by what they hold. Files that only lie beside them, with two kinds of signs, are left out by themselves.
 */
export function withoutForeign(folder: Folder): Folder | null {
  for (const { file, words } of marks) {
    const text = folder.project.read(joinPath(folder.root, file));
    if (text !== null) return words.some((word) => text.includes(word)) ? null : folder;
  }
  // `postgresql/`, beside `oracle/`: FROM dual is a view of the project's own there, and the rest slips that are worth telling.
  if (pathParts(folder.root.toLowerCase()).some(isOwnDatabase)) return folder;
  const marked = new Map<string, ReadonlySet<ForeignSign>>();
  for (const path of folder.files) {
    const signs = foreignSigns(withoutPassed(folder.project.read(path) ?? ""));
    if (signs.size > 0) marked.set(path, signs);
  }
  if (marked.size === 0) return folder;
  if (areMostly(marked, folder.files)) return null;
  const files = folder.files.filter((path) => (marked.get(path)?.size ?? 0) < 2);
  return files.length === folder.files.length ? folder : { ...folder, files };
}

/** One sign in a single file may be a slip, which is better told as one. Many scripts of a database show none of it. */
function areMostly(marked: ReadonlyMap<string, ReadonlySet<ForeignSign>>, files: readonly string[]): boolean {
  const signs = new Set([...marked.values()].flatMap((own) => [...own]));
  const all = files.length;
  // The server refuses these at once: nobody leaves such a slip, and what goes back shows nothing.
  if (signs.has("clock")) {
    const ups = files.filter((path) => directionInName(path) !== "down").length;
    return marked.size * 2 >= ups;
  }
  const kinds = signs.size;
  if (marked.size * 2 > all) return marked.size > 1 || kinds > 1;
  // What it all starts from, and what fills it.
  if (all === 2 && (marked.get(files[0] ?? "")?.size ?? 0) > 1) return true;
  return kinds > 1 && marked.size > 2 && marked.size * 5 >= all;
}

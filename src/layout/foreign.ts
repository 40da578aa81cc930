import { createScanner, scanToken } from "../sql/scanner.ts";
import { joinPath } from "./paths.ts";
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

/** Whether the migrations of a folder are for another database, by what the tool says of itself or by how they quote names. */
export function isForeign(folder: Folder): boolean {
  for (const { file, words } of marks) {
    const text = folder.project.read(joinPath(folder.root, file));
    if (text !== null) return words.some((word) => text.includes(word));
  }
  const quoted = folder.files.filter((path) => hasBackTicks(folder.project.read(path)));
  // A single file may be a slip, which is better told as one.
  return quoted.length > 1 && quoted.length * 2 > folder.files.length;
}

/** Whether names stand in back-ticks, as in MySQL and nowhere in PostgreSQL. In comments and strings they mean nothing. */
function hasBackTicks(text: string | null): boolean {
  if (text === null || !text.includes("`")) return false;
  const scanner = createScanner(text, 0, text.length);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind !== "comment" && kind !== "string" && text.charCodeAt(scanner.start) === 96) return true;
  }
  return false;
}

import { baseName, folderOf, joinPath, leadingDigits, pathBelow, stemOf } from "./paths.ts";
import type { Folder } from "./types.ts";

/** Languages in which people write migrations beside those in SQL. */
const code =
  "go|js|cjs|mjs|jsx|ts|cts|mts|py|rb|java|kt|kts|groovy|scala|clj|cljc|edn|php|cs|fs|rs|exs?|pl|sh|fizz";
const codeFile = new RegExp(
  `^(?:(?:[vVrR]?\\d|R__).*\\.(?:${code})|[uU]\\d.*\\.rs|migration\\.(?:${code}))$`,
);
/** What only tests a migration, describes one, or was made from one. */
const beside = /[._](?:test|spec|d|sql|snap|designer)\.\w+$/i;

/** Whether a file may be a migration that is a program: its name has a version in front. */
export function isCodeFile(name: string): boolean {
  return codeFile.test(name) && !beside.test(name);
}

/**
 * The folder where a Java project keeps its classes, for one where it keeps its resources: Flyway finds `V2__words.java` there,
 * in whatever package.
 */
export function classesBeside(path: string): string | null {
  const at = path.lastIndexOf("src/main/resources/");
  return at === -1 || (at > 0 && path[at - 1] !== "/") ? null : `${path.slice(0, at)}src/main`;
}

/**
 * For each migration of the folder's tool that is a program, the path that it would have if it were SQL. One whose version a
 * script has, too, only runs that script.
 */
export function codeFilesOf(
  folder: Folder,
  isMigration: (path: string) => boolean,
): ReadonlyMap<string, string> {
  const versions = new Set(folder.files.map(versionOf));
  const homes = new Set(folder.files.map(folderOf));
  const [first = ""] = folder.files;
  const classes = classesBeside(first);
  const found = new Map<string, string>();
  for (const path of folder.project.paths) {
    const name = baseName(path);
    if (!isCodeFile(name)) continue;
    const isClass = /\.(?:java|kt|groovy|scala)$/.test(name);
    const home = folderOf(path);
    const isInside =
      homes.has(home) || (name.startsWith("migration.") && pathBelow(folder.root, home) !== null);
    if (!isInside && !(isClass && classes !== null && pathBelow(classes, path) !== null)) continue;
    const alike = joinPath(isInside ? home : folderOf(first), `${stemOf(name)}.sql`);
    const version = versionOf(alike);
    if (version !== "" && !versions.has(version) && isMigration(alike)) found.set(path, alike);
  }
  return found;
}

/** `1.2` of `V1_2__words.sql`, `12` of `012_words.sql` and of `12_words/migration.sql`; "" where there is none. */
function versionOf(path: string): string {
  const name = baseName(path);
  if (name.startsWith("R__")) return stemOf(name);
  const [, version] = /^[vV]?(\d[\d._-]*?)__/.exec(name) ?? [];
  const digits = leadingDigits(name) || leadingDigits(baseName(folderOf(path)));
  const parts = (version ?? digits).split(/[._-]/).filter((part) => part !== "");
  return parts.map((part) => part.replace(/^0+(?=\d)/, "")).join(".");
}

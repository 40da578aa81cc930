import { dashComments } from "../comments.ts";
import { endLine, nextFolderVersion, numberedPath, slugOf } from "../following.ts";
import { findConfig } from "../manifests.ts";
import { baseName, compareNatural, folderOf, hasPath, joinPath, stemOf } from "../paths.ts";
import type { Folder, Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, evidence, isInOwnFolder, isNumbered, share, someText } from "./shared.ts";

const breakpoint = "> statement-breakpoint";

/** Where the marks stand; they may follow a statement on its line. */
function breakpoints(text: string): number[] {
  if (!text.includes(breakpoint)) return [];
  return dashComments(text)
    .filter(({ body }) => body.startsWith(breakpoint))
    .map(({ start }) => start);
}

function journalOf(folder: Folder): string {
  return joinPath(folder.root, "meta/_journal.json");
}

/** The tags of the journal with their places in it; null if there is none that can be read. */
function readJournal(folder: Folder): ReadonlyMap<string, number> | null {
  const text = folder.project.read(journalOf(folder));
  if (text === null) return null;
  try {
    const journal: unknown = JSON.parse(text);
    const entries =
      typeof journal === "object" && journal !== null && "entries" in journal ? journal.entries : null;
    if (!Array.isArray(entries)) return null;
    const tags = entries.map((entry: unknown) =>
      typeof entry === "object" && entry !== null && "tag" in entry ? String(entry.tag) : "",
    );
    return new Map(tags.map((tag, index) => [tag, index]));
  } catch {
    return null;
  }
}

function isScript(path: string): boolean {
  return isInOwnFolder(path, ["migration.sql"]) || isNumbered(path);
}

/**
 * The journal's order; what it does not name does not run. A journal that names hardly anything is no longer kept: then
 * somebody runs the files by their numbers.
 */
function order(folder: Folder): string[] {
  const journal = readJournal(folder);
  const scripts = folder.files.filter(isScript);
  if (journal === null) return scripts.sort(compareNatural);
  const named = scripts.filter((path) => journal.has(stemOf(path)));
  if (named.length * 2 < scripts.length) return scripts.sort(compareNatural);
  return named.sort((a, b) => (journal.get(stemOf(a)) ?? 0) - (journal.get(stemOf(b)) ?? 0));
}

export const drizzle: Profile = {
  name: "drizzle",
  title: "Drizzle",
  source: "https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/pg-core/dialect.ts",
  placeholders: [],
  leaving: {
    by: "nothing",
    text: "",
    alone: false,
    words:
      "Drizzle runs all pending migrations in one transaction and has no way out of it: run the statement by hand, and keep it out of the migration or let it do nothing there (IF NOT EXISTS)",
  },
  // All in one transaction.
  keepsSession: true,
  comparesText: null,
  recursive: false,
  detect(folder) {
    const journal = journalOf(folder);
    if (hasPath(folder.project, journal)) return evidence(1, journal);
    if (someText(folder, breakpoint, (text) => breakpoints(text).length > 0))
      return evidence(0.97, "--> statement-breakpoint");
    if (share(folder, isScript) < 0.5) return null;
    const snapshot = folder.files.map((path) => joinPath(folderOf(path), "snapshot.json"));
    const found = snapshot.find((path) => hasPath(folder.project, path));
    if (found !== undefined) return evidence(0.96, found);
    const config = findConfig(folder, ["drizzle.config.ts", "drizzle.config.js", "drizzle.config.json"]);
    return config === null ? null : evidence(0.7, config);
  },
  isMigration: isScript,
  order,
  parse(text, path) {
    const breaks = breakpoints(text);
    const name = baseName(path) === "migration.sql" ? baseName(folderOf(path)) : stemOf(path);
    return [createUnit(path, wholeText(text), "run", { name, breaks })];
  },
  fill: asItIs,
  following(folder, { name, sql }) {
    const isFoldered = folder.files.some((path) => baseName(path) === "migration.sql");
    const path = isFoldered
      ? joinPath(folder.root, `${nextFolderVersion(folder)}_${slugOf(name)}/migration.sql`)
      : numberedPath(folder, name);
    return [{ path, text: endLine(sql) }];
  },
};

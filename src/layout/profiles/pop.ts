import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findConfig, findDependency } from "../manifests.ts";
import { baseName, directionInName, folderOf, joinPath, pathBelow, stemOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { compareTextUpDown, evidence, isNumbered, share, someText } from "./shared.ts";

function isScript(path: string): boolean {
  return isNumbered(path) && directionInName(path) !== null;
}

/** `1_words.autocommit.up.sql`, with or without the database: Ory's edition of pop runs it outside of a transaction. */
function isAutocommit(path: string): boolean {
  return baseName(path).includes(".autocommit.");
}

/** Where there is `1_words.postgres.up.sql`, `1_words.up.sql` is for the other databases. */
function withoutOthers(paths: readonly string[]): string[] {
  const own = new Set(paths.filter((path) => baseName(path).includes(".postgres.")).map(withoutDatabase));
  return paths.filter((path) => baseName(path).includes(".postgres.") || !own.has(withoutDatabase(path)));
}

function withoutDatabase(path: string): string {
  const name = baseName(path).replace(".postgres.", ".").replace(".autocommit.", ".");
  return joinPath(folderOf(path), name);
}

const styles = ["mustache"] as const;

export const pop: Profile = {
  name: "pop",
  title: "pop (soda)",
  source: "https://github.com/gobuffalo/pop/blob/main/file_migrator.go",
  placeholders: styles,
  leaving: {
    by: "nothing",
    text: "",
    alone: false,
    words:
      "pop runs every migration in a transaction and has no way out of it: run the statement by hand, before the migration",
  },
  // It runs each over a connection of the pool.
  keepsSession: false,
  comparesText: null,
  recursive: true,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    if (someText(folder, ".Options", (text) => text.includes("{{") && text.includes(".Options"))) {
      return evidence(0.98, "{{ index .Options ... }}");
    }
    const fizz = folder.project.paths.find(
      (path) => path.endsWith(".fizz") && pathBelow(folder.root, path) !== null,
    );
    if (fizz !== undefined) return evidence(0.98, fizz);
    const because =
      findDependency(folder, ["gobuffalo/pop", "ory/pop"], ["go.mod"]) ??
      findConfig(folder, ["database.yml"]);
    return because === null ? null : evidence(0.8, because);
  },
  isMigration: isScript,
  order: (folder) => withoutOthers(folder.files.filter(isScript)).sort(compareTextUpDown),
  parse: (text, path) => [
    createUnit(path, wholeText(text), isAutocommit(path) ? "message" : "file", {
      name: stemOf(stemOf(path)),
      direction: directionOf(path),
    }),
  ],
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, down }) {
    const stem = joinPath(lastFolder(folder), `${nextFileVersion(folder)}_${slugOf(name)}`);
    return [
      { path: `${stem}.up.sql`, text: endLine(sql) },
      { path: `${stem}.down.sql`, text: downLines(down) },
    ];
  },
};

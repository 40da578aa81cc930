import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findDependency } from "../manifests.ts";
import { directionInName, hasPath, joinPath, stemOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { compareUpDown, evidence, isNumbered, share } from "./shared.ts";

/** Not its own: programs fill them in before they hand it the files. */
const styles = ["mustache"] as const;

function isScript(path: string): boolean {
  return isNumbered(path) && directionInName(path) !== null;
}

export const golangMigrate: Profile = {
  name: "golang-migrate",
  title: "golang-migrate",
  source:
    "https://github.com/golang-migrate/migrate/blob/master/database/postgres/README.md#multi-statement-mode",
  placeholders: styles,
  leaving: {
    by: "itself",
    text: "",
    alone: true,
    words:
      "give it a file of its own: golang-migrate sends a file as one message, which is a transaction if it holds more than one statement",
  },
  // The driver pins one connection of the pool (database/postgres/postgres.go, WithInstance).
  keepsSession: true,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    const dependency = findDependency(folder, ["golang-migrate", "migrate/migrate"]);
    if (dependency !== null) return evidence(0.95, dependency);
    const sum = joinPath(folder.root, "atlas.sum");
    if (hasPath(folder.project, sum)) return evidence(0.93, "atlas.sum with .up.sql files");
    return evidence(0.7, "files named 1_words.up.sql");
  },
  isMigration: isScript,
  order: (folder) => folder.files.filter(isScript).sort(compareUpDown),
  parse: (text, path) => [
    createUnit(path, wholeText(text), "message", {
      name: stemOf(stemOf(path)),
      direction: directionOf(path),
    }),
  ],
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const stem = joinPath(lastFolder(folder), `${nextFileVersion(folder)}_${slugOf(name)}`);
    const text = transaction ? `BEGIN;\n${endLine(sql)}COMMIT;\n` : endLine(sql);
    const suffix = folder.files.some((path) => path.endsWith(".pgsql")) ? "pgsql" : "sql";
    const hasDown = folder.files.some((path) => directionInName(path) === "down");
    return [
      { path: `${stem}.up.${suffix}`, text },
      ...(hasDown ? [{ path: `${stem}.down.${suffix}`, text: downLines(down) }] : []),
    ];
  },
};

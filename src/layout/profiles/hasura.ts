import { downLines, endLine, lastFolder, nextFolderVersion, slugOf } from "../following.ts";
import { findConfig } from "../manifests.ts";
import { baseName, compareByNumber, compareText, folderOf, joinPath } from "../paths.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { asItIs, evidence, hasLongNumber, hasOwnTransactions, isInOwnFolder, share } from "./shared.ts";

function isScript(path: string): boolean {
  return isInOwnFolder(path, ["up.sql", "down.sql"]);
}

/** Milliseconds since 1970, as the console and the command line tool name folders. */
function isStamped(path: string): boolean {
  return hasLongNumber(baseName(folderOf(path)), 13);
}

export const hasura: Profile = {
  name: "hasura",
  title: "Hasura",
  source: "https://hasura.io/docs/latest/migrations-metadata-seeds/manage-migrations/",
  placeholders: [],
  leaving: {
    by: "nothing",
    text: "",
    alone: false,
    words:
      "Hasura runs a migration file in a transaction and has no way out of it: run the statement by hand, before the migration",
  },
  // Each file is a request of its own.
  keepsSession: false,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    const isHasura = share(folder, isStamped) > 0.5;
    const config = findConfig(folder, ["config.yaml"]);
    const isNamed = config !== null && (folder.project.read(config)?.includes("metadata_directory") ?? false);
    if (isNamed && config !== null) return evidence(0.97, config);
    if (isHasura) return evidence(0.9, "folders named 1700000000000_words");
    return hasOwnTransactions(folder) ? null : evidence(0.3, "folders with an up.sql");
  },
  isMigration: isScript,
  order: (folder) =>
    folder.files
      .filter(isScript)
      .sort((a, b) => compareByNumber(folderOf(a), folderOf(b)) || compareText(b, a)),
  parse: (text, path) => [
    createUnit(path, wholeText(text), "file", {
      name: baseName(folderOf(path)),
      direction: directionOf(path),
    }),
  ],
  fill: asItIs,
  following(folder, { name, sql, down }) {
    const at = joinPath(folderOf(lastFolder(folder)), `${nextFolderVersion(folder)}_${slugOf(name)}`);
    return [
      { path: `${at}/up.sql`, text: endLine(sql) },
      { path: `${at}/down.sql`, text: downLines(down) },
    ];
  },
};

import { downLines, endLine, lastFolder, nextVersion, slugOf } from "../following.ts";
import { findConfig } from "../manifests.ts";
import {
  baseName,
  compareByNumber,
  compareText,
  directionInName,
  folderOf,
  joinPath,
  leadingDigits,
  stemOf,
} from "../paths.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { asItIs, evidence, hasLongNumber, isInOwnFolder, isNumbered, share } from "./shared.ts";

function isInFolder(path: string): boolean {
  return isInOwnFolder(path, ["up.sql", "down.sql"]);
}

/** `1700000000000_words.up.sql`, as the first version wrote them: they are read beside folders (cli/migrate/source/file/file.go). */
function isFlat(path: string): boolean {
  return isNumbered(path) && directionInName(path) !== null;
}

function isScript(path: string): boolean {
  return isInFolder(path) || isFlat(path);
}

/** The name with the version in front: the folder's, or the file's without its ending. */
function nameOf(path: string): string {
  return isInFolder(path) ? baseName(folderOf(path)) : stemOf(stemOf(path));
}

/** Milliseconds since 1970, as the console and the command line tool name folders. */
function isStamped(path: string): boolean {
  return hasLongNumber(nameOf(path), 13);
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
    const config = findConfig(folder, ["config.yaml"]);
    const isNamed = config !== null && (folder.project.read(config)?.includes("metadata_directory") ?? false);
    if (isNamed && config !== null && share(folder, isStamped) > 0.5) return evidence(0.97, config);
    if (share(folder, isInFolder) < 0.5) return null;
    if (isNamed && config !== null) return evidence(0.97, config);
    return share(folder, isStamped) > 0.5 ? evidence(0.9, "folders named 1700000000000_words") : null;
  },
  isMigration: isScript,
  order: (folder) =>
    folder.files.filter(isScript).sort((a, b) => compareByNumber(nameOf(a), nameOf(b)) || compareText(b, a)),
  parse: (text, path) => [
    createUnit(path, wholeText(text), "file", {
      name: nameOf(path),
      direction: directionOf(path),
    }),
  ],
  fill: asItIs,
  following(folder, { name, sql, down }) {
    const last = folder.files.at(-1) ?? "";
    const above = isInFolder(last) ? folderOf(folderOf(last)) : lastFolder(folder);
    const version = nextVersion(folder.files.filter(isScript).map((path) => leadingDigits(nameOf(path))));
    const at = joinPath(above, `${version}_${slugOf(name)}`);
    return [
      { path: `${at}/up.sql`, text: endLine(sql) },
      { path: `${at}/down.sql`, text: downLines(down) },
    ];
  },
};

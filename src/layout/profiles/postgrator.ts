import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findPackage } from "../manifests.ts";
import { baseName, compareByNumber, isSqlFile, joinPath } from "../paths.ts";
import type { Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, evidence, share } from "./shared.ts";

/** `001.do.sql`, `001.do.some-words.sql`, or the same with `undo`. */
const scriptName = /^(\d+)\.(do|undo)\.(?:.*\.)?\w+$/;

function isScript(path: string): boolean {
  return isSqlFile(path) && scriptName.test(baseName(path));
}

function isUndo(path: string): boolean {
  return scriptName.exec(baseName(path))?.[2] === "undo";
}

/** The number with which both halves of a migration start. */
function versionOf(path: string): string {
  return scriptName.exec(baseName(path))?.[1] ?? "";
}

export const postgrator: Profile = {
  name: "postgrator",
  title: "Postgrator",
  source: "https://github.com/rickbergfalk/postgrator#usage",
  placeholders: [],
  leaving: {
    by: "itself",
    text: "",
    alone: true,
    words:
      "give it a file of its own: Postgrator sends a file as one message, which is a transaction if it holds more than one statement",
  },
  // The application hands it a client or a pool.
  keepsSession: false,
  comparesText: "https://github.com/rickbergfalk/postgrator#checksum-validation",
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    const dependency = findPackage(folder, "postgrator");
    return dependency === null ? evidence(0.85, "files named 1.do.words.sql") : evidence(0.95, dependency);
  },
  isMigration: isScript,
  order: (folder) =>
    folder.files
      .filter(isScript)
      .sort((a, b) => compareByNumber(versionOf(a), versionOf(b)) || Number(isUndo(a)) - Number(isUndo(b))),
  parse: (text, path) => [
    createUnit(path, wholeText(text), "message", {
      name: versionOf(path),
      pair: versionOf(path),
      direction: isUndo(path) ? "down" : "up",
    }),
  ],
  fill: asItIs,
  following(folder, { name, sql, transaction, down }) {
    const version = nextFileVersion(folder);
    const words = slugOf(name, "-");
    const at = (direction: string) => joinPath(lastFolder(folder), `${version}.${direction}.${words}.sql`);
    const text = transaction ? `BEGIN;\n${endLine(sql)}COMMIT;\n` : endLine(sql);
    const hasUndo = folder.files.some(isUndo);
    return [{ path: at("do"), text }, ...(hasUndo ? [{ path: at("undo"), text: downLines(down) }] : [])];
  },
};

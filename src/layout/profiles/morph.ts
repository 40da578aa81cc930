import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findDependency } from "../manifests.ts";
import { directionInName, joinPath, stemOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { compareUpDown, evidence, isNumbered, share, someText } from "./shared.ts";

const mark = "-- morph:nontransactional";

// morph takes its files from memory as well: programs fill their own templates first.
const styles = ["mustache"] as const;

function isScript(path: string): boolean {
  return isNumbered(path) && directionInName(path) !== null;
}

export const morph: Profile = {
  name: "morph",
  title: "morph",
  source: "https://github.com/mattermost/morph/blob/master/drivers/postgres/postgres.go",
  placeholders: styles,
  leaving: {
    by: "line",
    text: mark,
    alone: true,
    words: `make \`${mark}\` the first line of a file of its own: morph sends a file as one message, which is a transaction if it holds more than one statement`,
  },
  // The driver grabs one connection of the pool (WithInstance).
  keepsSession: true,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    if (someText(folder, "morph:nontransactional", (text) => text.startsWith(mark)))
      return evidence(0.97, mark);
    const dependency = findDependency(folder, ["mattermost/morph"]);
    return dependency === null ? null : evidence(0.96, dependency);
  },
  isMigration: isScript,
  order: (folder) => folder.files.filter(isScript).sort(compareUpDown),
  parse(text, path) {
    const isWithout = text.startsWith(mark);
    const marker = isWithout ? { start: 0, end: mark.length } : null;
    const about = { name: stemOf(stemOf(path)), direction: directionOf(path), marker };
    return [createUnit(path, wholeText(text), isWithout ? "message" : "file", about)];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const head = transaction ? "" : `${mark}\n`;
    const stem = joinPath(lastFolder(folder), `${nextFileVersion(folder)}_${slugOf(name)}`);
    return [
      { path: `${stem}.up.sql`, text: `${head}${endLine(sql)}` },
      { path: `${stem}.down.sql`, text: `${head}${downLines(down)}` },
    ];
  },
};

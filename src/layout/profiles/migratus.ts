import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findDependency } from "../manifests.ts";
import { baseName, compareByNumber, directionInName, joinPath } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { evidence, mayHoldSign, share } from "./shared.ts";

const styles = ["dollar"] as const;
const without = "-- :disable-transaction";

/** `20240131120000-words.up.sql`, without a dot in the words. */
const scriptName = /^\d+-[^.]+\.(?:up|down)\.sql$/;

function isScript(path: string): boolean {
  return scriptName.test(baseName(path));
}

/** Where the lines with `--;;` end: what stands between them is handed over at once. */
function breaksOf(text: string): number[] {
  return [...text.matchAll(/^.*--;;.*(?:\r?\n|$)/gm)].map(({ index, 0: line }) => index + line.length);
}

export const migratus: Profile = {
  name: "migratus",
  title: "Migratus",
  source: "https://github.com/yogthos/migratus/blob/master/src/migratus/migration/sql.clj",
  placeholders: styles,
  leaving: {
    by: "line",
    text: without,
    alone: true,
    words: `make \`${without}\` the first line of a file of its own: Migratus hands over what stands between two lines of --;; at once`,
  },
  // It connects once for all that is pending (database.clj).
  keepsSession: true,
  comparesText: null,
  recursive: true,
  detect(folder) {
    const named = share(folder, isScript);
    if (named < 0.5) return null;
    const dependency = findDependency(folder, ["migratus"], ["project.clj", "deps.edn", "build.clj"]);
    if (dependency !== null) return evidence(0.96, dependency);
    return mayHoldSign(folder, /^--;;/m) ? evidence(0.9, "--;; between statements") : null;
  },
  isMigration: isScript,
  order: (folder) =>
    folder.files
      .filter(isScript)
      .sort((a, b) => compareByNumber(baseOf(a), baseOf(b)) || directionRank(a) - directionRank(b)),
  parse(text, path) {
    const isWithout = text.startsWith(without);
    return [
      createUnit(path, wholeText(text), isWithout ? "message" : "file", {
        name: baseOf(path),
        pair: baseOf(path),
        direction: directionOf(path),
        marker: isWithout ? { start: 0, end: without.length } : null,
        breaks: breaksOf(text),
      }),
    ];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const stem = joinPath(lastFolder(folder), `${nextFileVersion(folder)}-${slugOf(name, "-")}`);
    const head = transaction ? "" : `${without}\n`;
    const hasDown = folder.files.some((path) => directionInName(path) === "down");
    return [
      { path: `${stem}.up.sql`, text: `${head}${endLine(sql)}` },
      ...(hasDown
        ? [{ path: `${stem}.down.sql`, text: down === undefined ? "" : `${head}${downLines(down)}` }]
        : []),
    ];
  },
};

/** The name without its direction. */
function baseOf(path: string): string {
  return baseName(path).replace(/\.(?:up|down)\.sql$/, "");
}

function directionRank(path: string): number {
  return Number(directionInName(path) === "down");
}

import { type LineComment, lineComments } from "../comments.ts";
import { downLines, endLine, numberedPath } from "../following.ts";
import { findPackage } from "../manifests.ts";
import { directionInName } from "../paths.ts";
import type { Profile, Unit } from "../types.ts";
import { createUnit, directionOf, type Section, sectionSpans, wholeText } from "../units.ts";
import { asItIs, compareUpDown, evidence, isNumbered, mayHoldSign, share } from "./shared.ts";

/** `-- Up Migration` or `-- Down Migration`, in any case and with any number of dashes. */
function sectionOf(comment: LineComment): Section | null {
  const body = comment.body.replace(/^[\s-]+/, "").toLowerCase();
  if (/^up\s+migration/.test(body)) return { mark: comment, direction: "up" };
  return /^down\s+migration/.test(body) ? { mark: comment, direction: "down" } : null;
}

const sign = /(?:up|down)\s+migration/i;

/** The first mark of each direction: others are comments. */
function sectionsOf(text: string): Section[] {
  if (!sign.test(text)) return [];
  const sections: Section[] = [];
  for (const comment of lineComments(text)) {
    const section = sectionOf(comment);
    if (section !== null && sections.every(({ direction }) => direction !== section.direction))
      sections.push(section);
  }
  return sections;
}

function parse(text: string, path: string): Unit[] {
  const sections = sectionsOf(text);
  const isUp = sections.some(({ direction }) => direction === "up");
  const units = sectionSpans(text, sections).map((span, index) =>
    createUnit(path, span, "run", { direction: sections[index]?.direction ?? "up" }),
  );
  // Without a mark for "up" the whole file is that, even the part below "down".
  return isUp
    ? units
    : [createUnit(path, wholeText(text), "run", { direction: directionOf(path) }), ...units];
}

export const nodePgMigrate: Profile = {
  name: "node-pg-migrate",
  title: "node-pg-migrate",
  source: "https://github.com/salsita/node-pg-migrate/blob/main/src/sqlMigration.ts",
  placeholders: [],
  leaving: {
    by: "nothing",
    text: "",
    alone: false,
    words:
      "node-pg-migrate cannot run an SQL file without a transaction: write the migration in JavaScript with pgm.noTransaction(), which commits what ran before it",
  },
  // One client, and one transaction (runner.ts).
  keepsSession: true,
  comparesText: null,
  recursive: false,
  detect(folder) {
    // A way back alone is a sentence: "Down migrations are not available".
    const isMarked = (path: string) =>
      sectionsOf(folder.project.read(path) ?? "").some(({ direction }) => direction === "up");
    const mayBeMarked = mayHoldSign(folder, /migration/i) && mayHoldSign(folder, sign);
    // In files of one direction each, it is a heading that anybody may write.
    const isSplit = share(folder, (path) => directionInName(path) !== null) > 0.5;
    if (!isSplit && mayBeMarked && share(folder, isMarked) > 0.3) return evidence(0.97, "-- Up Migration");
    if (share(folder, (path) => isNumbered(path, "_-")) < 0.5) return null;
    const dependency = findPackage(folder, "node-pg-migrate");
    return dependency === null ? null : evidence(0.92, dependency);
  },
  isMigration: (path) => isNumbered(path, "_-"),
  order: (folder) => folder.files.filter((path) => isNumbered(path, "_-")).sort(compareUpDown),
  parse,
  fill: asItIs,
  following(folder, { name, sql, down }) {
    const text = `-- Up Migration\n${endLine(sql)}\n-- Down Migration\n${downLines(down)}`;
    return [{ path: numberedPath(folder, name, ".sql", "_"), text }];
  },
};

import { findMark } from "../comments.ts";
import { downLines, endLine, numberedPath } from "../following.ts";
import { findConfig } from "../manifests.ts";
import { folderOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Direction, Profile, Unit } from "../types.ts";
import { createUnit, type Section, sectionSpans } from "../units.ts";
import { byNumber, evidence, isNumbered, share, someText } from "./shared.ts";

const divider = "-- create above / drop below ----";
const without = "-- tern: disable-tx ----";

function parse(text: string, path: string): Unit[] {
  const border = findMark(text, divider);
  const sections: Section[] = [{ mark: { start: 0, end: 0 }, direction: "up" }];
  if (border !== null) sections.push({ mark: border, direction: "down" });
  return sectionSpans(text, sections).map((span, index) => {
    const direction: Direction = sections[index]?.direction ?? "up";
    const found = findMark(text.slice(span.start, span.end), without);
    const marker = found === null ? null : { start: span.start + found.start, end: span.start + found.end };
    return createUnit(path, span, marker === null ? "file" : "none", { direction, marker });
  });
}

const styles = ["mustache"] as const;

export const tern: Profile = {
  name: "tern",
  title: "tern",
  source: "https://github.com/jackc/tern#migrations",
  placeholders: styles,
  leaving: {
    by: "line",
    text: "---- tern: disable-tx ----",
    alone: false,
    words: "add the line `---- tern: disable-tx ----` to a file of its own",
  },
  // It sends RESET ALL behind each migration (migrate/migrate.go).
  keepsSession: false,
  comparesText: null,
  // "no sql in forward migration step" (migrate/migrate.go), for this file and with it for all.
  needsStatement: true,
  recursive: false,
  detect(folder) {
    const isMarked = (text: string) => findMark(text, divider) !== null || findMark(text, without) !== null;
    if (someText(folder, divider, isMarked) || someText(folder, without, isMarked))
      return evidence(1, "---- create above / drop below ----");
    if (share(folder, (path) => isNumbered(path)) < 0.5) return null;
    const config = findConfig(folder, ["tern.conf"]);
    return config === null ? null : evidence(0.95, config);
  },
  // Sub-folders hold templates.
  isMigration: (path, folder) => isNumbered(path) && folderOf(path) === folder.root,
  order: (folder) => byNumber(folder, (path) => isNumbered(path)),
  parse,
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const head = transaction ? "" : `--${without}\n`;
    // Either direction looks for the line in its own half.
    const back = down === undefined ? "" : `${head}${downLines(down)}`;
    return [{ path: numberedPath(folder, name), text: `${head}${endLine(sql)}\n--${divider}\n${back}` }];
  },
};

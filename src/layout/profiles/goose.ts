import { type LineComment, lineComments } from "../comments.ts";
import { isOwnOfFolder } from "../dialects.ts";
import { downLines, endLine, numberedPath, wrapBodies } from "../following.ts";
import { compareByNumber, folderOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { bordersOf, cutsIn, lineBorders } from "../semicolons.ts";
import type { Profile, Unit } from "../types.ts";
import { createUnit, type Section, sectionSpans } from "../units.ts";
import { evidence, isNumbered, someText } from "./shared.ts";

/** The annotation of a comment, in lower case: `up`, `down`, `no transaction`; null for any other comment. */
function annotationOf(comment: LineComment): string | null {
  if (comment.indent !== 0) return null;
  const body = comment.body.replaceAll("--", "").trim();
  return body.startsWith("+goose") ? body.slice("+goose".length).trim().toLowerCase() : null;
}

function isGoose(text: string): boolean {
  return text.includes("+goose") && lineComments(text).some((comment) => annotationOf(comment) === "up");
}

function parse(text: string, path: string): Unit[] {
  const comments = text.includes("+goose") ? lineComments(text) : [];
  const marker = comments.find((comment) => annotationOf(comment) === "no transaction") ?? null;
  const sections: Section[] = [];
  for (const comment of comments) {
    const annotation = annotationOf(comment);
    if (annotation === "up" || annotation === "down") sections.push({ mark: comment, direction: annotation });
  }
  if (sections.length === 0) return [];
  const spans = sectionSpans(text, sections);
  const breaks = bordersOf(lineBorders(text, comments, "+goose"), spans);
  const cuts = bordersOf(cutsIn(text, comments, "+goose"), spans);
  return spans.map((span, index) =>
    createUnit(path, span, marker === null ? "file" : "message", {
      direction: sections[index]?.direction ?? "up",
      marker,
      breaks: breaks[index] ?? [],
      cuts: cuts[index] ?? [],
    }),
  );
}

/** Its forks read a folder for each migration, too, with one file for each database. */
function isScript(path: string): boolean {
  return isNumbered(path) || isOwnOfFolder(path);
}

function compareVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((path) => (isOwnOfFolder(path) ? folderOf(path) : path));
  return compareByNumber(first ?? a, second ?? b);
}

const styles = ["dollar"] as const;

/** Everywhere else a semicolon at the end of a line ends a statement. */
const bodyMarks = { begin: "-- +goose StatementBegin", end: "-- +goose StatementEnd" };

export const goose: Profile = {
  name: "goose",
  title: "goose",
  source: "https://pressly.github.io/goose/documentation/annotations/",
  placeholders: styles,
  leaving: {
    by: "line",
    text: "-- +goose NO TRANSACTION\n-- +goose Up",
    alone: false,
    words: "add the line `-- +goose NO TRANSACTION` at the top of a file of its own",
  },
  bodyMarks,
  // The command line tool runs them over a pool (migration_sql.go).
  keepsSession: false,
  comparesText: null,
  recursive: false,
  detect: (folder) => (someText(folder, "+goose", isGoose) ? evidence(1, "-- +goose Up") : null),
  isMigration: isScript,
  order: (folder) => folder.files.filter(isScript).sort(compareVersions),
  parse,
  // Only between ENVSUB ON and OFF does goose read placeholders.
  fill: (text) => (/\+goose envsub on/i.test(text) ? fillPlaceholders(text, styles) : text),
  following(folder, { name, sql, transaction, down }) {
    const head = transaction ? "" : "-- +goose NO TRANSACTION\n";
    const wrap = (part: string) => wrapBodies(part, bodyMarks);
    const text = `${head}-- +goose Up\n${endLine(wrap(sql))}\n-- +goose Down\n${downLines(wrap(down ?? ""))}`;
    return [{ path: numberedPath(folder, name), text }];
  },
};

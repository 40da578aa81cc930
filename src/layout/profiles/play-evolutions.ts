import { tokenize } from "../../sql/tokens.ts";
import { downLines, endLine, lastFolder, nextFileVersion } from "../following.ts";
import { baseName, folderOf, foldersUp, joinPath } from "../paths.ts";
import type { Leaving, Profile, ProjectView, Unit } from "../types.ts";
import { createUnit, type Section, sectionSpans } from "../units.ts";
import { byNumber, evidence, someText } from "./shared.ts";

/** The lines `# --- !Ups` and `# --- !Downs`, or with dashes in front: the tool looks at the start of the line and for the word. */
function marksOf(text: string): Section[] {
  if (!text.includes("!Ups") && !text.includes("!Downs")) return [];
  return [...text.matchAll(/^[ \t]*(?:#|--).*!(Ups|Downs).*$/gm)].map((match) => ({
    mark: { start: match.index, end: match.index + match[0].length },
    direction: match[1] === "Ups" ? "up" : "down",
  }));
}

/** Every single semicolon ends a statement, in bodies and comments too; a double one stands for a semicolon inside of one. */
function bordersIn(text: string, start: number, end: number): number[] {
  const borders: number[] = [];
  for (let at = text.indexOf(";", start); at !== -1 && at < end; at = text.indexOf(";", at + 1))
    if (text[at - 1] !== ";" && text[at + 1] !== ";") borders.push(at + 1);
  return borders;
}

function isEvolution(path: string): boolean {
  return /^[1-9]\d*\.sql$/.test(baseName(path));
}

/** Whether the application asks for one transaction around all evolutions: the connection commits by itself otherwise. */
function isInOne(path: string, project: ProjectView): boolean {
  const settings = foldersUp(folderOf(path))
    .slice(0, 3)
    .map((folder) => project.read(joinPath(folder, "application.conf")));
  return settings.some((text) => text !== null && /^(?!\s*#).*\bautocommit\s*[=:]\s*false\b/m.test(text));
}

function parse(text: string, path: string, project: ProjectView): Unit[] {
  const marks = marksOf(text);
  const transaction = isInOne(path, project) ? "run" : "message";
  return sectionSpans(text, marks).map((span, index) =>
    createUnit(path, span, transaction, {
      direction: marks[index]?.direction ?? "up",
      breaks: bordersIn(text, span.start, span.end),
    }),
  );
}

const leaving: Leaving = {
  by: "itself",
  text: "",
  alone: false,
  words: "end it with a single semicolon: each statement then commits by itself",
};

const never: Leaving = {
  ...leaving,
  by: "nothing",
  words: "set play.evolutions.autocommit = true: all evolutions share one transaction otherwise",
};

export const playEvolutions: Profile = {
  name: "play-evolutions",
  title: "Play evolutions",
  source:
    "https://github.com/playframework/playframework/blob/main/persistence/play-jdbc-evolutions/src/main/scala/play/api/db/evolutions/EvolutionsApi.scala",
  placeholders: [],
  leaving,
  leavingOf: (path, project) => (isInOne(path, project) ? never : leaving),
  // One connection runs them all.
  keepsSession: true,
  comparesText:
    "https://github.com/playframework/playframework/blob/main/persistence/play-jdbc-evolutions/src/main/scala/play/api/db/evolutions/Evolutions.scala",
  recursive: false,
  detect: (folder) =>
    someText(folder, "!Ups", (text, path) => isEvolution(path) && marksOf(text).length > 0)
      ? evidence(1, "# --- !Ups")
      : null,
  isMigration: isEvolution,
  order: (folder) => byNumber(folder, isEvolution),
  parse,
  fill: (text) => text.replaceAll(";;", "; "),
  following(folder, { sql, transaction, down = "" }) {
    const path = joinPath(lastFolder(folder), `${nextFileVersion(folder).replace(/^0+/, "")}.sql`);
    const up = endLine(doubled(sql));
    const body = transaction && !isInOne(path, folder.project) ? `BEGIN;\n${up}COMMIT;\n` : up;
    const text = `# --- !Ups\n\n${body}\n# --- !Downs\n\n${downLines(doubled(down))}`;
    return [{ path, text }];
  },
};

/** SQL with the semicolons inside of its bodies, strings and comments doubled. */
function doubled(sql: string): string {
  let result = "";
  let done = 0;
  for (const { kind, start, end } of tokenize(sql)) {
    if (kind !== "string" && kind !== "comment" && kind !== "quoted") continue;
    result += sql.slice(done, start) + sql.slice(start, end).replaceAll(";", ";;");
    done = end;
  }
  return result + sql.slice(done);
}

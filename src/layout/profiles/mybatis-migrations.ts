import { lineComments } from "../comments.ts";
import { downLines, endLine, numberedPath } from "../following.ts";
import { isEnvironment } from "../manifests.ts";
import { baseName, compareByNumber, folderOf, pathBelow } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Folder, Profile, ProjectView, Unit } from "../types.ts";
import { createUnit, type Section, sectionSpans } from "../units.ts";
import { evidence, isNumbered, share, someText } from "./shared.ts";

const styles = ["dollar"] as const;
const undo = /^\s*\/\/\s*@UNDO\s*$/i;

/** What runs once, before all others. */
function isBootstrap(path: string): boolean {
  return baseName(path) === "bootstrap.sql";
}

function isScript(path: string): boolean {
  return isNumbered(path) || isBootstrap(path);
}

/** The settings of each database, in the folder beside the one that holds the scripts. */
function environmentsOf(path: string, project: ProjectView): string[] {
  const base = folderOf(folderOf(path));
  return project.paths.filter(
    (other) => isEnvironment(other) && pathBelow(base, other)?.split("/").length === 2,
  );
}

function findEnvironment({ files, project }: Folder): string | null {
  const [first] = files;
  return first === undefined ? null : (environmentsOf(first, project)[0] ?? null);
}

/** Each script is one transaction, or each of its statements, where all environments say so. */
function isWrapped(path: string, project: ProjectView): boolean {
  const settings = environmentsOf(path, project).map((other) => project.read(other) ?? "");
  return (
    settings.length === 0 ||
    !settings.every((text) => /^[ \t]*auto_commit[ \t]*[=:][ \t]*true\b/im.test(text))
  );
}

function parse(text: string, path: string, project: ProjectView): Unit[] {
  const mark = text.includes("@") ? lineComments(text).find(({ body }) => undo.test(body)) : undefined;
  const sections: Section[] = [{ mark: { start: 0, end: 0 }, direction: "up" }];
  if (mark !== undefined) sections.push({ mark, direction: "down" });
  const transaction = isWrapped(path, project) ? "file" : "none";
  return sectionSpans(text, sections).map((span, index) =>
    createUnit(path, span, transaction, { direction: sections[index]?.direction ?? "up" }),
  );
}

export const mybatisMigrations: Profile = {
  name: "mybatis-migrations",
  title: "MyBatis Migrations",
  source: "https://mybatis.org/migrations/migrate.html",
  placeholders: styles,
  leaving: {
    by: "nothing",
    text: "",
    alone: true,
    words:
      "give it a file of its own, and run that one with `auto_commit=true` in the properties of the environment: nothing in the file leaves the transaction of MyBatis",
  },
  // One connection runs all that is pending (operations/UpOperation.java).
  keepsSession: true,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    const isMarked = (text: string) => lineComments(text).some(({ body }) => undo.test(body));
    if (someText(folder, /@UNDO/i, isMarked)) return evidence(1, "-- //@UNDO");
    const environment = findEnvironment(folder);
    return environment === null ? null : evidence(0.9, environment);
  },
  isMigration: isScript,
  order: (folder) =>
    folder.files
      .filter(isScript)
      .sort((a, b) => Number(isBootstrap(b)) - Number(isBootstrap(a)) || compareByNumber(a, b)),
  parse,
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, down }) {
    const text = `-- // ${name}\n${endLine(sql)}\n-- //@UNDO\n${downLines(down)}`;
    return [{ path: numberedPath(folder, name), text }];
  },
};

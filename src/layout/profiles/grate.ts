import { findDotnetPackage } from "../dotnet.ts";
import { endLine, nextFileVersion, slugOf } from "../following.ts";
import { findDependency } from "../manifests.ts";
import {
  baseName,
  compareText,
  folderOf,
  foldersUp,
  isSqlFile,
  joinPath,
  leadingDigits,
  pathBelow,
} from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { grateSteps } from "../step-folders.ts";
import type { Folder, Profile, ProjectView } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence } from "./shared.ts";

const styles = ["mustache"] as const;

/** Names that nothing else has. */
const ownNames =
  /^(?:before|after)migration$|^alterdatabase$|^run(?:aftercreatedatabase|beforeup|firstafterup|afterotheranytimescripts)$|^sprocs$/;

/** The folder that grate is given: the one around `up` and its like. */
function homeOf(project: ProjectView, path: string): string | null {
  for (const folder of foldersUp(folderOf(path))) {
    if (folder === "" || !grateSteps.includes(baseName(folder).toLowerCase())) continue;
    const home = folderOf(folder);
    if (stepsIn(project, home).has("up")) return home;
  }
  return null;
}

const known = new WeakMap<ProjectView, Map<string, Set<string>>>();

/** The steps for which a folder has scripts. */
function stepsIn(project: ProjectView, home: string): ReadonlySet<string> {
  const found = known.get(project) ?? findSteps(project);
  known.set(project, found);
  return found.get(home) ?? new Set();
}

function findSteps(project: ProjectView): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of project.paths) {
    if (!isSqlFile(path)) continue;
    for (const folder of foldersUp(folderOf(path))) {
      const step = baseName(folder).toLowerCase();
      if (folder === "" || !grateSteps.includes(step)) continue;
      const home = folderOf(folder);
      found.set(home, (found.get(home) ?? new Set()).add(step));
    }
  }
  return found;
}

function stepOf(path: string, home: string): string {
  const [first = ""] = (pathBelow(home, path) ?? "").split("/", 1);
  return first.toLowerCase();
}

function placeOf(path: string, home: string): number {
  return grateSteps.indexOf(stepOf(path, home));
}

function homeOfFolder({ files, project }: Folder): string | null {
  const [first] = files;
  return first === undefined ? null : homeOf(project, first);
}

export const grate: Profile = {
  name: "grate",
  title: "grate",
  source:
    "https://github.com/grate-devs/grate/blob/main/src/grate.core/Configuration/FoldersConfiguration.cs",
  placeholders: styles,
  leaving: {
    by: "itself",
    text: "",
    alone: false,
    words: "run grate without --transaction, which is the default: it sends statement by statement",
  },
  // It may open a connection anew for each folder (GrateMigrator.cs).
  keepsSession: false,
  comparesText: "https://github.com/grate-devs/grate/blob/main/docs/ScriptTypes/OneTimeScripts.md",
  recursive: true,
  joinsOneDatabase: true,
  joins: (first, second) => {
    const home = homeOfFolder(first);
    return home !== null && home === homeOfFolder(second) ? true : null;
  },
  detect(folder) {
    const home = homeOfFolder(folder);
    if (home === null) return null;
    const tool =
      findDotnetPackage(folder, ["grate"]) ?? findDependency(folder, ["erikbra/grate", "grate-devs/grate"]);
    if (tool !== null) return evidence(0.97, tool);
    const own = [...stepsIn(folder.project, home)].find((step) => ownNames.test(step));
    return own === undefined ? null : evidence(0.9, `folders named up and ${own}`);
  },
  isMigration: (path, { project }) => isSqlFile(path) && homeOf(project, path) !== null,
  order(folder) {
    const home = homeOfFolder(folder) ?? folder.root;
    const nameOf = (path: string) => path.toLowerCase().replace(/\.\w+$/, "");
    return folder.files
      .filter((path) => placeOf(path, home) !== -1)
      .sort((a, b) => placeOf(a, home) - placeOf(b, home) || compareText(nameOf(a), nameOf(b)));
  },
  parse(text, path, project) {
    const home = homeOf(project, path);
    const isOnce = home === null || stepOf(path, home) === "up";
    return [createUnit(path, wholeText(text), "none", { direction: isOnce ? "up" : "repeatable" })];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction }) {
    const home = homeOfFolder(folder) ?? folder.root;
    const files = folder.files.filter((path) => stepOf(path, home) === "up");
    const last = files.at(-1) ?? "";
    const digits = leadingDigits(baseName(last));
    const joiner = digits === "" ? "_" : (baseName(last)[digits.length] ?? "_");
    const file = `${nextFileVersion({ ...folder, files })}${joiner}${slugOf(name)}.sql`;
    const text = transaction ? `BEGIN;\n${endLine(sql)}COMMIT;\n` : endLine(sql);
    return [{ path: joinPath(folderOf(last) || joinPath(home, "up"), file), text }];
  },
};

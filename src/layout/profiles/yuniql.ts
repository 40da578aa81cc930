import { findDotnetPackage } from "../dotnet.ts";
import { endLine, slugOf } from "../following.ts";
import {
  baseName,
  compareDigits,
  compareText,
  folderOf,
  foldersUp,
  isSqlFile,
  joinPath,
  leadingDigits,
  pathBelow,
} from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { isYuniqlVersion } from "../step-folders.ts";
import type { Folder, Profile, ProjectView } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence } from "./shared.ts";

const styles = ["dollar"] as const;

/** The folders beside the versions, in the order in which Yuniql goes through them; `_init` before the first version only. */
const before = ["_init", "_pre"];
const after = ["_draft", "_post"];
const reserved = new Set([...before, ...after, "_erase"]);

/** `v0.01`, `v2.03-rebuild-index`: the digits of its version. */
function versionOf(name: string): readonly string[] | null {
  return /^v(\d+(?:\.\d+){0,2})/.exec(name)?.[1]?.split(".") ?? null;
}

function isStep(name: string): boolean {
  return versionOf(name) !== null || (reserved.has(name) && name !== "_erase");
}

/** The workspace: the folder around the versions. */
function homeOf(path: string): string | null {
  const step = foldersUp(folderOf(path)).find((folder) => folder !== "" && isStep(baseName(folder)));
  return step === undefined ? null : folderOf(step);
}

function homeOfFolder({ files }: Folder): string | null {
  const [first] = files;
  return first === undefined ? null : homeOf(first);
}

function stepOf(path: string, home: string): string {
  return (pathBelow(home, path) ?? "").split("/", 1)[0] ?? "";
}

function compareSteps(a: string, b: string): number {
  const [first, second] = [versionOf(a), versionOf(b)];
  if (first === null || second === null) return rankOf(a) - rankOf(b);
  for (const k of [0, 1, 2]) {
    const order = compareDigits(first[k] ?? "0", second[k] ?? "0");
    if (order !== 0) return order;
  }
  return compareText(a, b);
}

function rankOf(step: string): number {
  if (before.includes(step)) return before.indexOf(step) - before.length;
  return after.indexOf(step) + 1;
}

const known = new WeakMap<ProjectView, ReadonlySet<string>>();

/** The workspaces of a project that have a folder that no other tool has: `_pre` and its like, or `v0.00` beside other versions. */
function workspaces(project: ProjectView): ReadonlySet<string> {
  const found = known.get(project) ?? findWorkspaces(project);
  known.set(project, found);
  return found;
}

function findWorkspaces(project: ProjectView): ReadonlySet<string> {
  const found = new Set<string>();
  const versions = new Map<string, Set<string>>();
  for (const path of project.paths)
    for (const folder of foldersUp(folderOf(path))) {
      const name = baseName(folder);
      const home = folderOf(folder);
      if (reserved.has(name)) found.add(home);
      else if (isYuniqlVersion(name)) versions.set(home, (versions.get(home) ?? new Set()).add(name));
    }
  for (const [home, names] of versions) if (names.has("v0.00") && names.size > 1) found.add(home);
  return found;
}

export const yuniql: Profile = {
  name: "yuniql",
  title: "Yuniql",
  source: "https://github.com/rdagumampan/yuniql/blob/master/yuniql-core/MigrationService.cs",
  placeholders: styles,
  leaving: {
    by: "nothing",
    text: "",
    alone: false,
    words:
      "run yuniql with --transaction-mode none, which then holds for every version that is pending: by default all of them are one transaction",
  },
  // All in one transaction.
  keepsSession: true,
  comparesText: null,
  recursive: true,
  joinsOneDatabase: true,
  joins: (first, second) => {
    const home = homeOfFolder(first);
    return home !== null && home === homeOfFolder(second) ? true : null;
  },
  detect(folder) {
    const home = homeOfFolder(folder);
    if (home === null) return null;
    const tool = findDotnetPackage(folder, [
      "Yuniql.AspNetCore",
      "Yuniql.Core",
      "Yuniql.PostgreSql",
      "Yuniql.CLI",
      ".Yuniql",
    ]);
    if (tool !== null) return evidence(0.97, tool);
    return workspaces(folder.project).has(home)
      ? evidence(0.9, "folders named v0.00 and v0.01, or beside _pre or _post")
      : null;
  },
  isMigration: (path) => isSqlFile(path) && homeOf(path) !== null,
  order(folder) {
    const home = homeOfFolder(folder) ?? folder.root;
    // A folder's own scripts run before those of the folders in it.
    return folder.files
      .filter((path) => isStep(stepOf(path, home)))
      .sort(
        (a, b) =>
          compareSteps(stepOf(a, home), stepOf(b, home)) ||
          compareText(folderOf(a), folderOf(b)) ||
          compareText(baseName(a), baseName(b)),
      );
  },
  parse(text, path) {
    const home = homeOf(path);
    const step = home === null ? "" : stepOf(path, home);
    const isOnce = versionOf(step) !== null || step === "_init";
    const name = `${step}/${baseName(path)}`;
    return [createUnit(path, wholeText(text), "run", { name, direction: isOnce ? "up" : "repeatable" })];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql }) {
    const home = homeOfFolder(folder) ?? folder.root;
    const versions = folder.files
      .map((path) => stepOf(path, home))
      .filter((step) => versionOf(step) !== null);
    const last = versions.sort(compareSteps).at(-1) ?? "v0.00";
    const parts = [...(versionOf(last) ?? [])];
    const digits = parts.pop() ?? "0";
    const next = [...parts, String(Number(digits) + 1).padStart(digits.length, "0")].join(".");
    const first = folder.files.find((path) => stepOf(path, home) === last) ?? "";
    const number = "1".padStart(leadingDigits(baseName(first)).length || 2, "0");
    return [{ path: joinPath(home, `v${next}/${number}-${slugOf(name, "-")}.sql`), text: endLine(sql) }];
  },
};

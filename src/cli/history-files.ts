import { folderOf, relativeTo } from "../config/paths.ts";
import { parseScriptName } from "../layout/flyway-names.ts";
import { flywayFolders } from "../layout/index.ts";
import { isManifest, isMasterChangelog } from "../layout/manifests.ts";
import { baseName } from "../layout/paths.ts";
import { grateSteps, isYuniqlVersion } from "../layout/step-folders.ts";
import type { Folders } from "./folders.ts";
import type { Project } from "./project.ts";

/** How far above a file the root of its sequence is looked for. */
const levels = 5;

/**
 * The SQL files that may have run before others: those in the same folder, beside it where each migration has a folder of its
 * own, and all of the tree where a tool reads one.
 */
export function historyOf(files: readonly string[], folders: Folders): string[] {
  const shallow = new Set<string>();
  const deep = new Set<string>();
  for (const path of files) {
    const folder = folderOf(path);
    const root = treeOf(path, folders);
    if (root !== null) deep.add(root);
    else if (isOwnFolder(path, folder)) deep.add(folderOf(folder));
    // graphile-migrate keeps what is committed beside the file that is being written.
    else if (path.endsWith("/current.sql") && folders.hasFolder(folder, `${folder}/committed`))
      deep.add(folder);
    else shallow.add(folder);
  }
  return [
    ...[...shallow].flatMap((folder) => folders.walk(folder, false).sql),
    ...[...deep].flatMap((folder) => folders.walk(folder).sql),
  ];
}

/** `20240131_users/up.sql`, `20240131_users/postgres.sql`, `2.4/003.sql`: the migrations before it lie in folders beside. */
function isOwnFolder(path: string, folder: string): boolean {
  return (
    /\/(?:migration|up|down)\.sql$/.test(path) ||
    /\/(?:deploy|revert|verify|committed|current|v?\d[^/]*)$/i.test(folder)
  );
}

/**
 * The folder from which the tool of a script reads scripts, whatever folders they lie in: that of a sqitch plan, of a Liquibase
 * changelog, one called `migration` around a script of Flyway or refinery, or one that holds the steps of grate or the versions of
 * Yuniql. Null where no sign shows one.
 */
function treeOf(path: string, folders: Folders): string | null {
  let around = folderOf(path);
  for (let level = 0; level < levels; level++) {
    if (isStep(around, folders)) return folderOf(around);
    const { others } = folders.walk(around, false);
    if (isDeployedFrom(around, path) && others.some((one) => baseName(one) === "sqitch.plan")) return around;
    // The folder of a program holds more than one tool's scripts.
    if (others.some(isManifest)) return null;
    if (others.some(isMasterChangelog)) return around;
    if (/^migrations?$/.test(baseName(around)) && parseScriptName(path) !== null) return around;
    const above = folderOf(around);
    if (above === around) return null;
    around = above;
  }
  return null;
}

/** Whether a folder is one of several that its tool goes through. */
function isStep(folder: string, folders: Folders): boolean {
  const name = baseName(folder).toLowerCase();
  if (isYuniqlVersion(name)) return true;
  const above = folderOf(folder);
  if (name.startsWith("_")) return folders.hasFolder(above, `${above}/v0.00`);
  if (!grateSteps.includes(name)) return false;
  // `up` has `down` beside it elsewhere.
  return name === "up"
    ? grateSteps.some((step) => step !== "up" && folders.hasFolder(above, `${above}/${step}`))
    : folders.hasFolder(above, `${above}/up`);
}

function isDeployedFrom(folder: string, path: string): boolean {
  return /^(?:deploy|revert|verify)\//.test(path.slice(folder.length + 1));
}

/** What lies in the other folders that Flyway is told to read along with those of these files. */
export function locatedWith(files: readonly string[], project: Project, folders: Folders): readonly string[] {
  const located = new Set<string>();
  for (const path of files) {
    if (parseScriptName(path) === null) continue;
    for (const folder of flywayFolders(project, folderOf(relativeTo(project.base, path))))
      located.add(folder);
  }
  return [...located].flatMap((folder) => folders.walk(`${project.base}/${folder}`).sql);
}

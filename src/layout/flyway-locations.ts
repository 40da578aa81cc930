import { flywaySettingAt } from "./flyway-settings.ts";
import { folderOf, foldersUp, joinPath, pathBelow, textOf } from "./paths.ts";
import type { Folder, ProjectView } from "./types.ts";

/** Build files in which a plugin of Flyway is told the same. */
const buildFiles = ["pom.xml", "build.gradle", "build.gradle.kts"];

/**
 * The folders that Flyway is told to read, for what lies in a folder: from its settings, or else from its plugin's. Null where
 * nobody says, or where only the environment knows. `{vendor}` is PostgreSQL.
 */
function locationsOf(project: ProjectView, folder: string): readonly string[] | null {
  const known = byFolder.get(project) ?? new Map<string, readonly string[] | null>();
  byFolder.set(project, known);
  const found = known.get(folder);
  if (found !== undefined) return found;
  const locations = findLocations(project, folder);
  known.set(folder, locations);
  return locations;
}

const byFolder = new WeakMap<ProjectView, Map<string, readonly string[] | null>>();

function findLocations(project: ProjectView, folder: string): readonly string[] | null {
  const told = flywaySettingAt(project, folder, "locations");
  if (told !== null) return told.value === null ? null : foldersIn(told.value.split(","), told.path);
  for (const at of foldersUp(folder)) {
    for (const name of buildFiles) {
      const path = joinPath(at, name);
      const text = textOf(project, path);
      const found = text?.includes("flyway") === true ? locationsInBuild(text) : null;
      if (found !== null) return foldersIn(found, path);
    }
  }
  return null;
}

/** `<location>filesystem:sql</location>`, `locations = ['filesystem:sql']`, `locations = arrayOf("filesystem:sql")`. */
function locationsInBuild(text: string): readonly string[] | null {
  const [, plugin = ""] = text.split("flyway-maven-plugin", 2);
  const inXml = [...plugin.matchAll(/<location>([^<]*)<\/location>/g)].map(([, one = ""]) => one);
  if (inXml.length > 0) return inXml;
  const [, list] = /\bflyway\s*\{[^}]*?\blocations\s*=\s*(?:\[|arrayOf\(|listOf\()([^\])]*)/.exec(text) ?? [];
  if (list === undefined) return null;
  return [...list.matchAll(/["']([^"']*)["']/g)].map(([, one = ""]) => one);
}

/** Where the locations of a configuration file lead to; null where one cannot be told. */
function foldersIn(locations: readonly string[], config: string): readonly string[] | null {
  const [home = "", resources] = homeOf(config);
  const folders: string[] = [];
  for (const location of locations) {
    const written = location
      .trim()
      .replace(/^\[?\s*["']?|["']?\s*\]?$/g, "")
      .replaceAll("{vendor}", "postgresql");
    if (written === "") continue;
    const [, scheme = "classpath", path = ""] = /^(?:(\w+):)?(.*)$/.exec(written) ?? [];
    // A wildcard may stand for any folder: what lies above it holds them all.
    const known = path.replace(/\/?[^/]*[*?].*$/, "").replace(/^(?:\.?\/)+|\/+$/g, "");
    const isTold = !/[$@{]|\.\./.test(known) && (scheme === "classpath" || scheme === "filesystem");
    if (!isTold) return null;
    folders.push(known === "" ? home : joinPath(scheme === "classpath" ? resources : home, known));
  }
  return folders.length === 0 ? null : folders;
}

/** The folder of the program around a configuration file, and that of its resources. */
function homeOf(config: string): [string, string] {
  const at = `/${config}`.lastIndexOf("/src/main/resources/");
  const folder = folderOf(config).replace(/(?:^|\/)conf$/, "");
  const home = at === -1 ? folder : config.slice(0, Math.max(at - 1, 0));
  return [home, joinPath(home, "src/main/resources")];
}

/** Whether all files of a folder lie where Flyway is told to look. */
function isLocated(folder: Folder, locations: readonly string[]): boolean {
  return folder.files.every((path) => locations.some((at) => pathBelow(at, path) !== null));
}

/** Whether the settings say that two folders are one sequence, or that they are not; null where they say nothing of it. */
export function areTogether(first: Folder, second: Folder): boolean | null {
  const locations = locationsOf(first.project, first.root) ?? locationsOf(second.project, second.root);
  if (locations === null) return null;
  const both = [isLocated(first, locations), isLocated(second, locations)];
  if (!both.includes(true)) return null;
  return !both.includes(false);
}

/** The folders that Flyway is told to read where a folder is one of them, or lies in one; none where nobody says. */
export function flywayFolders(project: ProjectView, folder: string): readonly string[] {
  const locations = locationsOf(project, folder) ?? [];
  return locations.some((at) => pathBelow(at, `${folder}/`) !== null) ? locations : [];
}

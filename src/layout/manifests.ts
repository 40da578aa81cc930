import { isCodeFile } from "./code-files.ts";
import { isDotnetFile } from "./dotnet.ts";
import { baseName, findUp, folderOf, foldersUp, hasPath, joinPath, textOf } from "./paths.ts";
import type { Folder, ProjectView } from "./types.ts";

const manifests = [
  "package.json",
  "Cargo.toml",
  "go.mod",
  "pom.xml",
  "build.gradle",
  "build.gradle.kts",
  "gradle/libs.versions.toml",
  "Gemfile",
  "Makefile",
  "justfile",
  "docker-compose.yml",
  "docker-compose.yaml",
  "Dockerfile",
];

/** The nearest file, from the folder upwards, that lists a project's dependencies and holds one of the words. */
export function findDependency(folder: Folder, words: readonly string[], names = manifests): string | null {
  for (const at of foldersUp(folder.root)) {
    for (const name of names) {
      const path = joinPath(at, name);
      if (!hasPath(folder.project, path)) continue;
      const text = folder.project.read(path);
      if (text !== null && words.some((word) => text.includes(word))) return path;
    }
  }
  return null;
}

const cargo = ["Cargo.toml"];

/** What says that a folder and all below it are of a program that is not written in Rust. */
const otherPrograms = ["pyproject.toml", "go.mod", "pom.xml", "build.gradle", "build.gradle.kts"];

/** Whether a Rust project around the folder uses a crate, with no program in another language between them. */
export function findCrate(folder: Folder, crate: string): string | null {
  const other = findUp(folder.project, folder.root, [...cargo, ...otherPrograms]);
  if (other !== null && !cargo.includes(baseName(other))) return null;
  return findDependency(
    folder,
    [`\n${crate} `, `\n${crate}=`, `\n${crate}.`, `"${crate}"`, `.${crate}]`],
    cargo,
  );
}

/** Whether the nearest manifest says that a folder is of a program in another language than Rust. */
export function isOfOtherProgram({ root, project }: Folder): boolean {
  const nearest = findUp(project, root, [...cargo, ...otherPrograms, "package.json"]);
  return nearest !== null && !cargo.includes(baseName(nearest));
}

/** The folder of the program that a file belongs to: the nearest with a manifest; null where there is none. */
export function programOf(project: ProjectView, path: string): string | null {
  const nearest = findUp(project, folderOf(path), [...cargo, ...otherPrograms, "package.json"]);
  return nearest === null ? null : folderOf(nearest);
}

/** What a Cargo.toml says of a crate that speaks to databases: `sqlx = { ... }`, or the table `[dependencies.sqlx]`. */
const databaseCrate =
  /^(?:sqlx|diesel)[ \t]*=[ \t]*\{[^{}]{0,600}\}|^\[[^\]\n]*\b(?:sqlx|diesel)\](?:(?!\n\[)[\s\S]){0,600}/gm;

/** Whether the Rust project around a folder asks such a crate for other databases alone: `features = ["sqlite"]`. */
export function isForOthersByCrate({ root, project }: Folder): boolean {
  const texts = foldersUp(root).flatMap((at) => textOf(project, joinPath(at, "Cargo.toml")) ?? []);
  // Features of the project's own may choose.
  if (texts[0]?.includes("postgres") !== false) return false;
  const asked = texts.flatMap((text) => text.match(databaseCrate) ?? []).join("\n");
  const asksFor = (feature: string) => asked.includes(`"${feature}"`);
  return (asksFor("sqlite") || asksFor("mysql")) && !asksFor("postgres") && !asksFor("any");
}

/** Whether a Node.js project around the folder uses a package. */
export function findPackage(folder: Folder, name: string): string | null {
  return findDependency(folder, [`"${name}"`], ["package.json"]);
}

/** The version of a package that the nearest package.json asks for, as [major, minor]; null if none does. */
export function packageVersion(project: ProjectView, from: string, name: string): [number, number] | null {
  for (const at of foldersUp(from)) {
    const path = joinPath(at, "package.json");
    const text = textOf(project, path);
    const version = text === null ? null : versionIn(project, path, text, name);
    if (version !== null) return version;
  }
  return null;
}

const versions = new WeakMap<ProjectView, Map<string, [number, number] | null>>();

/** Every migration below a package.json asks it the same. */
function versionIn(project: ProjectView, path: string, text: string, name: string): [number, number] | null {
  const known = versions.get(project) ?? new Map<string, [number, number] | null>();
  versions.set(project, known);
  const key = `${path}\n${name}`;
  let version = known.get(key);
  if (version === undefined) {
    const digits = /(\d+)\.(\d+)/.exec(rangeOf(text, name) ?? "");
    version = digits === null ? null : [Number(digits[1]), Number(digits[2])];
    known.set(key, version);
  }
  return version;
}

function rangeOf(text: string, name: string): string | null {
  const key = `"${name}"`;
  const at = text.indexOf(key);
  if (at === -1) return null;
  const value = /^\s*:\s*"([^"]{0,80})"/.exec(text.slice(at + key.length, at + key.length + 120));
  return value?.[1] ?? null;
}

/** The nearest of the configuration files with these names, for `because`. */
export function findConfig(folder: Folder, names: readonly string[]): string | null {
  return findUp(folder.project, folder.root, names);
}

/** Names of the files, other than SQL, that tell something of a migration tool. */
const known = new Set([
  ...manifests.filter((name) => !name.includes("/")),
  "libs.versions.toml",
  "pyproject.toml",
  "requirements.txt",
  "setup.py",
  "yoyo.ini",
  "project.clj",
  "deps.edn",
  "build.clj",
  "atlas.hcl",
  "atlas.sum",
  "_journal.json",
  "migration_lock.toml",
  "snapshot.json",
  "schema.prisma",
  "sqitch.plan",
  "sqitch.conf",
  "tern.conf",
  ".gmrc",
  ".gmrc.js",
  ".gmrc.cjs",
  "metadata.toml",
  "diesel.toml",
  "config.yaml",
  "config.toml",
  "dbconfig.yml",
  "dbconfig.yaml",
  "database.yml",
  "flyway.conf",
  "flyway.toml",
  "application.properties",
  "application.yml",
  "application.yaml",
  "liquibase.properties",
  "drizzle.config.ts",
  "drizzle.config.js",
  "drizzle.config.json",
  "sqlx.toml",
  "refinery.toml",
  "sqlc.yaml",
  "sqlc.yml",
]);

const masters = /(?:changelog|master).*\.(?:xml|ya?ml|json)$/i;
const scripts = /(?:\.sql\.conf|\.control|\.fizz|\.up\.json)$/;

/** Whether a file holds what MyBatis Migrations is told of one database. */
export function isEnvironment(path: string): boolean {
  return /(?:^|\/)environments\/[^/]+\.properties$/.test(path);
}

/** Whether a file may be the changelog that names Liquibase's others. */
export function isMasterChangelog(path: string): boolean {
  return masters.test(baseName(path));
}

/** Whether a file shows that the folder which holds it is that of a program. */
export function isManifest(path: string): boolean {
  return manifests.includes(baseName(path));
}

/** Whether a path is worth showing to the detection beside the SQL files: a configuration file of a tool that is known. */
export function isLayoutFile(path: string): boolean {
  const name = baseName(path);
  return (
    known.has(name) ||
    isEnvironment(path) ||
    isDotnetFile(name) ||
    scripts.test(name) ||
    masters.test(path) ||
    isCodeFile(name)
  );
}

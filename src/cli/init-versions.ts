import { readdirSync } from "node:fs";
import { readFile } from "../config/read-file.ts";
import { newestVersion, oldestVersion } from "../engine/options.ts";

/** A file that says which PostgreSQL the project uses. */
interface VersionHint {
  readonly path: string;
  readonly version: number;
  /** What it says: `postgres:16-alpine`. */
  readonly text: string;
}

const names =
  /^(?:(?:docker-)?compose[\w.-]*\.ya?ml|Dockerfile[\w.-]*|devcontainer\.json|\.tool-versions|mise\.toml|\.gitlab-ci\.yml|bitbucket-pipelines\.yml|azure-pipelines\.yml|\.(?:travis|drone|woodpecker)\.yml)$/;

/** Folders whose YAML files are CI, by their path from the top. */
const ciFolders = [".github/workflows", ".circleci", ".buildkite", ".woodpecker"];

/** Images: the name, then the tag that holds the version. */
const image =
  /(?:^|[\s"'/=])((?:postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha|postgres-ssl|cloudnative-pg):([\w.-]{1,60}))/g;

/** `postgres-version: 16`, `postgresql-version: "16"`, `postgres 16.2`, and Supabase's `major_version = 15`. */
const setting =
  /(?:^|[\s"'])((?:postgres|postgresql)[-_ ]?(?:version)?["']?[ \t]{0,20}[:= ][ \t]{0,20}["']?(\d{2}(?:\.\d+)*))/gim;
const supabase = /^[ \t]*(major_version[ \t]*=[ \t]*(\d{2}))/gm;

/** Looks into compose files, Dockerfiles, CI files and the like for the version of the server. */
export function findVersions(root: string): VersionHint[] {
  const hints: VersionHint[] = [];
  for (const path of candidates(root)) {
    const text = read(`${root}/${path}`);
    if (text === null) continue;
    const found = path.endsWith("supabase/config.toml")
      ? matches(text, supabase)
      : [...matches(text, image), ...matches(text, setting)];
    for (const { version, words } of found) {
      // What both forms find, or a file says again, is told once.
      const isTold = hints.some((hint) => hint.path === path && hint.version === version);
      if (!isTold) hints.push({ path, version, text: words });
    }
  }
  return hints;
}

/** The oldest that is named: what is safe there is safe on newer ones, but for a few features. Null: nobody says. */
export function chooseVersion(hints: readonly VersionHint[]): number | null {
  const versions = hints.map(({ version }) => version);
  if (versions.length === 0) return null;
  return versions.reduce((least, one) => Math.min(least, Math.max(oldestVersion, one)), newestVersion);
}

function matches(text: string, form: RegExp): { version: number; words: string }[] {
  return [...text.matchAll(form)].flatMap(([, words = "", tag = ""]) => {
    const version = versionOf(tag);
    return version === null ? [] : [{ version, words: words.trim() }];
  });
}

/** `16`, `16.3-alpine`, `pg16`, `latest-pg16`, `2.15-pg16`; PostGIS has the server's version first. */
function versionOf(tag: string): number | null {
  const digits = /pg[-_]?(\d{1,2})/.exec(tag)?.[1] ?? /^v?(\d{1,2})(?![\d])/.exec(tag)?.[1];
  const version = Number(digits);
  return version >= 9 && version <= newestVersion + 2 ? version : null;
}

function candidates(root: string): string[] {
  const paths: string[] = [];
  const addFrom = (folder: string, passes: (name: string) => boolean) => {
    for (const entry of entries(`${root}/${folder}`)) {
      if (entry.isFile() && passes(entry.name))
        paths.push(folder === "" ? entry.name : `${folder}/${entry.name}`);
    }
  };
  addFrom("", (name) => names.test(name));
  for (const entry of entries(root)) {
    if (entry.isDirectory() && entry.name !== "node_modules" && entry.name !== ".git") {
      addFrom(
        entry.name,
        (name) => names.test(name) || (entry.name === "supabase" && name === "config.toml"),
      );
    }
  }
  for (const folder of ciFolders) addFrom(folder, (name) => /\.ya?ml$/.test(name));
  return [...new Set(paths)].sort();
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function read(path: string): string | null {
  try {
    return readFile(path).slice(0, 1_000_000);
  } catch {
    return null;
  }
}

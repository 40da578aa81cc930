import { findDependency } from "./manifests.ts";
import { baseName, compareDigits, compareText, isDigit } from "./paths.ts";
import type { Folder } from "./types.ts";

export interface ScriptName {
  readonly kind: "V" | "U" | "R" | "B";
  readonly version: readonly string[];
  readonly description: string;
}

/** The suffix is one that a project may choose: files that end otherwise than the tool expects are not called so by chance. */
const suffix = /\.(?:pg|p)?sql$/;

/** `V1.2__words.sql`, `R__words.sql`, `U1.2__words.sql`, `B1__words.sql`; `prefix` stands for the V where a project has another. */
export function parseScriptName(path: string, prefix = "V"): ScriptName | null {
  const name = baseName(path);
  const border = name.indexOf("__", prefix === "V" ? 0 : prefix.length);
  const end = name.search(suffix);
  if (end === -1 || border === -1) return null;
  const description = name.slice(border + 2, end);
  if (name.startsWith("R__")) return { kind: "R", version: [], description };
  const kind = versionedKind(name, prefix);
  if (kind === null) return null;
  const digits = name.slice(kind === "V" ? prefix.length : 1, border);
  const version = digits.split(/[._-]/);
  return version.every((part) => part !== "" && [...part].every(isDigit))
    ? { kind, version, description }
    : null;
}

function versionedKind(name: string, prefix: string): "V" | "U" | "B" | null {
  const first = name[0];
  if (first === "U" || first === "B") return first;
  return name.startsWith(prefix) ? "V" : null;
}

/**
 * What stands in front of the versions where no script of a folder begins with V: a small v, or nothing. Files named so are
 * many things; beside Flyway they are its migrations under a prefix that the project has chosen.
 */
export function usualPrefix(folder: Folder): string {
  const known = prefixes.get(folder) ?? findPrefix(folder);
  prefixes.set(folder, known);
  return known;
}

const prefixes = new WeakMap<Folder, string>();

function findPrefix(folder: Folder): string {
  if (folder.files.length === 0 || folder.files.some((path) => parseScriptName(path)?.kind === "V"))
    return "V";
  for (const prefix of ["v", ""]) {
    const named = folder.files.filter((path) => parseScriptName(path, prefix)?.kind === "V");
    if (named.length * 2 > folder.files.length && findDependency(folder, ["flyway"]) !== null) return prefix;
  }
  return "V";
}

function compareVersions(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareDigits(a[i] ?? "0", b[i] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}

/**
 * `afterMigrate.sql`, `afterMigrateApplied__words.sql`: scripts that run behind the migrations, each time. Those that run before
 * have a connection of their own, and the migrations nothing of it.
 */
export function isCallback(path: string): boolean {
  return /^afterMigrate(?:Applied)?(?:__[^/]*)?\.(?:pg|p)?sql$/.test(baseName(path));
}

const rank = { B: 0, V: 0, U: 1, R: 2 };

/** Versioned scripts by version, an undo script behind the one that it undoes, repeatable ones last, by description. */
export function compareScripts(a: string, b: string, prefix = "V"): number {
  const first = parseScriptName(a, prefix);
  const second = parseScriptName(b, prefix);
  if (first === null || second === null)
    return Number(first === null) - Number(second === null) || compareText(baseName(a), baseName(b));
  const late = Number(first.kind === "R") - Number(second.kind === "R");
  return (
    late ||
    compareVersions(first.version, second.version) ||
    rank[first.kind] - rank[second.kind] ||
    compareText(first.description, second.description)
  );
}

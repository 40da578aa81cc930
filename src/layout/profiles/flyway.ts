import { endLine, lastFolder, slugOf } from "../following.ts";
import { findConfig, findDependency } from "../manifests.ts";
import { baseName, compareDigits, compareText, isDigit, joinPath, textOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { createsIndexConcurrently, dropsIndexConcurrently, statementHeads } from "../statements.ts";
import type { Direction, Profile, ProjectView, TransactionMode, Unit } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence, mayHoldSign, share } from "./shared.ts";

interface ScriptName {
  readonly kind: "V" | "U" | "R" | "B";
  readonly version: readonly string[];
  readonly description: string;
}

/** `V1.2__words.sql`, `R__words.sql`, `U1.2__words.sql`, `B1__words.sql`. */
export function parseScriptName(path: string): ScriptName | null {
  const name = baseName(path);
  const kind = name[0];
  const border = name.indexOf("__");
  if (!name.endsWith(".sql") || border === -1) return null;
  const digits = name.slice(1, border);
  const description = name.slice(border + 2, -4);
  if (kind === "R") return digits === "" ? { kind, version: [], description } : null;
  if (kind !== "V" && kind !== "U" && kind !== "B") return null;
  const version = digits.split(/[._-]/);
  return version.every((part) => part !== "" && [...part].every(isDigit))
    ? { kind, version, description }
    : null;
}

export function compareVersions(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareDigits(a[i] ?? "0", b[i] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}

const rank = { B: 0, V: 0, U: 1, R: 2 };

/** Versioned scripts by version, an undo script behind the one that it undoes, repeatable ones last, by description. */
export function compareScripts(a: string, b: string): number {
  const first = parseScriptName(a);
  const second = parseScriptName(b);
  if (first === null || second === null) return compareText(a, b);
  const late = Number(first.kind === "R") - Number(second.kind === "R");
  return (
    late ||
    compareVersions(first.version, second.version) ||
    rank[first.kind] - rank[second.kind] ||
    compareText(first.description, second.description)
  );
}

const styles = ["dollar"] as const;
/** A text without any of these is not worth a closer look. */
const signs = /concurrently|vacuum|database|tablespace|subscription|system|discard|reindex/i;

/** The statements that Flyway itself takes out of the transaction: its list, not PostgreSQL's. */
function isKnownToNeedNone(words: readonly string[]): boolean {
  const [first, second, third] = words;
  if (first === "create" || first === "drop") {
    if (second === "database" || second === "tablespace" || second === "subscription") return true;
    return createsIndexConcurrently(words) || dropsIndexConcurrently(words);
  }
  if (first === "alter") return second === "system";
  if (first === "discard") return second === "all";
  if (first === "reindex") {
    const what = second === "verbose" ? third : second;
    return what === "schema" || what === "database" || what === "system";
  }
  return first === "vacuum";
}

interface Wrapping {
  readonly transaction: TransactionMode;
  readonly refused: string | null;
}

function wrappingOf(text: string, path: string, project: ProjectView): Wrapping {
  const wrapped = {
    transaction: isSwitchedOn("group", path, project) ? "run" : "file",
    refused: null,
  } as const;
  const told = executeInTransaction(textOf(project, `${path}.conf`));
  if (told !== null) return told ? wrapped : { transaction: "none", refused: null };
  if (!signs.test(text)) return wrapped;
  const heads = statementHeads(text, wholeText(text));
  const without = heads.filter(({ words }) => isKnownToNeedNone(words)).length;
  if (without === 0) return wrapped;
  const isMixed = without < heads.length && !isSwitchedOn("mixed", path, project);
  return { transaction: "none", refused: isMixed ? mixedWords : null };
}

const mixedWords =
  "Flyway refuses a script that mixes statements that need a transaction with such that cannot have one, unless mixed=true or its script configuration says executeInTransaction=false";

/** `executeInTransaction=false` in the script's own configuration file, `V1__x.sql.conf`. */
function executeInTransaction(text: string | null): boolean | null {
  const value = text === null ? null : settingOf(text, "executeInTransaction");
  return value === null ? null : value === "true";
}

/** The value of `key=value` on a line of its own, `flyway.` before the key and quotes aside. */
function settingOf(text: string, key: string): string | null {
  for (const line of text.split("\n")) {
    const [name = "", value = ""] = line.split("=", 2);
    if (name.trim().replace(/^flyway\./, "") === key) return value.trim().replace(/^"|"$/g, "").toLowerCase();
  }
  return null;
}

const configs = ["flyway.conf", "flyway.toml", "conf/flyway.conf"];

function isSwitchedOn(key: "mixed" | "group", path: string, project: ProjectView): boolean {
  const config = findConfig({ root: path, files: [], project }, configs);
  const text = config === null ? null : project.read(config);
  return text !== null && settingOf(text, key) === "true";
}

const groupWords =
  "Flyway refuses a group (group=true) in which some scripts need a transaction and others cannot have one, unless mixed=true: deploy this script by a run of its own";

/** With group=true the scripts that are pending together share one transaction, or none of them has one. */
function joinRun(units: readonly Unit[], project: ProjectView): readonly Unit[] {
  const isAny = (mode: TransactionMode) => units.some(({ transaction }) => transaction === mode);
  if (!isAny("run") || !isAny("none")) return units;
  return units.map((unit) => {
    if (isSwitchedOn("mixed", unit.path, project)) return { ...unit, transaction: "none" };
    return unit.transaction === "none" ? { ...unit, refused: unit.refused ?? groupWords } : unit;
  });
}

const directions: Record<ScriptName["kind"], Direction> = { V: "up", B: "up", U: "down", R: "repeatable" };

export const flyway: Profile = {
  name: "flyway",
  title: "Flyway",
  source: "https://documentation.red-gate.com/fd/script-configuration-277578984.html",
  placeholders: styles,
  leaving: {
    by: "itself",
    text: "executeInTransaction=false\n",
    alone: false,
    words:
      "put it in a script without statements that need a transaction, and Flyway starts none; or set executeInTransaction=false in <script>.sql.conf",
  },
  // One migration connection: between two scripts only the role goes back (DbMigrate.doMigrateGroup, PostgreSQLConnection).
  keepsSession: true,
  comparesText: "https://documentation.red-gate.com/fd/versioned-migrations-273973333.html",
  recursive: true,
  detect(folder) {
    const named = share(folder, (path) => parseScriptName(path) !== null);
    if (named === 0) return null;
    const config = findConfig(folder, configs) ?? findDependency(folder, ["flyway"]);
    if (config !== null) return evidence(0.95, config);
    const hasRepeatable = folder.files.some((path) => parseScriptName(path)?.kind === "R");
    const isJava =
      `/${folder.root}/`.includes("/resources/") || `/${folder.root}/`.includes("/db/migration/");
    if (hasRepeatable || isJava || mayHoldSign(folder, "${flyway:")) {
      return evidence(0.9, "files named V1__words.sql");
    }
    return evidence(0.5 + 0.3 * named, "files named V1__words.sql");
  },
  isMigration: (path) => parseScriptName(path) !== null,
  order: (folder) => folder.files.filter((path) => parseScriptName(path) !== null).sort(compareScripts),
  parse(text, path, project) {
    const script = parseScriptName(path);
    const { transaction, refused } = wrappingOf(text, path, project);
    const name =
      script === null || script.kind === "R" ? baseName(path) : `${script.kind}${script.version.join(".")}`;
    const direction = script === null ? "up" : directions[script.kind];
    const pair = script === null ? path : script.version.join(".");
    return [createUnit(path, wholeText(text), transaction, { name, pair, direction, refused })];
  },
  joinRun,
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction }) {
    const last = folder.files.findLast((path) => parseScriptName(path)?.kind === "V");
    const version = [...((last === undefined ? null : parseScriptName(last)?.version) ?? ["0"])];
    const part = version.pop() ?? "0";
    version.push((BigInt(part) + 1n).toString().padStart(part.length, "0"));
    const path = joinPath(lastFolder(folder), `V${version.join(".")}__${slugOf(name)}.sql`);
    const file = { path, text: endLine(sql) };
    const words = statementHeads(sql, wholeText(sql));
    // What Flyway does not know to need none, such as a DO block that commits, has to be told so.
    if (transaction || words.every((head) => isKnownToNeedNone(head.words))) return [file];
    return [file, { path: `${path}.conf`, text: "executeInTransaction=false\n" }];
  },
};

import { areTogether } from "../flyway-locations.ts";
import {
  compareScripts,
  isCallback,
  parseScriptName,
  type ScriptName,
  usualPrefix,
} from "../flyway-names.ts";
import { flywayConfigs, flywaySetting } from "../flyway-settings.ts";
import { endLine, lastFolder, slugOf } from "../following.ts";
import { findConfig, findDependency } from "../manifests.ts";
import { baseName, folderOf, joinPath, textOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { createsIndexConcurrently, dropsIndexConcurrently, statementHeads } from "../statements.ts";
import type {
  Direction,
  Folder,
  Leaving,
  PlaceholderStyle,
  Profile,
  ProjectView,
  TransactionMode,
  Unit,
} from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence, mayHoldSign, share } from "./shared.ts";

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
  const match = text === null ? null : /^[ \t\f]*(?:flyway\.)?executeInTransaction\s*=\s*(\w+)/m.exec(text);
  return match === null ? null : match[1]?.toLowerCase() === "true";
}

function isSwitchedOn(key: "mixed" | "group", path: string, project: ProjectView): boolean {
  return flywaySetting(project, folderOf(path), key)?.toLowerCase() === "true";
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

function isScript(path: string, prefix: string): boolean {
  return parseScriptName(path, prefix) !== null || isCallback(path);
}

/** What stands before the versions of a folder's scripts: V, unless the project has it otherwise. */
function prefixOf(folder: Folder): string {
  return flywaySetting(folder.project, folder.root, "sqlMigrationPrefix") ?? usualPrefix(folder);
}

/** `${x}`, or between the marks that the project has chosen; none where nothing is to be replaced. */
function stylesOf(path: string, project: ProjectView | undefined): readonly PlaceholderStyle[] {
  if (project === undefined) return styles;
  const told = (key: string) => flywaySetting(project, folderOf(path), key);
  if (told("placeholderReplacement")?.toLowerCase() === "false") return [];
  const opens = told("placeholderPrefix") ?? "${";
  const closes = told("placeholderSuffix") ?? "}";
  return opens === "" || closes === "" || (opens === "${" && closes === "}") ? styles : [{ opens, closes }];
}

/** Before a statement, and where none follows, Flyway passes over spaces that do not break (Parser.readToken). */
function withoutHardSpaces(text: string): string {
  if (!text.includes("\u00a0")) return text;
  return text.replace(/(?:^|;)\s+/g, (spaces) => spaces.replaceAll("\u00a0", " "));
}

const leaving = {
  by: "itself",
  text: "executeInTransaction=false\n",
  alone: false,
  sees: (sql: string) => statementHeads(sql, wholeText(sql)).every(({ words }) => isKnownToNeedNone(words)),
  unseen: "set executeInTransaction=false in <script>.sql.conf",
  refusesMixed: true,
  words:
    "put it in a script without statements that need a transaction, and Flyway starts none; or set executeInTransaction=false in <script>.sql.conf",
  // https://github.com/flyway/flyway/issues/3497: since 9.1.2 its lock is that of a transaction, unless the settings say otherwise.
  concurrently:
    "set flyway.postgresql.transactional.lock=false, or the build may wait without end for the transaction in which Flyway 9.1.2 and later holds its own lock",
} satisfies Leaving;

export const flyway: Profile = {
  name: "flyway",
  title: "Flyway",
  source: "https://documentation.red-gate.com/fd/script-configuration-277578984.html",
  placeholders: styles,
  leaving,
  leavingOf(path, project) {
    const isForSession = flywaySetting(project, folderOf(path), "postgresql.transactional.lock") === "false";
    const isFree =
      isSwitchedOn("mixed", path, project) || executeInTransaction(textOf(project, `${path}.conf`)) === false;
    const { concurrently, sees, unseen, refusesMixed, ...rest } = leaving;
    return {
      ...rest,
      ...(!isForSession && concurrently !== undefined && { concurrently }),
      ...(!isFree && { sees, unseen, refusesMixed }),
    };
  },
  // One migration connection: between two scripts only the role goes back (DbMigrate.doMigrateGroup, PostgreSQLConnection).
  keepsSession: true,
  comparesText: "https://documentation.red-gate.com/fd/versioned-migrations-273973333.html",
  recursive: true,
  joins: areTogether,
  detect(folder) {
    const prefix = prefixOf(folder);
    const named = share(folder, (path) => isScript(path, prefix));
    if (named === 0) return null;
    const config = findConfig(folder, flywayConfigs) ?? findDependency(folder, ["flyway"]);
    if (config !== null) return evidence(0.95, config);
    const hasRepeatable = folder.files.some((path) => parseScriptName(path)?.kind === "R");
    const isJava =
      `/${folder.root}/`.includes("/resources/") || `/${folder.root}/`.includes("/db/migration/");
    if (hasRepeatable || isJava || mayHoldSign(folder, "${flyway:")) {
      return evidence(0.9, "files named V1__words.sql");
    }
    return evidence(0.5 + 0.3 * named, "files named V1__words.sql");
  },
  isMigration: (path, folder) => isScript(path, prefixOf(folder)),
  order(folder) {
    const prefix = prefixOf(folder);
    const scripts = folder.files.filter((path) => isScript(path, prefix));
    return scripts.sort((a, b) => compareScripts(a, b, prefix));
  },
  parse(text, path, project) {
    const script = parseScriptName(path);
    const { transaction, refused } = wrappingOf(text, path, project);
    const name =
      script === null || script.kind === "R" ? baseName(path) : `${script.kind}${script.version.join(".")}`;
    const direction = script !== null ? directions[script.kind] : isCallback(path) ? "repeatable" : "up";
    const pair = script === null ? path : script.version.join(".");
    return [createUnit(path, wholeText(text), transaction, { name, pair, direction, refused })];
  },
  joinRun,
  fill: (text, path = "", project = undefined) =>
    fillPlaceholders(withoutHardSpaces(text), stylesOf(path, project)),
  searchPath(path, project) {
    const told = (key: string) => flywaySetting(project, folderOf(path), key)?.split(",", 1)[0]?.trim();
    const schema = told("defaultSchema") ?? told("schemas");
    return schema === undefined || !/^\w+$/.test(schema) ? null : [schema, "public"];
  },
  following(folder, { name, sql, transaction }) {
    const prefix = prefixOf(folder);
    const last = folder.files.findLast((path) => parseScriptName(path, prefix)?.kind === "V");
    // Dots or underscores between its parts, as the last one has them.
    const version = last === undefined ? "0" : (baseName(last).slice(prefix.length).split("__", 1)[0] ?? "0");
    const next = version.replace(/\d+$/, (part) => (BigInt(part) + 1n).toString().padStart(part.length, "0"));
    const path = joinPath(lastFolder(folder), `${prefix}${next}__${slugOf(name)}.sql`);
    const file = { path, text: endLine(sql) };
    const words = statementHeads(sql, wholeText(sql));
    // What Flyway does not know to need none, such as a DO block that commits, has to be told so.
    if (transaction || words.every((head) => isKnownToNeedNone(head.words))) return [file];
    return [file, { path: `${path}.conf`, text: "executeInTransaction=false\n" }];
  },
};

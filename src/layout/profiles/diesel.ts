import { downLines, endLine, lastFolder, nextFolderVersion, slugOf } from "../following.ts";
import { findConfig, findCrate, isForOthersByCrate, isOfOtherProgram } from "../manifests.ts";
import { baseName, compareText, folderOf, isDigit, joinPath, textOf } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Folder, NewFile, Profile, ProjectView } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { evidence, hasOwnTransactions, isInOwnFolder, share } from "./shared.ts";

/** Not its own: other programs with folders of this form fill them in. */
const styles = ["mustache", "marks"] as const;

function isScript(path: string): boolean {
  return isInOwnFolder(path, ["up.sql", "down.sql"]);
}

/** `2024-05-01-120000_words` runs as version 20240501120000. */
function versionOf(path: string): string {
  const [version = ""] = baseName(folderOf(path)).split("_", 1);
  return version.replaceAll("-", "");
}

/** `2024-05-01-120000-0000_words`: how the command line tool names folders. */
function isDated(path: string): boolean {
  const name = baseName(folderOf(path));
  return isDigit(name[0]) && name[4] === "-" && name[7] === "-" && name[10] === "-" && isDigit(name[11]);
}

function isInitialSetup(path: string): boolean {
  return baseName(folderOf(path)).endsWith("_diesel_initial_setup");
}

function compare(a: string, b: string): number {
  return (
    compareText(versionOf(a), versionOf(b)) || compareText(folderOf(a), folderOf(b)) || compareText(b, a)
  );
}

/** A metadata.toml that does not name the setting turns the transaction off, too: its default there is false. */
function runsInTransaction(path: string, project: ProjectView): boolean {
  const text = textOf(project, joinPath(folderOf(path), "metadata.toml"));
  if (text === null) return true;
  const line = text.split("\n").find((candidate) => candidate.trim().startsWith("run_in_transaction"));
  return line?.split("=")[1]?.split("#")[0]?.trim() === "true";
}

function datedName(folder: Folder, name: string): string {
  const last = folder.files
    .filter(isDated)
    .map((path) => baseName(folderOf(path)))
    .sort(compareText)
    .at(-1);
  if (last === undefined) return `${nextFolderVersion(folder)}_${slugOf(name)}`;
  const version = last.split("_", 1)[0] ?? "";
  const [time, ...rest] = version.split("-").slice(3);
  const next = (BigInt(time ?? "0") + 1n).toString().padStart(6, "0");
  return `${[...version.split("-").slice(0, 3), next, ...rest].join("-")}_${slugOf(name)}`;
}

export const diesel: Profile = {
  name: "diesel",
  title: "Diesel",
  source:
    "https://docs.rs/diesel_migrations/latest/diesel_migrations/struct.FileBasedMigrations.html#transactions",
  placeholders: styles,
  leaving: {
    by: "sidecar",
    text: "run_in_transaction = false\n",
    alone: true,
    words:
      "put `run_in_transaction = false` into a metadata.toml beside up.sql, in a migration of its own: Diesel sends a file as one message, which is a transaction if it holds more than one statement",
  },
  // MigrationHarness is a method of the connection that runs all of them.
  keepsSession: true,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    if (folder.files.some(isInitialSetup)) return evidence(0.97, "diesel_initial_setup");
    const because =
      findConfig(folder, ["diesel.toml"]) ??
      findCrate(folder, "diesel") ??
      findCrate(folder, "diesel_migrations");
    if (because !== null) return evidence(0.96, because);
    if (share(folder, isDated) > 0.5) return evidence(0.9, "folders named 2024-05-01-120000_words");
    // Programs of other languages, and sea-orm's, read folders of this form by themselves.
    if (isOfOtherProgram(folder) || findCrate(folder, "sea-orm-migration") !== null) return null;
    return hasOwnTransactions(folder) ? null : evidence(0.5, "folders with an up.sql");
  },
  isElsewhere: isForOthersByCrate,
  isMigration: isScript,
  order: (folder) => folder.files.filter(isScript).sort(compare),
  parse(text, path, project) {
    const transaction = runsInTransaction(path, project) ? "file" : "message";
    const name = baseName(folderOf(path));
    return [createUnit(path, wholeText(text), transaction, { name, direction: directionOf(path) })];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const at = joinPath(folderOf(lastFolder(folder)), datedName(folder, name));
    const files: NewFile[] = [
      { path: `${at}/up.sql`, text: endLine(sql) },
      { path: `${at}/down.sql`, text: downLines(down) },
    ];
    if (!transaction) files.push({ path: `${at}/metadata.toml`, text: "run_in_transaction = false\n" });
    return files;
  },
};

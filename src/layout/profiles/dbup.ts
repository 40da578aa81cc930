import { dotnetText, findDotnetPackage } from "../dotnet.ts";
import { endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { baseName, compareText, isSqlFile, joinPath, leadingDigits } from "../paths.ts";
import type { Leaving, Profile, ProjectView, TransactionMode } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, evidence } from "./shared.ts";

/**
 * The program says what shares a transaction, and nothing does by default. It is looked for where small programs have it; a
 * script is sent statement by statement.
 */
function modeOf(path: string, project: ProjectView): TransactionMode {
  const program = dotnetText(project, path, "Program.cs") ?? "";
  if (/\.WithTransactionPerScript\s*\(/.test(program)) return "file";
  return /\.WithTransaction\s*\(/.test(program) ? "run" : "none";
}

/** The names of embedded scripts have dots between folders, and are compared as such. */
function nameOf(path: string): string {
  return path.replaceAll("/", ".");
}

const leaving: Leaving = {
  by: "itself",
  text: "",
  alone: false,
  words:
    "run it by an upgrade engine of its own that is built with WithoutTransaction(), which is the default",
};

export const dbup: Profile = {
  name: "dbup",
  title: "DbUp",
  source: "https://dbup.readthedocs.io/en/latest/more-info/transactions/",
  placeholders: [],
  leaving,
  leavingOf: (path, project) => (modeOf(path, project) === "none" ? leaving : { ...leaving, by: "nothing" }),
  // The program may close its connection between scripts (DatabaseConnectionManager.cs).
  keepsSession: false,
  comparesText: null,
  recursive: true,
  detect(folder) {
    const because = findDotnetPackage(folder, ["dbup-postgresql"]);
    return because === null ? null : evidence(0.6, because);
  },
  isMigration: isSqlFile,
  order: (folder) => [...folder.files].sort((a, b) => compareText(nameOf(a), nameOf(b))),
  parse: (text, path, project) => [createUnit(path, wholeText(text), modeOf(path, project))],
  fill: asItIs,
  following(folder, { name, sql, transaction }) {
    const last = baseName(folder.files.at(-1) ?? "");
    const digits = leadingDigits(last);
    const joiner = digits === "" ? "_" : (last[digits.length] ?? "_");
    const file = `${nextFileVersion(folder)}${joiner}${slugOf(name)}.sql`;
    const path = joinPath(lastFolder(folder), file);
    const isWrapped = transaction && modeOf(path, folder.project) === "none";
    return [{ path, text: isWrapped ? `BEGIN;\n${endLine(sql)}COMMIT;\n` : endLine(sql) }];
  },
};

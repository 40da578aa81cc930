import { splitStatements } from "../sql/split.ts";
import { tokenize } from "../sql/tokens.ts";
import { baseName, compareDigits, folderOf, joinPath, leadingDigits } from "./paths.ts";
import type { BodyMarks, Folder } from "./types.ts";

/** The words of a migration's name as a file name: lower case, digits and underscores. */
export function slugOf(name: string, joiner = "_"): string {
  const slug = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .join(joiner)
    .slice(0, 80);
  return slug === "" ? "change" : slug;
}

/** The version behind the greatest of a list: one second later for a time stamp, one more for a number; same width. */
export function nextVersion(versions: readonly string[], first = "0001"): string {
  let last = "";
  for (const version of versions) if (last === "" || compareDigits(version, last) > 0) last = version;
  if (last === "") return first;
  return last.length === 14 ? nextSecond(last) : addOne(last);
}

function addOne(version: string): string {
  return (BigInt(version) + 1n).toString().padStart(version.length, "0");
}

/** YYYYMMDDhhmmss as a time where it is one. */
function nextSecond(version: string): string {
  const part = (from: number, to: number) => Number(version.slice(from, to));
  const time = new Date(
    Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14)),
  );
  const digits = (date: Date) => date.toISOString().replace(/\D/g, "").slice(0, 14);
  if (Number.isNaN(time.getTime()) || digits(time) !== version) return addOne(version);
  return digits(new Date(time.getTime() + 1000));
}

/** The version for the next file of a folder in which files start with their number. */
export function nextFileVersion(folder: Folder): string {
  return nextVersion(
    folder.files.map((path) => leadingDigits(baseName(path))).filter((digits) => digits !== ""),
  );
}

/** The version for the next sub-folder where each migration is a folder. */
export function nextFolderVersion(folder: Folder): string {
  const names = folder.files.map((path) => baseName(folderOf(path)));
  return nextVersion(
    names.map(leadingDigits).filter((digits) => digits !== ""),
    "00000000000000",
  );
}

/** The folder in which the last file lies: where a new one belongs. */
export function lastFolder(folder: Folder): string {
  const last = folder.files.at(-1);
  return last === undefined ? folder.root : folderOf(last);
}

/** The path of the next migration of a folder that counts: one above its highest number, or a second later. */
export function numberedPath(folder: Folder, name: string, suffix = ".sql", joiner = "_"): string {
  return joinPath(lastFolder(folder), `${nextFileVersion(folder)}${joiner}${slugOf(name, joiner)}${suffix}`);
}

/** SQL with exactly one line end behind it. */
export function endLine(sql: string): string {
  return `${sql.trimEnd()}\n`;
}

/** What takes a migration back, with its line end; nothing where there is nothing. */
export function downLines(sql = ""): string {
  return sql === "" ? "" : endLine(sql);
}

/** The same as comments of a Liquibase changeset. */
export function rollbackLines(sql = ""): string {
  return sql === ""
    ? ""
    : sql
        .split("\n")
        .map((line) => `--rollback ${line}\n`)
        .join("");
}

/** Whether some statement holds semicolons of its own, in a dollar-quoted body. */
export function hasBody(sql: string): boolean {
  return tokenize(sql).some(
    ({ kind, start, end }) => kind === "string" && sql.slice(start, end).includes(";"),
  );
}

/** SQL with a line before and behind each statement that has a body: for tools that cut at the semicolons that end a line. */
export function wrapBodies(sql: string, { begin, end }: BodyMarks): string {
  let result = "";
  let done = 0;
  for (const statement of splitStatements(sql).statements) {
    if (!hasBody(sql.slice(statement.start, statement.end))) continue;
    const semicolon = sql.indexOf(";", statement.end);
    const limit = semicolon === -1 ? statement.end : semicolon + 1;
    result += `${sql.slice(done, statement.start)}${begin}\n${sql.slice(statement.start, limit)}\n${end}`;
    done = limit;
  }
  return result + sql.slice(done);
}

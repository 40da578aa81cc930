import { createScanner, scanToken } from "../../sql/scanner.ts";
import {
  baseName,
  compareByNumber,
  compareText,
  directionInName,
  folderOf,
  isDigit,
  isSqlFile,
  leadingDigits,
  stemOf,
} from "../paths.ts";
import type { Evidence, Folder } from "../types.ts";

/** Tools without placeholders leave the text as it is. */
export function asItIs(text: string): string {
  return text;
}

/** `12_name.sql`: digits, the joiner, something, `.sql`. */
export function isNumbered(path: string, joiner = "_"): boolean {
  const name = baseName(path);
  const digits = leadingDigits(name);
  return digits !== "" && isSqlFile(name) && (joiner === "" || joiner.includes(name[digits.length] ?? " "));
}

/** `up.sql` or `down.sql` in a folder of its own. */
export function isInOwnFolder(path: string, names: readonly string[]): boolean {
  return names.includes(baseName(path)) && folderOf(path) !== "";
}

/** Whether nothing but comments stands before BEGIN. */
function beginsTransaction(text: string): boolean {
  const scanner = createScanner(text);
  let kind = scanToken(scanner);
  while (kind === "comment") kind = scanToken(scanner);
  return /^(?:begin|start\s+transaction)\b/i.test(text.slice(scanner.start, scanner.start + 200));
}

/** Whether most begin a transaction of their own: whoever runs them has none around them, and folders of the form are no sign. */
export function hasOwnTransactions({ files, project }: Folder): boolean {
  const ups = files.filter((path) => baseName(path) === "up.sql");
  const own = ups.filter((path) => beginsTransaction(project.read(path) ?? ""));
  return own.length * 2 > ups.length;
}

/** The files of a folder that pass, by the number with which they start. */
export function byNumber(folder: Folder, passes: (path: string) => boolean): string[] {
  return folder.files.filter(passes).sort(compareByNumber);
}

/** `1_x.up.sql` before `1_x.down.sql`: the version, then up before down. */
export function compareUpDown(a: string, b: string): number {
  const number = compareByNumber(versionOnly(a), versionOnly(b));
  return number || Number(isDown(a)) - Number(isDown(b));
}

/** The same for tools to which a version is text: `10` comes before `9`. */
export function compareTextUpDown(a: string, b: string): number {
  const [first, second] = [a, b].map((path) => leadingDigits(baseName(path)));
  return compareText(first ?? "", second ?? "") || compareUpDown(a, b);
}

function isDown(path: string): boolean {
  return directionInName(path) === "down" || baseName(path) === "down.sql";
}

function versionOnly(path: string): string {
  return directionInName(path) === null ? path : stemOf(stemOf(path));
}

const together = new WeakMap<Folder, string>();

/** Whether any text of a folder may hold a sign: a thousand texts are looked through sooner as one than one by one. */
export function mayHoldSign(folder: Folder, sign: string | RegExp): boolean {
  let all = together.get(folder);
  if (all === undefined) {
    all = folder.files.map((path) => folder.project.read(path) ?? "").join("\n");
    together.set(folder, all);
  }
  return typeof sign === "string" ? all.includes(sign) : sign.test(all);
}

/**
 * The texts of a folder's files, one after another: detection stops at the first that tells. None of them is asked where
 * none holds the sign, without which no text tells.
 */
export function someText(
  folder: Folder,
  sign: string | RegExp,
  tells: (text: string, path: string) => boolean,
): boolean {
  if (!mayHoldSign(folder, sign)) return false;
  return folder.files.some((path) => {
    const text = folder.project.read(path);
    return text !== null && tells(text, path);
  });
}

/** How sure a profile is of a folder, 0 to 1, and why in the words of `--verbose`. */
export function evidence(confidence: number, because: string): Evidence {
  return { confidence, because };
}

/** The share of the folder's files that pass. */
export function share(folder: Folder, passes: (path: string) => boolean): number {
  if (folder.files.length === 0) return 0;
  return folder.files.filter(passes).length / folder.files.length;
}

/** Whether a name holds a time stamp of 13 or more digits in front. */
export function hasLongNumber(name: string, length: number): boolean {
  const digits = leadingDigits(name);
  return digits.length >= length && !isDigit(name[digits.length]);
}

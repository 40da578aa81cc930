import { directionInName, folderOf, leadingDigits, stemOf } from "./paths.ts";

/** Folders of SQL that somebody numbers, and that is no migration. */
const otherFolder =
  /(?:^|\/)[^/]*(?:test|spec|seed|sample|example|fixture|demo|dump|export|backup|data|doc|fix|quer(?:y|ies)|entrypoint|initdb)[^/]*(?:\/|$)/i;

/** Fewer files than these show no habit. */
const fewest = 3;

/**
 * How files of one folder are named, where nearly all are named so: by the day on which each was written, or by numbers of one
 * width that count up. People who run migrations with a tool of their own name them like that.
 */
export function seriesOf(paths: readonly string[]): "days" | "numbers" | null {
  const files = paths.filter((path) => directionInName(path) !== "down");
  const [first] = files;
  if (first === undefined || files.length < fewest || otherFolder.test(folderOf(first))) return null;
  const isMostly = (isNamedSo: (path: string) => boolean) =>
    files.filter(isNamedSo).length * 5 >= files.length * 4;
  if (isMostly(startsWithDay)) return "days";
  return isMostly((path) => numberOf(path).length > 2) && files.some((path) => numberOf(path).startsWith("0"))
    ? "numbers"
    : null;
}

/** `20240131-users`, `2024-01-31_users`, `V2024.01.31 users`. */
function startsWithDay(path: string): boolean {
  return /^[vr]?(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])/i.test(stemOf(path));
}

function numberOf(path: string): string {
  return leadingDigits(stemOf(path));
}

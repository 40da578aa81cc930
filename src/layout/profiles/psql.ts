import {
  downLines,
  endLine,
  lastFolder,
  nextFileVersion,
  nextVersion,
  numberedPath,
  slugOf,
} from "../following.ts";
import { halvesOf } from "../halves.ts";
import { pairedDirection, pairedName } from "../pairs.ts";
import { baseName, compareNatural, isSqlFile, joinPath, leadingDigits, numberInName } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Folder, Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence } from "./shared.ts";

const styles = ["dollar", "mustache", "colon", "marks"] as const;

/** In the manner of the last one: `V9__a.sql` is followed by `V10__words.sql`, and a day by the next. */
function nextPath(folder: Folder, name: string): string {
  const end = folder.files.at(-1) ?? "";
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(baseName(end)) ?? [];
  if (day !== undefined) {
    const next = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + 1));
    return joinPath(lastFolder(folder), `${next.toISOString().slice(0, 10)}_${slugOf(name)}.sql`);
  }
  const last = numberInName(end);
  if (last === null || last.prefix === "") {
    const isCounted = folder.files.some((path) => leadingDigits(baseName(path)) !== "");
    if (isCounted) return numberedPath(folder, name);
    return joinPath(folder.root, `${nextFileVersion(folder)}_${slugOf(name)}.sql`);
  }
  const numbers = folder.files.map(numberInName).filter((one) => one?.prefix === last.prefix);
  const next = nextVersion(numbers.map((one) => one?.digits ?? ""));
  return joinPath(lastFolder(folder), `${last.prefix}${next}${last.joiner}${slugOf(name)}.sql`);
}

/** What is left when nothing shows a tool: files by name, every statement commits by itself. */
export const psql: Profile = {
  name: "psql",
  title: "psql",
  source: "https://www.postgresql.org/docs/current/app-psql.html",
  placeholders: styles,
  leaving: {
    by: "itself",
    text: "",
    alone: false,
    words: "keep it outside of BEGIN and COMMIT, and do not use --single-transaction",
  },
  // Each file may be run by a psql of its own.
  keepsSession: false,
  comparesText: null,
  isByHand: true,
  recursive: false,
  detect: (folder) => (folder.files.length === 0 ? null : evidence(0.1, "no sign of a migration tool")),
  isMigration: isSqlFile,
  order: (folder) => [...folder.files].sort(compareNatural),
  parse(text, path, project) {
    const pair = pairedName(path);
    const halves = halvesOf(text);
    return halves === null
      ? [createUnit(path, wholeText(text), "none", { direction: pairedDirection(path, project), pair })]
      : halves.map((half) => createUnit(path, half, "none", { direction: half.direction, pair }));
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const path = nextPath(folder, name);
    const text = transaction ? `BEGIN;\n${endLine(sql)}COMMIT;\n` : endLine(sql);
    const [up, back] = halvesOf(folder.project.read(folder.files.at(-1) ?? "") ?? "") ?? [];
    if (up === undefined || back === undefined) return [{ path, text }];
    return [{ path, text: `${downLines(up.mark)}${text}\n${back.mark}\n${downLines(down)}` }];
  },
};

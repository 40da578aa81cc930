import type { Span } from "../../text/span.ts";
import { hasMark } from "../comments.ts";
import { endLine } from "../following.ts";
import { findConfig } from "../manifests.ts";
import { baseName, compareByNumber, folderOf, joinPath } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Folder, Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { evidence, isNumbered, someText } from "./shared.ts";

function isCommitted(path: string): boolean {
  return baseName(folderOf(path)) === "committed" && (isNumbered(path, "-") || isNumbered(path, "."));
}

function isCurrent(path: string): boolean {
  return baseName(path) === "current.sql" || baseName(folderOf(path)) === "current";
}

/** The line `--! no-transaction`, if it is the first one behind the header (`--! Previous: ...` and its like). */
function findMarker(text: string): Span | null {
  let start = 0;
  let isHeader = true;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trimEnd();
    if (!(isHeader && /^--! [A-Z]\w*(?::|$)/.test(line)) && line !== "") {
      return /^--!\s*no-transaction\b/.test(line) ? { start, end: start + line.length } : null;
    }
    if (line === "") isHeader = false;
    start = end + 1;
  }
  return null;
}

/** The folder itself may be the one of committed migrations. */
function isHashed(text: string): boolean {
  return hasMark(text, /! Previous:/i);
}

function order(folder: Folder): string[] {
  const isBare = !folder.files.some((path) => isCommitted(path) || isCurrent(path));
  const committed = folder.files.filter((path) => isBare || isCommitted(path)).sort(compareByNumber);
  return [...committed, ...folder.files.filter(isCurrent).sort(compareByNumber)];
}

const configs = [".gmrc", ".gmrc.js", ".gmrc.cjs"];
const styles = ["colon"] as const;

export const graphileMigrate: Profile = {
  name: "graphile-migrate",
  title: "graphile-migrate",
  source: "https://github.com/graphile/migrate#disabling-migrations-in-a-transaction",
  placeholders: styles,
  leaving: {
    by: "line",
    text: "--! no-transaction",
    alone: true,
    words:
      "make `--! no-transaction` the first line of current.sql, with nothing else in it: graphile-migrate sends the file as one message, which is a transaction if it holds more than one statement",
  },
  // One client runs all committed migrations (commands/migrate.ts).
  keepsSession: true,
  comparesText: "https://github.com/graphile/migrate/blob/main/src/migration.ts",
  recursive: true,
  detect(folder) {
    const isPlaced = folder.files.some((path) => isCommitted(path) || isCurrent(path));
    const config = isPlaced ? findConfig(folder, configs) : null;
    if (config !== null) return evidence(0.98, config);
    return someText(folder, /! Previous:/i, isHashed) ? evidence(0.98, "--! Previous:") : null;
  },
  isMigration: (path) => isCommitted(path) || isCurrent(path) || isNumbered(path, ".-"),
  order,
  parse(text, path) {
    const marker = findMarker(text);
    const mode = marker === null ? "file" : "message";
    // What is worked at runs again and again, until it is committed.
    const direction = isCurrent(path) ? "repeatable" : "up";
    return [createUnit(path, wholeText(text), mode, { marker, direction })];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following: (folder, { sql, transaction }) => [
    {
      path: joinPath(folder.root, "current.sql"),
      text: transaction ? endLine(sql) : `--! no-transaction\n${endLine(sql)}`,
    },
  ],
};

import type { LineComment } from "../comments.ts";
import { dashComments } from "../comments.ts";
import { endLine, numberedPath } from "../following.ts";
import { findPackage } from "../manifests.ts";
import { baseName, leadingDigits } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import type { Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { byNumber, evidence, isNumbered, share, someText } from "./shared.ts";

const mark = "-- postgres-migrations disable-transaction";

function findMarker(text: string): LineComment | null {
  if (!text.includes(mark)) return null;
  return dashComments(text).find((comment) => text.startsWith(mark, comment.start)) ?? null;
}

/** The package, and forks of it that run files in the very same way: https://github.com/zakpatterson/postgres-schema-migrations */
const packages = ["postgres-migrations", "postgres-schema-migrations", "pg-node-migrations"];

const styles = ["mustache", "dollar"] as const;

export const postgresMigrations: Profile = {
  name: "postgres-migrations",
  title: "postgres-migrations",
  source: "https://github.com/ThomWright/postgres-migrations#each-migration-runs-in-a-transaction",
  placeholders: styles,
  leaving: {
    by: "line",
    text: mark,
    alone: true,
    words:
      "put `-- postgres-migrations disable-transaction` at the top of a file of its own: the file is sent as one message, which is a transaction if it holds more than one statement",
  },
  // It may be handed a pool.
  keepsSession: false,
  comparesText: "https://github.com/ThomWright/postgres-migrations/blob/master/src/validation.ts",
  recursive: false,
  detect(folder) {
    if (someText(folder, mark, (text) => findMarker(text) !== null)) return evidence(1, mark);
    if (share(folder, (path) => isNumbered(path, "-_")) < 0.5) return null;
    for (const name of packages) {
      const dependency = findPackage(folder, name);
      if (dependency !== null) return evidence(0.93, dependency);
    }
    return null;
  },
  isMigration: (path) => isNumbered(path, ""),
  order: (folder) => byNumber(folder, (path) => isNumbered(path, "")),
  parse(text, path) {
    const marker = findMarker(text);
    return [createUnit(path, wholeText(text), marker === null ? "file" : "message", { marker })];
  },
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction }) {
    const last = baseName(folder.files.at(-1) ?? "1_");
    const joiner = last[leadingDigits(last).length] === "-" ? "-" : "_";
    const text = transaction ? endLine(sql) : `${mark}\n${endLine(sql)}`;
    return [{ path: numberedPath(folder, name, ".sql", joiner), text }];
  },
};

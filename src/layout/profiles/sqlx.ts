import { lineComments } from "../comments.ts";
import { downLines, endLine, lastFolder, nextFileVersion, numberedPath, slugOf } from "../following.ts";
import { findCrate, isForOthersByCrate } from "../manifests.ts";
import { foldersUp, joinPath, pathBelow } from "../paths.ts";
import type { Folder, Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { asItIs, compareUpDown, evidence, isNumbered, share, someText } from "./shared.ts";

const mark = "-- no-transaction";

/** What `sqlx migrate add` writes into a new file, with or without "up" and "down". */
const templates = [
  "Add migration script here",
  "Add up migration script here",
  "Add down migration script here",
];

function isWritten(text: string): boolean {
  if (text.startsWith(mark)) return true;
  return (
    templates.some((template) => text.includes(template)) &&
    lineComments(text).some(({ body }) => templates.includes(body.trim()))
  );
}

/** The folder `.sqlx` that `sqlx prepare` writes. */
function preparedFolder(folder: Folder): string | null {
  const written = folder.project.paths.filter((path) => path.includes(".sqlx/"));
  if (written.length === 0) return null;
  const prepared = foldersUp(folder.root).map((at) => joinPath(at, ".sqlx"));
  return prepared.find((at) => written.some((path) => pathBelow(at, path) !== null)) ?? null;
}

export const sqlx: Profile = {
  name: "sqlx",
  title: "sqlx",
  source: "https://github.com/launchbadge/sqlx/blob/main/sqlx-core/src/migrate/source.rs",
  placeholders: [],
  leaving: {
    by: "line",
    text: mark,
    alone: true,
    words:
      "make `-- no-transaction` the first line of a file of its own: sqlx sends a file as one message, which is a transaction if it holds more than one statement",
  },
  // Migrator::run_direct is handed one connection.
  keepsSession: true,
  comparesText: "https://github.com/launchbadge/sqlx/blob/main/sqlx-core/src/migrate/migrator.rs",
  recursive: false,
  detect(folder) {
    if (share(folder, (path) => isNumbered(path)) < 0.5) return null;
    if (someText(folder, /-- no-transaction|migration script here/, isWritten))
      return evidence(0.97, `${mark} or sqlx's template`);
    const crate = findCrate(folder, "sqlx") ?? findCrate(folder, "sqlx-core") ?? preparedFolder(folder);
    return crate === null ? null : evidence(0.9, crate);
  },
  isElsewhere: isForOthersByCrate,
  isMigration: (path) => isNumbered(path),
  order: (folder) => folder.files.filter((path) => isNumbered(path)).sort(compareUpDown),
  parse(text, path) {
    const isWithout = text.startsWith(mark);
    const marker = isWithout ? { start: 0, end: mark.length } : null;
    return [
      createUnit(path, wholeText(text), isWithout ? "message" : "file", {
        direction: directionOf(path),
        marker,
      }),
    ];
  },
  fill: asItIs,
  following(folder, { name, sql, transaction, down }) {
    const text = `${transaction ? "" : `${mark}\n`}${endLine(sql)}`;
    if (!folder.files.some((path) => path.endsWith(".up.sql")))
      return [{ path: numberedPath(folder, name), text }];
    const stem = joinPath(lastFolder(folder), `${nextFileVersion(folder)}_${slugOf(name)}`);
    return [
      { path: `${stem}.up.sql`, text },
      { path: `${stem}.down.sql`, text: `${transaction ? "" : `${mark}\n`}${downLines(down)}` },
    ];
  },
};

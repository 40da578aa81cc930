import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findPackage } from "../manifests.ts";
import { baseName, compareByNumber, folderOf, isSqlFile, joinPath, stemOf } from "../paths.ts";
import type { Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, evidence, isNumbered, share } from "./shared.ts";

/** `20240101000000-add-note-up.sql`, or `-down.sql`: what `db-migrate create --sql-file` puts into `sqls`. */
function directionIn(path: string): "up" | "down" | null {
  if (!isSqlFile(path) || !isNumbered(path, "-")) return null;
  const stem = stemOf(path);
  return stem.endsWith("-up") ? "up" : stem.endsWith("-down") ? "down" : null;
}

function isScript(path: string): boolean {
  return directionIn(path) !== null;
}

/** The name without its direction: both halves of a migration share it. */
function versionOf(path: string): string {
  return stemOf(path).replace(/-(?:up|down)$/, "");
}

export const dbMigrate: Profile = {
  name: "db-migrate",
  title: "db-migrate",
  source: "https://github.com/db-migrate/pg/blob/master/index.js",
  placeholders: [],
  leaving: {
    by: "nothing",
    text: "",
    alone: true,
    words:
      "give it a migration of its own, and run that one by itself with `db-migrate up --non-transactional`: nothing in the file leaves db-migrate's transaction",
  },
  // The driver holds one client.
  keepsSession: true,
  comparesText: null,
  recursive: false,
  detect(folder) {
    if (share(folder, isScript) < 0.5) return null;
    const dependency = findPackage(folder, "db-migrate") ?? findPackage(folder, "db-migrate-pg");
    if (dependency !== null) return evidence(0.95, dependency);
    return baseName(folder.root) === "sqls" ? evidence(0.85, "sqls/1-words-up.sql") : null;
  },
  isMigration: isScript,
  order: (folder) =>
    folder.files
      .filter(isScript)
      .sort((a, b) => compareByNumber(versionOf(a), versionOf(b)) || Number(isDown(a)) - Number(isDown(b))),
  parse: (text, path) => [
    createUnit(path, wholeText(text), "file", {
      name: versionOf(path),
      direction: directionIn(path) ?? "up",
    }),
  ],
  fill: asItIs,
  following(folder, { name, sql, down }) {
    const scripts = lastFolder(folder);
    const stem = `${nextFileVersion(folder)}-${slugOf(name, "-")}`;
    return [
      { path: joinPath(scripts, `${stem}-up.sql`), text: endLine(sql) },
      { path: joinPath(scripts, `${stem}-down.sql`), text: downLines(down) },
      { path: joinPath(folderOf(scripts), `${stem}.js`), text: loaderOf(baseName(scripts), stem) },
    ];
  },
};

function isDown(path: string): boolean {
  return directionIn(path) === "down";
}

/** db-migrate runs JavaScript alone, which has to hand it the SQL. */
function loaderOf(folder: string, stem: string): string {
  return `"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const run = (direction) => (db) =>
  db.runSql(readFileSync(join(__dirname, "${folder}", \`${stem}-\${direction}.sql\`), "utf8"));

exports.up = run("up");
exports.down = run("down");
exports._meta = { version: 1 };
`;
}

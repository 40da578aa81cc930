import type { Span } from "../../text/span.ts";
import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findConfig, findDependency } from "../manifests.ts";
import {
  baseName,
  compareText,
  folderOf,
  hasPath,
  isSqlFile,
  joinPath,
  leadingDigits,
  stemOf,
} from "../paths.ts";
import type { Folder, Profile } from "../types.ts";
import { createUnit, wholeText } from "../units.ts";
import { asItIs, evidence, someText } from "./shared.ts";

const back = ".rollback.sql";
const directive = /^\s*--\s*(transactional|depends)\s*:\s*(.*)$/;

interface Directive extends Span {
  readonly key: string;
  readonly value: string;
}

/** The directives of a file: they stand among the comments before its first statement, and nowhere else. */
function directivesOf(text: string): Directive[] {
  const found: Directive[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const [, key, value = ""] = directive.exec(line.trimEnd()) ?? [];
    if (key !== undefined)
      found.push({ key, value: value.trim(), start, end: start + line.trimEnd().length });
    else if (!/^\s*(?:--.*)?$/.test(line)) break;
    start += line.length + 1;
  }
  return found;
}

function dependsOf(text: string): string[] {
  const values = directivesOf(text).filter(({ key }) => key === "depends");
  return values.flatMap(({ value }) => value.split(/\s+/)).filter((id) => id !== "");
}

function isBack(path: string): boolean {
  return path.toLowerCase().endsWith(back);
}

/** What runs behind every run. */
function isHook(path: string): boolean {
  return baseName(path).startsWith("post-apply");
}

/** By name, each behind those that it depends on; what takes one back follows it, and what runs each time comes last. */
function order(folder: Folder): string[] {
  const files = folder.files
    .filter((path) => !isBack(path))
    .sort((a, b) => compareText(baseName(a), baseName(b)));
  const byId = new Map(files.map((path) => [stemOf(path), path]));
  const done = new Set<string>();
  const add = (path: string, depth: number): void => {
    if (done.has(path) || depth > files.length) return;
    for (const id of dependsOf(folder.project.read(path) ?? "")) {
      const other = byId.get(id);
      if (other !== undefined && other !== path) add(other, depth + 1);
    }
    done.add(path);
  };
  for (const path of files.filter((one) => !isHook(one))) add(path, 0);
  for (const path of files.filter(isHook)) done.add(path);
  const known = new Set(folder.files);
  return [...done].flatMap((path) => {
    const rollback = `${path.slice(0, -".sql".length)}${back}`;
    return known.has(rollback) ? [path, rollback] : [path];
  });
}

/** Whether the folder is among those that the configuration names; true where it names none, or what only yoyo can resolve. */
function isSource({ root, project }: Folder, config: string): boolean {
  const lines = /^[ \t]*sources[ \t]*[=:](.*(?:\r?\n[ \t]+\S.*)*)/m.exec(project.read(config) ?? "")?.[1];
  const sources = lines?.split(/\s+/).filter((source) => source !== "") ?? [];
  if (sources.length === 0 || sources.some((source) => /[*?[:%]|^\/|\.\.\//.test(source))) return true;
  return sources.some((source) => {
    const path = source.replace(/^\.(?:\/|$)/, "").replace(/\/$/, "");
    return root === (path === "" ? folderOf(config) : joinPath(folderOf(config), path));
  });
}

export const yoyo: Profile = {
  name: "yoyo",
  title: "yoyo",
  source: "https://ollycope.com/software/yoyo/latest/#migration-files",
  placeholders: [],
  leaving: {
    by: "line",
    text: "-- transactional: false",
    alone: false,
    words: "put `-- transactional: false` among the comments at the top of a file of its own",
  },
  // One backend, with one connection, applies all of them (backends/base.py).
  keepsSession: true,
  // It remembers the name of a migration, not its text.
  comparesText: null,
  recursive: false,
  detect(folder) {
    const config = findConfig(folder, ["yoyo.ini"]);
    if (config !== null) return isSource(folder, config) ? evidence(0.96, config) : null;
    if (someText(folder, "depends:", (text) => dependsOf(text).length > 0))
      return evidence(0.9, "-- depends:");
    const dependency = findDependency(
      folder,
      ["yoyo-migrations"],
      ["pyproject.toml", "requirements.txt", "setup.py"],
    );
    return dependency === null ? null : evidence(0.8, dependency);
  },
  isMigration: isSqlFile,
  order,
  parse(text, path, project) {
    const stem = stemOf(path).replace(/\.rollback$/, "");
    // The way back runs as the migration itself says (yoyo/migrations.py, Migration.load).
    const told = isBack(path) ? (project.read(joinPath(folderOf(path), `${stem}.sql`)) ?? "") : text;
    const without = directivesOf(told).find(
      ({ key, value }) => key === "transactional" && /^false$/i.test(value),
    );
    const marker = isBack(path) ? undefined : without;
    return [
      createUnit(path, wholeText(text), without === undefined ? "file" : "none", {
        name: stem,
        pair: stem,
        direction: isBack(path) ? "down" : isHook(path) ? "repeatable" : "up",
        marker: marker === undefined ? null : { start: marker.start, end: marker.end },
      }),
    ];
  },
  fill: asItIs,
  following(folder, { name, sql, transaction, down }) {
    const last = folder.files.findLast((path) => !isBack(path) && !isHook(path)) ?? "";
    const digits = leadingDigits(baseName(last));
    const joiner = digits === "" ? "_" : (baseName(last)[digits.length] ?? "_");
    const stem = joinPath(lastFolder(folder), `${nextFileVersion(folder)}${joiner}${slugOf(name, "-")}`);
    const depends =
      dependsOf(folder.project.read(last) ?? "").length > 0 ? `-- depends: ${stemOf(last)}\n` : "";
    const head = `${depends}${transaction ? "" : "-- transactional: false\n"}`;
    const file = { path: `${stem}.sql`, text: `${head}${endLine(sql)}` };
    const hasBack = folder.files.some((path) => hasPath(folder.project, path) && isBack(path));
    return hasBack ? [file, { path: `${stem}${back}`, text: downLines(down) }] : [file];
  },
};

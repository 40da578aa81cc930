import type { Span } from "../../text/span.ts";
import { hasMark } from "../comments.ts";
import { downLines, endLine, numberedPath } from "../following.ts";
import { findConfig } from "../manifests.ts";
import { compareText, directionInName, hasPath, isSqlFile, joinPath } from "../paths.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { asItIs, compareUpDown, evidence, someText } from "./shared.ts";

/**
 * `-- atlas:txmode none` among the comments at the very top, which an empty line must part from the first statement:
 * without it they belong to the statement, and Atlas does not see the directive.
 */
function findMarker(text: string): Span | null {
  let start = 0;
  let marker: Span | null = null;
  while (text.startsWith("--", start) || text.startsWith("#", start)) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trimEnd();
    if (/^[ -~]*atlas:txmode +none$/.test(line)) marker = { start, end: start + line.length };
    start = end + 1;
  }
  const isDetached = start >= text.length || /^[ \t]*\r?\n/.test(text.slice(start, start + 100));
  return isDetached ? marker : null;
}

/** `format=golang-migrate` writes pairs of files, often without a name: `20240101000000.up.sql`. */
function isPaired(path: string): boolean {
  return directionInName(path) !== null;
}

export const atlas: Profile = {
  name: "atlas",
  title: "Atlas",
  source: "https://atlasgo.io/versioned/apply#transaction-configuration",
  placeholders: [],
  leaving: {
    by: "line",
    text: "-- atlas:txmode none\n\n",
    alone: false,
    words: "make `-- atlas:txmode none` the first line of a file of its own, with an empty line behind it",
  },
  // It runs them over a pool.
  keepsSession: false,
  comparesText: "https://atlasgo.io/concepts/migration-directory-integrity",
  recursive: false,
  detect(folder) {
    const sum = joinPath(folder.root, "atlas.sum");
    if (hasPath(folder.project, sum)) return evidence(0.92, sum);
    if (someText(folder, /atlas:/i, (text) => hasMark(text, /atlas:/i))) return evidence(0.85, "-- atlas:");
    const config = findConfig(folder, ["atlas.hcl"]);
    return config !== null && folder.root.endsWith("migrations") ? evidence(0.6, config) : null;
  },
  isMigration: isSqlFile,
  order(folder) {
    const files = folder.files.filter(isSqlFile);
    return files.some(isPaired) ? files.sort(compareUpDown) : files.sort(compareText);
  },
  parse(text, path) {
    const marker = text.includes("atlas:txmode") ? findMarker(text) : null;
    const mode = marker === null ? "file" : "none";
    return [createUnit(path, wholeText(text), mode, { marker, direction: directionOf(path) })];
  },
  fill: asItIs,
  following(folder, { name, sql, transaction, down }) {
    const text = transaction ? endLine(sql) : `-- atlas:txmode none\n\n${endLine(sql)}`;
    if (!folder.files.some(isPaired)) return [{ path: numberedPath(folder, name), text }];
    const hasDown = folder.files.some((path) => directionInName(path) === "down");
    return [
      { path: numberedPath(folder, name, ".up.sql"), text },
      ...(hasDown ? [{ path: numberedPath(folder, name, ".down.sql"), text: downLines(down) }] : []),
    ];
  },
};

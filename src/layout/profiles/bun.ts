import { lineComments, nextLine } from "../comments.ts";
import { downLines, endLine, lastFolder, nextFileVersion, slugOf } from "../following.ts";
import { findDependency } from "../manifests.ts";
import { directionInName, folderOf, isSqlFile, joinPath, stemOf } from "../paths.ts";
import type { Profile } from "../types.ts";
import { createUnit, directionOf, wholeText } from "../units.ts";
import { asItIs, compareTextUpDown, compareUpDown, evidence, isNumbered, share, someText } from "./shared.ts";

function isScript(path: string): boolean {
  return isNumbered(path) && directionInName(path) !== null;
}

/** `1_words.tx.up.sql`: one transaction; without the `.tx` each part is a message of its own. */
function isWrapped(path: string): boolean {
  return stemOf(stemOf(path)).endsWith(".tx");
}

function nameOf(path: string): string {
  return stemOf(stemOf(path)).replace(/\.tx$/, "");
}

interface Tool {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** The line between two parts of a file. */
  readonly split: string;
  readonly dependency: string;
  /** How sure the dependency alone makes. */
  readonly confidence: number;
  readonly compare: (a: string, b: string) => number;
}

function profileOf({ name, title, source, split, dependency, confidence, compare }: Tool): Profile {
  /** Behind each line that ends a part. */
  const breaksOf = (text: string) =>
    text.includes(split)
      ? lineComments(text)
          .filter(({ start, end, indent }) => indent === 0 && text.slice(start, end).trimEnd() === split)
          .map(({ end }) => nextLine(text, end))
      : [];
  return {
    name,
    title,
    source,
    placeholders: [],
    leaving: {
      by: "itself",
      text: "",
      alone: true,
      words: `give it a file of its own whose name ends in .up.sql, not in .tx.up.sql; or put the line \`${split}\` around it there: what stands between two of them is sent as one message`,
    },
    // Each file has a connection of the pool.
    keepsSession: false,
    comparesText: null,
    recursive: false,
    detect(folder) {
      if (share(folder, isScript) < 0.5) return null;
      if (someText(folder, split, (text) => breaksOf(text).length > 0)) return evidence(1, split);
      const file = findDependency(folder, [dependency], ["go.mod"]);
      if (file === null) return null;
      return folder.files.some(isWrapped)
        ? evidence(0.97, `.tx.up.sql and ${file}`)
        : evidence(confidence, file);
    },
    isMigration: isScript,
    order: (folder) => folder.files.filter(isScript).sort(compare),
    parse: (text, path) => [
      createUnit(path, wholeText(text), isWrapped(path) ? "file" : "message", {
        name: nameOf(path),
        pair: joinPath(folderOf(path), nameOf(path)),
        direction: directionOf(path),
        breaks: breaksOf(text),
      }),
    ],
    fill: asItIs,
    following(folder, { name: words, sql, transaction, down }) {
      const stem = joinPath(lastFolder(folder), `${nextFileVersion(folder)}_${slugOf(words)}`);
      const middle = transaction ? ".tx" : "";
      const hasDown = folder.files.some((path) => isSqlFile(path) && directionInName(path) === "down");
      return [
        { path: `${stem}${middle}.up.sql`, text: endLine(sql) },
        ...(hasDown ? [{ path: `${stem}${middle}.down.sql`, text: downLines(down) }] : []),
      ];
    },
  };
}

export const bun: Profile = profileOf({
  name: "bun",
  title: "Bun",
  source: "https://github.com/uptrace/bun/blob/master/migrate/migration.go",
  split: "--bun:split",
  dependency: "uptrace/bun ",
  // A program that uses Bun may run its files by another tool.
  confidence: 0.75,
  // sortAsc in migrations.go compares the digits as text.
  compare: compareTextUpDown,
});

export const goPg: Profile = profileOf({
  name: "go-pg",
  title: "go-pg/migrations",
  source: "https://github.com/go-pg/migrations/blob/v8/collection.go",
  split: "--gopg:split",
  dependency: "go-pg/migrations",
  confidence: 0.96,
  compare: compareUpDown,
});

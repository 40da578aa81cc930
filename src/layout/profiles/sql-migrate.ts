import { lineComments } from "../comments.ts";
import { downLines, endLine, numberedPath, wrapBodies } from "../following.ts";
import { compareByNumber, isSqlFile } from "../paths.ts";
import { fillPlaceholders } from "../placeholders.ts";
import { bordersOf, lineBorders } from "../semicolons.ts";
import type { Direction, Profile, Unit } from "../types.ts";
import { createUnit, type Section, sectionSpans } from "../units.ts";
import { evidence, someText } from "./shared.ts";

/** Not its own: programs fill them in before they hand it the files. */
const styles = ["mustache"] as const;

interface Command extends Section {
  readonly isWithout: boolean;
}

/** The lines `-- +migrate Up` and `-- +migrate Down`, which must be written exactly so. */
function commandsOf(text: string): Command[] {
  if (!text.includes("-- +migrate ")) return [];
  const commands: Command[] = [];
  for (const comment of lineComments(text)) {
    if (comment.indent !== 0 || !comment.body.startsWith(" +migrate ")) continue;
    const [command, ...options] = comment.body.slice(" +migrate ".length).trim().split(/\s+/);
    const isWithout = options.includes("notransaction");
    if (command === "Up") commands.push({ mark: comment, direction: "up", isWithout });
    if (command === "Down") commands.push({ mark: comment, direction: "down", isWithout });
  }
  return commands;
}

/** The parts of one direction run as one, and a single `notransaction` is for all of them (sqlparse/sqlparse.go). */
function parse(text: string, path: string): Unit[] {
  const commands = commandsOf(text);
  if (commands.length === 0) return [];
  const without = (direction: Direction) =>
    commands.find((one) => one.isWithout && one.direction === direction);
  const firsts = commands.filter(({ direction }, k) => direction !== commands[k - 1]?.direction);
  const spans = sectionSpans(text, firsts);
  const breaks = bordersOf(lineBorders(text, lineComments(text), "+migrate"), spans);
  return spans.map((span, index) => {
    const direction = firsts[index]?.direction ?? "up";
    const marker = without(direction)?.mark ?? null;
    return createUnit(path, span, marker === null ? "file" : "message", {
      direction,
      marker,
      breaks: breaks[index] ?? [],
    });
  });
}

/** Everywhere else a semicolon at the end of a line ends a statement. */
const bodyMarks = { begin: "-- +migrate StatementBegin", end: "-- +migrate StatementEnd" };

export const sqlMigrate: Profile = {
  name: "sql-migrate",
  title: "sql-migrate",
  source: "https://github.com/rubenv/sql-migrate#writing-migrations",
  placeholders: styles,
  leaving: {
    by: "line",
    text: "-- +migrate Up notransaction",
    alone: false,
    words: "write `-- +migrate Up notransaction` instead of `-- +migrate Up`, in a file of its own",
  },
  bodyMarks,
  // It runs them over a pool.
  keepsSession: false,
  comparesText: null,
  recursive: false,
  detect: (folder) =>
    someText(folder, "-- +migrate ", (text) => commandsOf(text).length > 0)
      ? evidence(1, "-- +migrate Up")
      : null,
  isMigration: isSqlFile,
  order: (folder) => folder.files.filter(isSqlFile).sort(compareByNumber),
  parse,
  fill: (text) => fillPlaceholders(text, styles),
  following(folder, { name, sql, transaction, down }) {
    const up = transaction ? "-- +migrate Up" : "-- +migrate Up notransaction";
    const wrap = (part: string) => wrapBodies(part, bodyMarks);
    const back = transaction ? "-- +migrate Down" : "-- +migrate Down notransaction";
    const text = `${up}\n${endLine(wrap(sql))}\n${back}\n${downLines(wrap(down ?? ""))}`;
    return [{ path: numberedPath(folder, name), text }];
  },
};

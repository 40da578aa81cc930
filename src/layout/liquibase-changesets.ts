import { createScanner, scanToken } from "../sql/scanner.ts";
import type { Span } from "../text/span.ts";
import { dashComments, type LineComment, nextLine } from "./comments.ts";

/** One `--changeset author:id attribute:value ...` with the text that belongs to it. */
interface Changeset extends Span {
  readonly mark: Span;
  readonly name: string;
  readonly runsInTransaction: boolean;
  readonly splits: boolean;
  /** The text that ends its statements, or null for the semicolon. */
  readonly delimiter: string | null;
  /** Whether its `dbms` leaves PostgreSQL out. */
  readonly isForeign: boolean;
}

interface Changelog {
  readonly changesets: readonly Changeset[];
  /** What stands between `--ignoreLines:start` and `:end`, or the lines counted off: not part of any changeset. */
  readonly ignored: readonly Span[];
  /** The SQL of `--rollback` lines and of `liquibase rollback` comments, inside of the comment, ascending. */
  readonly rollbacks: readonly Span[];
}

/** Whether the first line says `liquibase formatted`. */
export function isFormattedSql(text: string): boolean {
  if (!/liquibase\s*formatted/i.test(text)) return false;
  const [first] = dashComments(text);
  return first !== undefined && /^\s*liquibase\s*formatted/i.test(first.body);
}

/** The changesets of a formatted SQL changelog, lines that Liquibase ignores, and rollbacks, by their spans. */
export function readChangelog(text: string): Changelog {
  const comments = dashComments(text).filter(({ indent }) => indent !== -1);
  const ignored = ignoredLines(text, comments);
  const marks = outside(comments, ignored).filter(isChangeset);
  const changesets = marks.map((mark, index) => readChangeset(mark, marks[index + 1]?.start ?? text.length));
  const rollbacks = [...rollbackLines(comments), ...rollbackBlocks(text)].sort((a, b) => a.start - b.start);
  return { changesets, ignored, rollbacks };
}

function isChangeset(comment: LineComment): boolean {
  return /^\s*changeset\s+[^:]+:/i.test(comment.body);
}

function readChangeset(mark: LineComment, end: number): Changeset {
  const words = mark.body.trim().split(/\s+/).slice(1);
  const attribute = (name: string) => attributeOf(mark.body, name);
  const delimiter = attribute("endDelimiter");
  return {
    start: mark.end,
    end,
    mark,
    name: words[0]?.endsWith(":") ? `${words[0]}${words[1] ?? ""}` : (words[0] ?? ""),
    runsInTransaction: attribute("runInTransaction")?.toLowerCase() !== "false",
    splits: attribute("splitStatements")?.toLowerCase() !== "false",
    delimiter:
      delimiter === null || delimiter === "" || delimiter === ";" ? null : delimiter.replaceAll("\\", ""),
    isForeign: leavesOut(attribute("dbms")),
  };
}

/** The value behind `name:`, up to the next white space; names in any case. */
function attributeOf(body: string, name: string): string | null {
  const word = body
    .split(/\s+/)
    .find((candidate) => candidate.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return word === undefined ? null : word.slice(name.length + 1).replace(/^"|"$/g, "");
}

function leavesOut(dbms: string | null): boolean {
  if (dbms === null || dbms === "") return false;
  const names = dbms
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  if (names.includes("!postgresql") || names.includes("none")) return true;
  const wanted = names.filter((name) => name !== "" && !name.startsWith("!"));
  return wanted.length > 0 && !wanted.includes("postgresql") && !wanted.includes("all");
}

function ignoredLines(text: string, comments: readonly LineComment[]): Span[] {
  const spans: Span[] = [];
  let start = -1;
  let behind = 0;
  for (const comment of comments) {
    const what = comment.start < behind ? undefined : ignoreOf(comment);
    if (what === undefined) continue;
    if (what === "start") start = comment.start;
    else if (what === "end" && start !== -1) {
      spans.push({ start, end: comment.end });
      start = -1;
    } else if (start === -1 && /^\d{1,6}$/.test(what)) {
      let end = nextLine(text, comment.end);
      for (let count = Number(what); count > 0 && end < text.length; count--) end = nextLine(text, end);
      spans.push({ start: comment.start, end });
      behind = end;
    }
  }
  return spans;
}

function ignoreOf(comment: LineComment): string | undefined {
  return /^\s*ignoreLines:(\w+)/i.exec(comment.body)?.[1]?.toLowerCase();
}

/** The comments that lie in none of the spans; both ascending. */
function outside(comments: readonly LineComment[], spans: readonly Span[]): LineComment[] {
  let index = 0;
  return comments.filter(({ start }) => {
    while (index < spans.length && (spans[index]?.end ?? 0) <= start) index++;
    const span = spans[index];
    return span === undefined || start < span.start;
  });
}

const nothing = /^(?:not required|empty|changeset(?:id|author|path):.*|)$/i;

/** One `--rollback sql` in a row is a statement to read; several make one that is in pieces. */
function rollbackLines(comments: readonly LineComment[]): Span[] {
  const spans: Span[] = [];
  let isOpen = false;
  for (const comment of comments) {
    const head = /^\s*rollback\s+/i.exec(comment.body)?.[0];
    const sql = head === undefined ? "" : comment.body.slice(head.length).trim();
    const wasOpen = isOpen;
    isOpen = head !== undefined && !nothing.test(sql) && !sql.endsWith(";");
    // The last line of one in pieces is no statement by itself.
    if (head === undefined || nothing.test(sql) || isOpen || wasOpen) continue;
    const start = comment.start + 2 + head.length;
    spans.push({ start, end: comment.end });
  }
  return spans;
}

/** The inside of a comment that starts with a line `liquibase rollback`. */
function rollbackBlocks(text: string): Span[] {
  const spans: Span[] = [];
  if (!/liquibase\s*rollback/i.test(text)) return spans;
  const scanner = createScanner(text);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind !== "comment" || !text.startsWith("/*", scanner.start)) continue;
    const body = text.slice(scanner.start + 2, scanner.end - 2);
    const head = /^\s*liquibase\s*rollback[ \t]*\r?\n/i.exec(body)?.[0];
    if (head !== undefined) spans.push({ start: scanner.start + 2 + head.length, end: scanner.end - 2 });
  }
  return spans;
}

/** The places of a changeset's own delimiter, outside of strings and comments. */
export function findDelimiters(text: string, changeset: Changeset): Span[] {
  const { delimiter } = changeset;
  if (delimiter === null || !changeset.splits) return [];
  const spans: Span[] = [];
  const scanner = createScanner(text, changeset.start, changeset.end);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    if (kind === "comment" || kind === "string" || kind === "quoted") continue;
    const { start } = scanner;
    const end = start + delimiter.length;
    if (text.slice(start, end).toLowerCase() !== delimiter.toLowerCase()) continue;
    if (kind === "word" && scanner.end !== end) continue;
    // A slash is a delimiter on a line of its own only: elsewhere it divides.
    if (delimiter === "/" && text.slice(end, nextLine(text, end)).trim() !== "") continue;
    spans.push({ start, end });
    scanner.end = Math.max(scanner.end, end);
  }
  return spans;
}

import type { Span } from "../text/span.ts";
import { type CopySearch, copiesFromStdin, skipCopyData } from "./copy-data.ts";
import { createScanner, type Scanner, scanToken } from "./scanner.ts";
import type { LexicalProblem } from "./token.ts";

/**
 * One statement of a text. The span runs from its first token to its last, without the semicolon,
 * white space and comments around it.
 */
export interface StatementText extends Span {
  /** `sql`: for a parser. `meta`: a psql meta-command on its own. */
  readonly kind: "sql" | "meta";
  /** Whether a semicolon (or a psql command such as `\gexec`) ends it; the last one of a text may lack it. */
  readonly terminated: boolean;
  /** psql meta-commands in the middle of the statement: no part of what the server gets. */
  readonly metas: readonly Span[];
  /** The lines behind COPY ... FROM stdin, with the closing `\.`. */
  readonly data: Span | null;
}

interface SplitText {
  readonly statements: readonly StatementText[];
  readonly comments: readonly Span[];
  readonly problems: readonly LexicalProblem[];
}

/** Who is handed what a text is split into, in its order. */
interface SplitSink {
  statement(statement: StatementText): void;
  comment(start: number, end: number): void;
}

const NO_SPANS: readonly Span[] = [];

/** What the splitter knows of the statement that it stands in. */
interface Pending {
  start: number;
  end: number;
  words: number;
  /** The first words, lower-case: enough to know CREATE FUNCTION, CREATE RULE and COPY. */
  head: string[];
  parentheses: number;
  /** BEGIN ATOMIC and the CASEs inside it that are still open. */
  bodies: number;
  previous: string;
  copiesFromStdin: boolean;
  metas: Span[] | null;
}

/**
 * Splits a text as PostgreSQL's grammar does: at semicolons outside of quotes, comments, rule actions in
 * parentheses and BEGIN ATOMIC bodies. Linear in the text. `breaks` are offsets at which a statement ends
 * whatever stands there (a runner's own statement marks), ascending.
 */
export function splitStatements(
  text: string,
  from = 0,
  limit = text.length,
  breaks: readonly number[] = [],
): SplitText {
  const { sink, problems } = splitInto(newLists, text, from, limit, breaks);
  return { statements: sink.statements, comments: sink.comments, problems };
}

function newLists() {
  const statements: StatementText[] = [];
  const comments: Span[] = [];
  return {
    statements,
    comments,
    statement: (statement: StatementText) => {
      statements.push(statement);
    },
    comment: (start: number, end: number) => {
      comments.push({ start, end });
    },
  };
}

/**
 * The same into a sink: the statements of a large text, as objects, take more room than the text. A text may have to be read
 * twice: then what the first sink was given is void, and `open` makes another.
 */
export function splitInto<Sink extends SplitSink>(
  open: () => Sink,
  text: string,
  from: number,
  limit: number,
  breaks: readonly number[],
): { readonly sink: Sink; readonly problems: readonly LexicalProblem[] } {
  const first = open();
  const problems = split(first, text, from, limit, breaks, true);
  if (problems !== null) return { sink: first, problems };
  // A BEGIN ATOMIC that never ends would swallow the rest: read the text again without bodies.
  const second = open();
  const found = split(second, text, from, limit, breaks, false);
  if (found === null) throw new Error("a text without bodies always splits");
  return { sink: second, problems: found };
}

/** Whether there is any statement in a stretch of text: seen at the first of its tokens. */
export function holdsStatement(text: string, from: number, limit: number): boolean {
  const scanner = createScanner(text, skipByteOrderMark(text, from), limit);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    const { start } = scanner;
    const isBorder =
      (kind === "punctuation" && text.charCodeAt(start) === 59) ||
      (kind === "meta" && text.charCodeAt(start + 1) === 59);
    if (kind === "meta" && isBorder) scanner.end = start + 2;
    else if (kind !== "comment" && !isBorder) return true;
  }
  return false;
}

function split(
  sink: SplitSink,
  text: string,
  from: number,
  limit: number,
  breaks: readonly number[],
  withBodies: boolean,
): LexicalProblem[] | null {
  const scanner = createScanner(text, skipByteOrderMark(text, from), limit);
  let pending = newPending();
  let nextBreak = 0;
  const copies: CopySearch = { isVain: false };

  const close = (terminated: boolean, data: Span | null = null) => {
    if (pending.start !== -1) {
      // Behind its last token they are no part of it.
      const { end } = pending;
      const metas = pending.metas?.filter((meta) => meta.end <= end) ?? NO_SPANS;
      sink.statement({ kind: "sql", start: pending.start, end: pending.end, terminated, metas, data });
    }
    pending = newPending();
  };

  for (;;) {
    const kind = scanToken(scanner);
    while (nextBreak < breaks.length && (breaks[nextBreak] ?? 0) <= scanner.start) {
      close(true);
      nextBreak++;
    }
    if (kind === "end") break;
    if (kind === "comment") {
      sink.comment(scanner.start, scanner.end);
      continue;
    }
    if (kind === "meta") {
      readMeta(scanner, pending, sink, copies, close);
      continue;
    }
    if (kind === "punctuation" && text.charCodeAt(scanner.start) === 59 && isBorder(pending)) {
      if (pending.start === -1) continue;
      close(true, pending.copiesFromStdin ? skipCopyData(scanner, copies) : null);
      continue;
    }
    if (pending.start === -1) pending.start = scanner.start;
    pending.end = scanner.end;
    if (kind === "word") noteWord(scanner, pending, withBodies);
    else if (kind === "punctuation") notePunctuation(text.charCodeAt(scanner.start), pending);
    else pending.previous = "";
  }
  if (pending.bodies > 0 && withBodies) return null;
  close(false);
  return scanner.problems;
}

function newPending(): Pending {
  return {
    start: -1,
    end: -1,
    words: 0,
    head: [],
    parentheses: 0,
    bodies: 0,
    previous: "",
    copiesFromStdin: false,
    metas: null,
  };
}

/** A semicolon inside parentheses belongs to the statement in CREATE RULE only; elsewhere it is a slip, and ends it. */
function isBorder(pending: Pending): boolean {
  if (pending.bodies > 0) return false;
  return pending.parentheses <= 0 || !createsA(pending, "rule");
}

function createsA(pending: Pending, what: string): boolean {
  const { head } = pending;
  if (head[0] !== "create") return false;
  return head[1] === what || (head[1] === "or" && head[2] === "replace" && head[3] === what);
}

function noteWord(scanner: Scanner, pending: Pending, withBodies: boolean): void {
  const index = pending.words++;
  const watches = pending.bodies > 0 || (withBodies && createsRoutine(pending));
  if (index >= 4 && !watches && pending.head[0] !== "copy") {
    pending.previous = "";
    return;
  }
  // No keyword that matters here is longer than "procedure".
  const word =
    scanner.end - scanner.start <= 9 ? scanner.text.slice(scanner.start, scanner.end).toLowerCase() : "";
  if (index < 4) pending.head.push(word);
  if (watches && pending.parentheses <= 0) noteBody(word, pending);
  else if (pending.head[0] === "copy" && word === "stdin" && pending.previous === "from") {
    pending.copiesFromStdin = true;
  }
  pending.previous = word;
}

function createsRoutine(pending: Pending): boolean {
  return createsA(pending, "function") || createsA(pending, "procedure");
}

/** Counts BEGIN ATOMIC ... END with the CASE ... END inside; `AS case` and `x.end` are names. */
function noteBody(word: string, pending: Pending): void {
  if (pending.previous === "as" || pending.previous === ".") return;
  if (pending.bodies === 0) {
    if (word === "atomic" && pending.previous === "begin") pending.bodies = 1;
  } else if (word === "case") pending.bodies++;
  else if (word === "end") pending.bodies--;
}

function notePunctuation(code: number, pending: Pending): void {
  pending.previous = code === 46 ? "." : "";
  if (code === 40) pending.parentheses++;
  else if (code === 41) pending.parentheses--;
}

/** psql sends what it has read so far at these commands. */
const sendingCommands = [
  "\\g",
  "\\gx",
  "\\gexec",
  "\\gset",
  "\\gdesc",
  "\\crosstabview",
  "\\watch",
  "\\bind",
];

function readMeta(
  scanner: Scanner,
  pending: Pending,
  sink: SplitSink,
  copies: CopySearch,
  close: (terminated: boolean) => void,
): void {
  const { text } = scanner;
  const span = { start: scanner.start, end: scanner.end };
  // `\;` puts a semicolon into the message without sending it: for us a border like any other.
  if (text.charCodeAt(span.start + 1) === 59) {
    scanner.end = span.start + 2;
    close(true);
    return;
  }
  const command = firstWord(text, span);
  if (pending.start !== -1) {
    if (sendingCommands.includes(command)) {
      close(true);
      // What comes back is run: that is a statement of its own.
      if (command === "\\gexec")
        sink.statement({ kind: "meta", ...span, terminated: true, metas: NO_SPANS, data: null });
    } else if (pending.metas === null) pending.metas = [span];
    else pending.metas.push(span);
    return;
  }
  const data = command === "\\copy" && copiesFromStdin(text, span) ? skipCopyData(scanner, copies) : null;
  sink.statement({ kind: "meta", ...span, terminated: true, metas: NO_SPANS, data });
}

function firstWord(text: string, span: Span): string {
  let end = span.start;
  while (end < span.end && text.charCodeAt(end) > 32 && text.charCodeAt(end) !== 40) end++;
  return text.slice(span.start, end);
}

function skipByteOrderMark(text: string, from: number): number {
  return from === 0 && text.charCodeAt(0) === 0xfeff ? 1 : from;
}

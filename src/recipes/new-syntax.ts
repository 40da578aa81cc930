import type { Action } from "../model/action.ts";
import type { Statement } from "../model/statement.ts";
import type { ColumnDefinition, Constraint } from "../model/table.ts";
import type { Context } from "../rule.ts";
import { createScanner, scanToken } from "../sql/scanner.ts";
import { isWord, tokenize } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";

/** A construct that PostgreSQL has not always had. */
export interface NewSyntax {
  readonly at: Span;
  /** As it is written: `NOT ENFORCED`. */
  readonly what: string;
  /** The first major version that has it: see its release notes, appendix E of the manual. */
  readonly since: number;
}

/** Everything in a statement that came after PostgreSQL 12, each with its version. */
export function* newSyntax(statement: Statement, context: Context): Iterable<NewSyntax> {
  yield* ofStatement(statement, context);
  if (statement.kind === "alter table") {
    for (const action of statement.actions) yield* ofAction(action);
  }
  yield* ofTokens(statement, context);
}

function* ofStatement(statement: Statement, context: Context): Iterable<NewSyntax> {
  const at = statement.head;
  switch (statement.kind) {
    case "create table":
      for (const column of statement.columns) yield* ofColumn(column);
      for (const constraint of statement.constraints) yield* ofConstraint(constraint);
      return;
    case "create index":
      if (statement.nullsNotDistinct) yield { at, what: "NULLS NOT DISTINCT", since: 15 };
      return;
    case "merge":
      yield { at, what: "MERGE", since: statement.isReturning ? 17 : 15 };
      return;
    case "create trigger":
      if (statement.orReplace) yield { at, what: "CREATE OR REPLACE TRIGGER", since: 14 };
      return;
    case "create function":
      if (statement.body === null && statement.language === "sql")
        yield { at, what: "a function body without quotes", since: 14 };
      return;
    case "reindex":
      if (statement.target === null && (statement.object === "database" || statement.object === "system"))
        yield { at, what: `${context.text(at).toUpperCase()} without a name`, since: 16 };
      return;
  }
}

function* ofAction(action: Action): Iterable<NewSyntax> {
  const at = action.head;
  switch (action.kind) {
    case "add column":
      yield* ofColumn(action.column);
      return;
    case "add constraint":
      yield* ofConstraint(action.constraint);
      return;
    case "alter constraint":
      if (action.enforced !== null) yield { at, what: "ALTER CONSTRAINT ... [NOT] ENFORCED", since: 18 };
      if (action.inherit !== null) yield { at, what: "ALTER CONSTRAINT ... [NO] INHERIT", since: 18 };
      return;
    case "drop expression":
      yield { at, what: "DROP EXPRESSION", since: 13 };
      return;
    case "set expression":
      yield { at, what: "SET EXPRESSION", since: 17 };
      return;
    case "set compression":
      yield { at, what: "SET COMPRESSION", since: 14 };
      return;
    case "set access method":
      if (action.method === null) yield { at, what: "SET ACCESS METHOD DEFAULT", since: 17 };
      else yield { at, what: "SET ACCESS METHOD", since: 15 };
      return;
    case "detach partition":
      if (action.concurrently) yield { at, what: "DETACH PARTITION ... CONCURRENTLY", since: 14 };
      if (action.finalize) yield { at, what: "DETACH PARTITION ... FINALIZE", since: 14 };
      return;
  }
}

function* ofColumn(column: ColumnDefinition): Iterable<NewSyntax> {
  if (column.generated !== null && !column.generated.stored)
    yield { at: column.span, what: "generated columns that are not STORED", since: 18 };
  if (column.notNull?.notValid === true)
    yield { at: column.notNull.span, what: "NOT NULL ... NOT VALID", since: 18 };
  for (const constraint of column.constraints) yield* ofConstraint(constraint);
}

function* ofConstraint(constraint: Constraint): Iterable<NewSyntax> {
  const at = constraint.span;
  if (constraint.kind === "not null") yield { at, what: "NOT NULL as a table constraint", since: 18 };
  if (constraint.notEnforced) yield { at, what: "NOT ENFORCED", since: 18 };
  if (constraint.kind === "unique" || constraint.kind === "primary key") {
    if (constraint.withoutOverlaps) yield { at, what: "WITHOUT OVERLAPS", since: 18 };
    if (constraint.nullsNotDistinct) yield { at, what: "NULLS NOT DISTINCT", since: 15 };
  }
  if (constraint.kind === "foreign key" && constraint.onDeleteColumns.length > 0)
    yield { at, what: "a list of columns behind ON DELETE SET NULL or SET DEFAULT", since: 15 };
}

/** What the model does not keep, seen from its words; words that can be names count only where the grammar allows nothing else. */
function* ofTokens(statement: Statement, context: Context): Iterable<NewSyntax> {
  const text = context.sourceText;
  if (context.version >= 17 || !mayBeNew(text, statement.span)) return;
  const tokens = tokenize(text, statement.span.start, statement.span.end).filter(
    ({ kind }) => kind !== "comment",
  );
  for (const [k, token] of tokens.entries()) {
    if (token.kind === "number" && isNewNumber(text.slice(token.start, token.end)))
      yield { at: token, what: "numbers written like this", since: 16 };
    if (token.kind !== "word") continue;
    const opens = text.startsWith("(", tokens[k + 1]?.start ?? text.length);
    const isCalled = (word: string) => opens && isWord(text, token, word);
    for (const word of [
      "json_scalar",
      "json_serialize",
      "json_exists",
      "json_query",
      "json_value",
      "json_table",
    ])
      if (isCalled(word)) yield { at: token, what: `${word.toUpperCase()}()`, since: 17 };
    if (isWord(text, token, "json") && isWord(text, tokens[k - 1], "is"))
      yield { at: token, what: "IS JSON", since: 16 };
  }
}

/** All but a few statements hold none of it, and are not worth a list of tokens. */
function mayBeNew(text: string, span: Span): boolean {
  const scanner = createScanner(text, span.start, span.end);
  for (let kind = scanToken(scanner); kind !== "end"; kind = scanToken(scanner)) {
    const { start, end } = scanner;
    if (kind === "word" && end - start >= 4 && text.slice(start, start + 4).toLowerCase() === "json")
      return true;
    if (kind === "number" && end - start > 1 && isNewNumber(text.slice(start, end))) return true;
  }
  return false;
}

/** `1_000`, `0x1F`, `0o17`, `0b11`. */
function isNewNumber(text: string): boolean {
  return text.includes("_") || (text[0] === "0" && "xXoObB".includes(text[1] ?? " "));
}

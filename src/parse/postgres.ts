import type { Token } from "../sql/token.ts";
import { parseFast } from "./fast-path.ts";
import { openCursor } from "./locate/cursor.ts";
import type { ParseResult, Parser, ParserInput } from "./parser.ts";
import { offsetOfCodePoint, tokenSpanAt } from "./postgres/errors.ts";
import { grammarText } from "./postgres/grammar-text.ts";
import { type Grammar, loadGrammar } from "./postgres/instance.ts";
import { createLowering, TooDeep } from "./postgres/lowering.ts";
import { lowerStatement } from "./postgres/statements.ts";
import { type Fields, listOf, nodeOf } from "./postgres/tree.ts";
import { Mismatch } from "./postgres/values.ts";

/** The grammar needs some 200 bytes for a token of a long list; its memory ends at 2 GB. */
const MAX_TOKENS = 1_000_000;
const MAX_LENGTH = 32_000_000;
/** Its lexer reads a row of operator characters to the end for each operator that it takes from it: so many looks take a second. */
const MAX_LOOKS = 200_000_000;

let grammar: Promise<Grammar> | null = null;

/**
 * PostgreSQL's own grammar (libpg-query, WebAssembly), behind the reader of common statements. It decides what a
 * statement is; its tree hands over the expressions and queries. It never throws: what it cannot read is `not understood`.
 */
export async function loadPostgresParser(): Promise<Parser> {
  const { name, parse } = await loadGrammarParser();
  return { name, parse: (input) => parseFast(input) ?? parse(input) };
}

/** The grammar alone: what the reader of common statements is held against. */
export async function loadGrammarParser(): Promise<Parser> {
  grammar ??= loadGrammar();
  const parse = await grammar;
  return { name: "postgres", parse: (input) => parseStatement(parse, input) };
}

function parseStatement(parse: Grammar, input: ParserInput): ParseResult {
  const { statement, tokens } = input;
  const sql = grammarText(input);
  // Looked for in the statement alone: in the text it would be sought to its end, for each statement anew.
  const nul = input.text.slice(statement.start, statement.end).indexOf("\0");
  if (nul !== -1) {
    // The grammar would take it for the end of its input, and leave the rest out.
    const at = { start: statement.start + nul, end: statement.start + nul + 1 };
    return { outcome: "syntax error", message: 'invalid byte sequence for encoding "UTF8": 0x00', at };
  }
  if (tokens.length > MAX_TOKENS || sql.length > MAX_LENGTH)
    return notUnderstood("the statement is too long");
  if (countLooks(tokens) > MAX_LOOKS) return notUnderstood("it has too many operators in a row");
  const result = parse(sql);
  switch (result.outcome) {
    case "failure":
      return notUnderstood("nested too deeply, or too long");
    case "error": {
      if (isExhausted(result.message)) return notUnderstood("nested too deeply, or too long");
      const offset = result.cursor < 0 ? 0 : offsetOfCodePoint(sql, result.cursor);
      const at = tokenSpanAt(tokens, statement.start + offset);
      return { outcome: "syntax error", message: result.message, at };
    }
  }
  return lowerTree(input, result.tree);
}

/** How many characters of operators the grammar's lexer looks at. */
function countLooks(tokens: readonly Token[]): number {
  let looks = 0;
  let end = -1;
  let row = 0;
  for (const token of tokens) {
    if (token.kind === "operator") {
      row = token.start === end ? row + 1 : 1;
      looks += row;
      end = token.end;
    }
  }
  return looks;
}

const exhaustions = ["memory exhausted", "out of memory", "stack depth limit exceeded"];

function isExhausted(message: string): boolean {
  return exhaustions.some((start) => message.startsWith(start));
}

function notUnderstood(reason: string): ParseResult {
  return { outcome: "not understood", reason };
}

function lowerTree(input: ParserInput, tree: unknown): ParseResult {
  const statements = listOf((tree ?? {}) as Fields, "stmts");
  const first = statements[0] as Fields | undefined;
  const node = nodeOf(first?.stmt);
  if (node === null) return notUnderstood("the statement is empty");
  if (statements.length > 1) return notUnderstood("PostgreSQL reads several statements here");
  try {
    const lowering = createLowering();
    const statement = lowerStatement(lowering, node, openCursor(input.text, input.tokens));
    return { outcome: "statement", statement };
  } catch (error) {
    if (error instanceof TooDeep || error instanceof RangeError) return notUnderstood("nested too deeply");
    if (error instanceof Mismatch)
      return notUnderstood(`its parts could not be told apart: ${error.message}`);
    throw error;
  }
}

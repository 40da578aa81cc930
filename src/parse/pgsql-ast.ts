import type { Statement as Tree } from "pgsql-ast-parser";
import { createScanner, scanToken } from "../sql/scanner.ts";
import { isMark, isWord } from "../sql/tokens.ts";
import { openCursor } from "./locate/cursor.ts";
import type { ParseResult, Parser, ParserInput } from "./parser.ts";
import { NotUnderstood } from "./pgsql-ast/not-understood.ts";
import { rejectReservedNames } from "./pgsql-ast/reserved.ts";
import { type Spelling, spellStatement } from "./pgsql-ast/spelling.ts";
import { lowerStatement } from "./pgsql-ast/statements.ts";

/** The other parser keeps its whole search in memory: some 15 kB and 0.1 ms a token, more inside of brackets. */
const MAX_TOKENS = 20_000;
const MAX_NESTING = 40;
/** For each further UNION it copies all before it. */
const MAX_UNIONS = 500;

type ParseTree = (sql: string, options: { locationTracking: boolean }) => Tree[];

/**
 * pgsql-ast-parser, lowered to the model of PostgreSQL's own grammar: it needs no WebAssembly, and is a second
 * opinion. It rejects much that is valid, so that it never answers `syntax error`: what it cannot read, or reads into
 * a tree that does not tell for certain what PostgreSQL would do, is `not understood`.
 */
export async function loadPgsqlAstParser(): Promise<Parser> {
  const { parse } = await import("pgsql-ast-parser");
  return { name: "pgsql-ast-parser", parse: (input) => parseStatement(parse, input) };
}

function parseStatement(parse: ParseTree, input: ParserInput): ParseResult {
  const { text, tokens } = input;
  if (isTooLong(input)) return notUnderstood(input, "it is too long, or nested too deeply");
  if (hasLexicalProblem(input)) return notUnderstood(input, "a string or a name without its end");
  try {
    const { tree, spelling } = parseTree(parse, input);
    rejectReservedNames(tree);
    const cursor = openCursor(text, tokens);
    const statement = lowerStatement({ spelling, cursor, depth: 0 }, tree, openCursor(text, tokens));
    return { outcome: "statement", statement };
  } catch (error) {
    if (error instanceof NotUnderstood) return notUnderstood(input, error.message);
    if (error instanceof RangeError) return notUnderstood(input, "deep nesting");
    throw error;
  }
}

/** With brackets marked if the grammar bears it; without the marks the lowering is less often certain. */
function parseTree(parse: ParseTree, { text, tokens }: ParserInput): { tree: Tree; spelling: Spelling } {
  for (const marksGroups of [true, false]) {
    const spelling = spellStatement(text, tokens, marksGroups);
    const trees = tryParse(parse, spelling.sql);
    const [tree] = trees;
    if (tree !== undefined && trees.length === 1) return { tree, spelling };
  }
  throw new NotUnderstood("a form that pgsql-ast-parser does not know");
}

function tryParse(parse: ParseTree, sql: string): Tree[] {
  try {
    return parse(sql, { locationTracking: true });
  } catch (error) {
    // It throws plain errors for all that it cannot read, also for two readings of one text.
    if (error instanceof Error) return [];
    throw error;
  }
}

/** A stand-in would end what the user left open. */
function hasLexicalProblem({ text, statement }: ParserInput): boolean {
  const scanner = createScanner(text, statement.start, statement.end);
  while (scanToken(scanner) !== "end" && scanner.problems.length === 0);
  return scanner.problems.length > 0;
}

function isTooLong({ text, tokens }: ParserInput): boolean {
  if (tokens.length > MAX_TOKENS) return true;
  let depth = 0;
  let unions = 0;
  for (const token of tokens) {
    if (isMark(text, token, "(") || isMark(text, token, "[")) depth++;
    else if (isMark(text, token, ")") || isMark(text, token, "]")) depth--;
    else if (isWord(text, token, "union")) unions++;
    if (depth > MAX_NESTING || unions > MAX_UNIONS) return true;
  }
  return false;
}

/** The reason names the first words: people know their statements by them. */
function notUnderstood({ text, tokens }: ParserInput, reason: string): ParseResult {
  const words = [];
  for (const token of tokens.slice(0, 3)) {
    if (token.kind !== "word") break;
    words.push(text.slice(token.start, token.end).slice(0, 40).toUpperCase());
  }
  return { outcome: "not understood", reason: `${words.join(" ")}: ${reason}` };
}

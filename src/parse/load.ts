import { parseFast } from "./fast-path.ts";
import type { Parser, ParserName } from "./parser.ts";

/** As much text as this most likely has a statement that needs the grammar: to begin without it would be in vain. */
const MUCH_TEXT = 100_000;

/** Whether the grammar is loaded: then there is nothing to save any more. */
let isLoaded = false;

/**
 * The parser of that name, loaded when first asked for. Where WebAssembly does not exist (`node --jitless`, a strict
 * content security policy) PostgreSQL's own grammar cannot run, and pgsql-ast-parser reads instead.
 */
export async function loadParser(name?: ParserName): Promise<Parser> {
  const canUsePostgres = "WebAssembly" in globalThis;
  if (name === "pgsql-ast-parser" || (name === undefined && !canUsePostgres)) {
    return (await import("./pgsql-ast.ts")).loadPgsqlAstParser();
  }
  if (!canUsePostgres)
    throw new Error("the postgres parser needs WebAssembly; use --parser pgsql-ast-parser");
  const parser = await (await import("./postgres.ts")).loadPostgresParser();
  isLoaded = true;
  return parser;
}

/**
 * Does some work with the parser of that name. PostgreSQL's grammar takes longer to load than a small file to lint, and
 * common statements are read without it: the work begins without the grammar, and where that is not enough, it is
 * begun anew with it. So it must leave nothing behind that a second time could stumble over. `length` is that of all
 * texts that will be parsed.
 */
export async function withParser<Result>(
  name: ParserName | undefined,
  length: number,
  work: (parser: Parser) => Result,
): Promise<Result> {
  const canWait = name !== "pgsql-ast-parser" && "WebAssembly" in globalThis && !isLoaded;
  if (canWait && length <= MUCH_TEXT) {
    const attempt = tryWithoutGrammar(work);
    if (attempt !== null) return attempt.result;
  }
  return work(await loadParser(name));
}

/** The result of the work, or null if it came to a statement that only the grammar can read. */
function tryWithoutGrammar<Result>(work: (parser: Parser) => Result): { result: Result } | null {
  let isNeeded = false;
  const parser: Parser = {
    name: "postgres",
    parse(input) {
      const result = parseFast(input);
      if (result !== null) return result;
      isNeeded = true;
      throw new Error("this statement needs the grammar");
    },
  };
  try {
    const result = work(parser);
    // Whoever caught what the parser threw has gone on without a statement.
    return isNeeded ? null : { result };
  } catch (error) {
    if (isNeeded) return null;
    throw error;
  }
}

/** The length of all texts together. */
export function lengthOf(sources: readonly { readonly text: string }[]): number {
  return sources.reduce((sum, { text }) => sum + text.length, 0);
}

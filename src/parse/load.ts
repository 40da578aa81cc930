import type { Parser, ParserName } from "./parser.ts";

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
  return (await import("./postgres.ts")).loadPostgresParser();
}

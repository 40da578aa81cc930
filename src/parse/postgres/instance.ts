/** What libpg-query's compiled grammar gives for one text. */
export type GrammarResult =
  | { readonly outcome: "tree"; readonly tree: unknown }
  /** `cursor` counts code points from 0; -1 where the grammar does not say. */
  | { readonly outcome: "error"; readonly message: string; readonly cursor: number }
  | { readonly outcome: "failure" };

export type Grammar = (sql: string) => GrammarResult;

/** The part of the Emscripten module that is used here. */
interface Module {
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  _wasm_parse_query_raw(query: number): number;
  _wasm_free_parse_result(result: number): void;
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, pointer: number, size: number): void;
  UTF8ToString(pointer: number): string;
  getValue(pointer: number, type: "i32"): number;
}

/**
 * Loads PostgreSQL's grammar. It runs on a memory of its own that hostile SQL can break: deep nesting overflows its
 * stack, a huge statement exhausts it. The memory as it was before the first statement is kept, and put back then, so
 * that the next statement is read as if nothing had happened.
 */
export async function loadGrammar(): Promise<Grammar> {
  const { default: createModule } = await import("libpg-query/wasm/libpg-query.js");
  const module = (await createModule({
    print: () => {},
    printErr: () => {},
  })) as Module;
  const fresh = takeSnapshot(module);
  return (sql) => {
    const status = exitStatus();
    try {
      return parse(module, sql);
    } catch {
      module.HEAPU8.set(fresh);
      // Running out of memory sets the exit status of the whole process.
      if (status !== null) status.process.exitCode = status.before;
      return { outcome: "failure" };
    }
  };
}

type ExitCode = number | string | null | undefined;

/** The process whose exit status the module can change, if there is one. */
function exitStatus(): { process: { exitCode?: ExitCode }; before: ExitCode } | null {
  const { process } = globalThis as { process?: { exitCode?: ExitCode } };
  return process === undefined ? null : { process, before: process.exitCode };
}

/** What lies this far behind the first block that is handed out is not in use yet, and may hold anything. */
const BEYOND_FIRST_BLOCK = 1 << 16;

function takeSnapshot(module: Module): Uint8Array {
  const pointer = module._malloc(16);
  module._free(pointer);
  return module.HEAPU8.slice(0, pointer + BEYOND_FIRST_BLOCK);
}

function parse(module: Module, sql: string): GrammarResult {
  const size = module.lengthBytesUTF8(sql) + 1;
  const query = module._malloc(size);
  module.stringToUTF8(sql, query, size);
  const result = module._wasm_parse_query_raw(query);
  if (result === 0) throw new Error("no result");
  const answer = readResult(module, result);
  module._wasm_free_parse_result(result);
  module._free(query);
  return answer;
}

/** PgQueryParseResult: the tree as JSON, what went to stderr, and the error (message, function, file, line, cursor). */
function readResult(module: Module, result: number): GrammarResult {
  const error = module.getValue(result + 8, "i32");
  if (error !== 0) {
    const message = module.UTF8ToString(module.getValue(error, "i32"));
    // 0: the grammar does not say where.
    const cursor = module.getValue(error + 16, "i32") - 1;
    return { outcome: "error", message, cursor };
  }
  const tree: unknown = JSON.parse(module.UTF8ToString(module.getValue(result, "i32")));
  return { outcome: "tree", tree };
}

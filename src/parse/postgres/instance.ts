/** What libpg-query's compiled grammar gives for one text. */
type GrammarResult =
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
  getValue(pointer: number, type: "i32"): number;
}

let prepare = () => {};

/** What is to be done before the grammar is loaded: the process may have settings to make that come too late then. */
export function beforeGrammar(hook: () => void): void {
  prepare = hook;
}

/**
 * Loads PostgreSQL's grammar. It runs on a memory of its own that hostile SQL can break: deep nesting overflows its
 * stack, a huge statement exhausts it. The memory as it was before the first statement is kept, and put back then, so
 * that the next statement is read as if nothing had happened.
 */
export async function loadGrammar(): Promise<Grammar> {
  prepare();
  const { default: createModule } = await import("libpg-query/wasm/libpg-query.js");
  const module = (await createModule({
    print: () => {},
    printErr: () => {},
    ...(await compiledBeside()),
  })) as Module;
  const fresh = takeSnapshot(module);
  return (sql) => {
    const status = exitStatus();
    try {
      return parse(module, sql);
    } catch {
      putBack(module, fresh);
      // Running out of memory sets the exit status of the whole process.
      if (status !== null) status.process.exitCode = status.before;
      return { outcome: "failure" };
    }
  };
}

/** The name of the compiled grammar, where the build put it beside the executable. */
declare const __LOCKWISE_GRAMMAR__: string | undefined;

/** TypeScript knows WebAssembly only with the types of a browser. */
interface Compiler {
  readonly Module: new (bytes: Uint8Array) => unknown;
  readonly Instance: new (module: unknown, imports: unknown) => unknown;
}

/** In the executable it is compiled in one go: handing it to another thread and back takes as long again. */
async function compiledBeside() {
  if (typeof __LOCKWISE_GRAMMAR__ === "undefined") return {};
  const { readFileSync } = await import("node:fs");
  const { WebAssembly } = globalThis as unknown as { WebAssembly: Compiler };
  const compiled = new WebAssembly.Module(readFileSync(`${import.meta.dirname}/${__LOCKWISE_GRAMMAR__}`));
  return {
    instantiateWasm(imports: unknown, done: (instance: unknown) => void) {
      done(new WebAssembly.Instance(compiled, imports));
    },
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
const BLOCK = 1 << 16;

/** The used ends of the memory: variables at its start, the first heap block at `tailAt`; all between is the empty stack. */
interface Snapshot {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly tailAt: number;
}

/** The stack has 32 MB that nobody has touched: to copy them would cost more than all else on the way to a first finding. */
function takeSnapshot(module: Module): Snapshot {
  const memory = module.HEAPU8;
  const pointer = module._malloc(16);
  module._free(pointer);
  // Whole words, blocks from both ends.
  const end = (pointer + BEYOND_FIRST_BLOCK) & ~3;
  let head = 0;
  while (head < end && !isZero(memory, head, Math.min(head + BLOCK, end))) head += BLOCK;
  let tail = end;
  while (tail > head && !isZero(memory, Math.max(tail - BLOCK, head), tail)) tail -= BLOCK;
  const tailAt = Math.max(head, tail);
  return { head: memory.slice(0, Math.min(head, end)), tail: memory.slice(tailAt, end), tailAt };
}

function isZero(memory: Uint8Array, from: number, to: number): boolean {
  const words = new Int32Array(memory.buffer, from, (to - from) >> 2);
  for (let index = 0; index < words.length; index++) if (words[index] !== 0) return false;
  return true;
}

function putBack({ HEAPU8 }: Module, { head, tail, tailAt }: Snapshot): void {
  HEAPU8.fill(0, head.length, tailAt);
  HEAPU8.set(head);
  HEAPU8.set(tail, tailAt);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function parse(module: Module, sql: string): GrammarResult {
  // A unit of UTF-16 has three bytes at most; of a long text they are counted.
  const size = sql.length < 100_000 ? sql.length * 3 : module.lengthBytesUTF8(sql);
  const query = module._malloc(size + 1);
  const { written } = encoder.encodeInto(sql, module.HEAPU8.subarray(query, query + size));
  module.HEAPU8[query + written] = 0;
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
    const message = textAt(module, module.getValue(error, "i32"));
    // 0: the grammar does not say where.
    const cursor = module.getValue(error + 16, "i32") - 1;
    return { outcome: "error", message, cursor };
  }
  const tree: unknown = JSON.parse(textAt(module, module.getValue(result, "i32")));
  return { outcome: "tree", tree };
}

function textAt({ HEAPU8 }: Module, pointer: number): string {
  return decoder.decode(HEAPU8.subarray(pointer, HEAPU8.indexOf(0, pointer)));
}

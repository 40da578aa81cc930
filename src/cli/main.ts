#!/usr/bin/env node
import module from "node:module";
import { setFlagsFromString } from "node:v8";

// V8 optimises the parser's WebAssembly in the background and the end of the process waits for it: a short run is
// over sooner without. This has to happen before the parser is loaded, and only where the process is ours.
// A server runs long enough to gain from it.
if (process.argv[2] !== "lsp") setFlagsFromString("--wasm-tiering-budget=2147483647");
// What is imported from here on is compiled once and kept, where Node knows how (22.1): so nothing is imported before.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

const { start } = await import("./start.ts");
await start(process.argv.slice(2));

#!/usr/bin/env node
import { openCode } from "./code-cache.ts";
import { forgoTierUp, optimiseLater } from "./tier-up.ts";

// All else is a file of its own, so that what V8 made of it in an earlier run can be used. Both are CommonJS: Node starts
// a sixth faster without its loader of ES modules.
const args = process.argv.slice(2);
const code = openCode(`${import.meta.dirname}/cli.cjs`, !args.includes("--no-cache"));
const { start } = code.run(require) as typeof import("./start.ts");

// A server runs long enough to gain from what V8 optimises.
const hooks = { beforeGrammar: forgoTierUp, beforeLint: optimiseLater };
void start(args, args[0] === "lsp" ? null : hooks).then((length) => {
  code.keep(length);
  // Nothing is left to do: Node would take everything apart before it ends by itself.
  if (length > 0) process.exit();
});

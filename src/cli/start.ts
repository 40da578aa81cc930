import { beforeGrammar } from "../parse/postgres/instance.ts";
import { flushOutput } from "./output.ts";
import { runProgram } from "./program.ts";
import { lengthOfRun, watchLength } from "./run-length.ts";

/** What the first lines do about V8's flags: they put them back when all is done, so that what they know must be theirs. */
interface Hooks {
  /** Before PostgreSQL's grammar is loaded. */
  beforeGrammar(): void;
  /** Before SQL is linted: with so much in UTF-16 units since the start. */
  beforeLint(length: number): void;
}

/**
 * All of the executable but its first lines. Resolves to how much SQL was linted, when all is written; 0: another command
 * ran, and may go on.
 */
export async function start(args: readonly string[], hooks: Hooks | null): Promise<number> {
  if (hooks !== null) {
    beforeGrammar(hooks.beforeGrammar);
    watchLength(hooks.beforeLint);
  }
  await runProgram(args);
  await flushOutput();
  return lengthOfRun();
}

export { serveRuns } from "./worker.ts";

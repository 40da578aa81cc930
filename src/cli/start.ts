import { beforeGrammar } from "../parse/postgres/instance.ts";
import { flushOutput } from "./output.ts";
import { runProgram } from "./program.ts";
import { lengthOfRun } from "./run-length.ts";

/**
 * All of the executable but its first lines. `prepare` is called before PostgreSQL's grammar is loaded. Resolves to how
 * much SQL was linted, when all is written; 0: another command ran, and may go on.
 */
export async function start(args: readonly string[], prepare: () => void): Promise<number> {
  beforeGrammar(prepare);
  await runProgram(args);
  await flushOutput();
  return lengthOfRun();
}

export { serveRuns } from "./worker.ts";

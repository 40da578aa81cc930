import { survivePipes } from "./output.ts";
import { runProgram } from "./program.ts";

/** All of the executable but its first lines. */
export async function start(args: readonly string[]): Promise<void> {
  survivePipes();
  await runProgram(args);
}

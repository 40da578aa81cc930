import { commandNames } from "./command-names.ts";
import { isUsageError } from "./failure.ts";
import { defaultFlags } from "./lint-flags.ts";
import { complain } from "./output.ts";

/** Runs the command line. Sets the exit status; never throws. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    if (args.every(isPath)) {
      // Most runs are told nothing but paths, and are over sooner without all that can be told.
      const { runLint } = await import("./lint-run.ts");
      process.exitCode = await runLint(args, defaultFlags);
    } else {
      const { runCommand } = await import("./command-line.ts");
      await runCommand(args);
    }
  } catch (error) {
    if (isUsageError(error)) complain(error.message);
    else {
      const words = error instanceof Error ? error.message : String(error);
      complain(`internal error: ${words}`);
      if (process.env.LOCKWISE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    }
    process.exitCode = 2;
  }
}

function isPath(word: string): boolean {
  return !word.startsWith("-") && word !== "help" && !commandNames.some((name) => name === word);
}

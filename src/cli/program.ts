import { Command, CommanderError } from "commander";
import { addExplain } from "./explain-command.ts";
import { isUsageError } from "./failure.ts";
import { addInit } from "./init-command.ts";
import { addLint } from "./lint-command.ts";
import { addLsp } from "./lsp-command.ts";
import { complain } from "./output.ts";
import { addPlan } from "./plan-command.ts";
import { addRules } from "./rules-command.ts";
import { packageVersion } from "./version.ts";

/** One line here and one file beside it: that is a new command. */
const commands = { explain: addExplain, plan: addPlan, rules: addRules, init: addInit, lsp: addLsp };

/** Runs the command line. Sets the exit status; never throws. */
export async function runProgram(args: readonly string[]): Promise<void> {
  const program = new Command("lockwise")
    .description("Finds what is dangerous in PostgreSQL migrations, and shows the safe way.")
    .version(packageVersion, "-v, --version")
    .showHelpAfterError("(lockwise --help lists all flags)")
    .configureHelp({ showGlobalOptions: false })
    .enablePositionalOptions()
    .exitOverride();
  addLint(program);
  // Most runs lint, and need not know of more.
  if (args.some(isAboutMore)) for (const add of Object.values(commands)) add(program);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    process.exitCode = statusOf(error);
  }
}

/** Whether a word of the command line may be another command, or asks which there are. */
function isAboutMore(word: string): boolean {
  return Object.hasOwn(commands, word) || word === "help" || /^--?h/.test(word);
}

function statusOf(error: unknown): number {
  // Commander has said what is wrong; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isUsageError(error)) complain(error.message);
  else {
    const words = error instanceof Error ? error.message : String(error);
    complain(`internal error: ${words}`);
    if (process.env.LOCKWISE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  return 2;
}

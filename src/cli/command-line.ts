import { Command, CommanderError } from "commander";
import { addExplain } from "./explain-command.ts";
import { addInit } from "./init-command.ts";
import { addLint } from "./lint-command.ts";
import { addLsp } from "./lsp-command.ts";
import { addPlan } from "./plan-command.ts";
import type { CommandName } from "./program.ts";
import { addRules } from "./rules-command.ts";
import { packageVersion } from "./version.ts";

/** One line here, its name in program.ts and one file beside it: that is a new command. */
const commands: Readonly<Record<CommandName, (program: Command) => void>> = {
  lint: addLint,
  explain: addExplain,
  plan: addPlan,
  rules: addRules,
  init: addInit,
  lsp: addLsp,
};

/** Reads a command line that has more than paths, and runs the command. Sets the exit status. */
export async function runCommand(args: readonly string[]): Promise<void> {
  const program = new Command("lockwise")
    .description("Finds what is dangerous in PostgreSQL migrations, and shows the safe way.")
    .version(packageVersion, "-v, --version")
    .showHelpAfterError("(lockwise --help lists all flags)")
    .configureHelp({ showGlobalOptions: false })
    .enablePositionalOptions()
    .exitOverride();
  for (const add of Object.values(commands)) add(program);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said what is wrong; help and version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

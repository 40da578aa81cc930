import { Command, CommanderError, Help, type Option } from "commander";
import type { CommandName } from "./command-names.ts";
import { addExplain } from "./explain-command.ts";
import { addInit } from "./init-command.ts";
import { addLint } from "./lint-command.ts";
import { addLsp } from "./lsp-command.ts";
import { writeResult } from "./output.ts";
import { addPlan } from "./plan-command.ts";
import { addRules } from "./rules-command.ts";
import { packageVersion } from "./version.ts";

/** One line here, its name in command-names.ts and one file beside it: that is a new command. */
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
    .usage("[options] [paths...]\n       lockwise <command> ...")
    .version(packageVersion, "-v, --version")
    .configureOutput({ writeOut: (text) => writeResult(text, undefined) })
    .showHelpAfterError("(lockwise --help lists all flags)")
    .configureHelp({ showGlobalOptions: false, optionDescription: describeOption })
    .enablePositionalOptions()
    .exitOverride();
  for (const add of Object.values(commands)) add(program);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  program.addHelpText("after", () => defaultCommandHelp(program));
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said what is wrong; help and version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** That a flag is off, or a list empty, where nothing is said, goes without saying. */
function describeOption(option: Option): string {
  const { defaultValue } = option;
  const isNothing = defaultValue === false || (Array.isArray(defaultValue) && defaultValue.length === 0);
  const shown = isNothing ? Object.assign(Object.create(option), { defaultValue: undefined }) : option;
  return Help.prototype.optionDescription.call(new Help(), shown);
}

/** What the command takes that needs no name: who asks for help means it more often than not. */
function defaultCommandHelp(program: Command): string {
  const lint = program.commands.find((command) => command.name() === "lint");
  const help = lint?.helpInformation() ?? "";
  const options = help.slice(help.indexOf("Options:") + "Options:".length);
  return `
Options of lint, and of lockwise without a command:${options}
Exit status: 0 clean, 1 findings at or above --fail-on, 2 usage, configuration or internal error.`;
}

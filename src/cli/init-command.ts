import type { Command } from "commander";
import type { InitFlags } from "./init-run.ts";

/** `lockwise init`: a configuration for what is there, and if wanted the hook and the CI step. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("look around, write the configuration, and offer a hook and a CI step")
    .argument("[folder]", "the folder of the migrations, where it is not found")
    .option("--hook", "add a pre-commit hook", false)
    .option("--ci", "add a CI step", false)
    .option("-y, --yes", "say yes to all questions", false)
    .option("--force", "overwrite what is there", false)
    .action(async (folder: string | undefined, flags: InitFlags) => {
      const { runInit } = await import("./init-run.ts");
      process.exitCode = await runInit(folder, flags);
    });
}

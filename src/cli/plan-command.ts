import { type Command, Option } from "commander";
import { addTarget } from "./lint-command.ts";
import type { PlanFlags } from "./plan-run.ts";

/** `lockwise plan`: the safe series of migrations instead of a dangerous one. */
export function addPlan(program: Command): void {
  const plan = program
    .command("plan")
    .description("write the safe series of migrations for what is dangerous in one")
    .argument("<file>", "the path of a migration")
    .addOption(
      new Option("--format <format>", "how it is shown").choices(["pretty", "json"]).default("pretty"),
    )
    .option("--write", "put the migrations beside the file; none is overwritten", false)
    .option("--replace", "like --write, and take the dangerous statements out of the file", false)
    .option("--runbook", "what to look at before, meanwhile and afterwards, as Markdown", false);
  addTarget(plan).action(async (path: string, flags: PlanFlags) => {
    const { runPlan } = await import("./plan-run.ts");
    process.exitCode = await runPlan(path, flags);
  });
}

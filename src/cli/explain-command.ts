import { type Command, Option } from "commander";
import type { ExplainFlags } from "./explain-run.ts";
import { addTarget } from "./lint-command.ts";

/** `lockwise explain`: a rule, or what every statement of a file does. */
export function addExplain(program: Command): void {
  const explain = program
    .command("explain")
    .description("explain a rule, or what every statement of a migration does to others")
    .argument("<rule or file>", "a rule's id, or the path of an SQL file")
    .addOption(
      new Option("--format <format>", "how it is shown").choices(["pretty", "json"]).default("pretty"),
    );
  addTarget(explain).action(async (subject: string, flags: ExplainFlags) => {
    const { runExplain } = await import("./explain-run.ts");
    process.exitCode = await runExplain(subject, flags);
  });
}

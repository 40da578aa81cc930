import { type Command, Option } from "commander";

/** `lockwise rules`: the catalogue. */
export function addRules(program: Command): void {
  program
    .command("rules")
    .description("list the rules")
    .addOption(
      new Option("--format <format>", "how they are shown").choices(["pretty", "json"]).default("pretty"),
    )
    .option("-c, --config <file>", "the configuration whose plugins count")
    .action(async (flags: { format: "pretty" | "json"; config?: string }) => {
      const { loadSettings } = await import("./settings.ts");
      const { renderRules, renderRulesJson } = await import("../reporters/rules.ts");
      const { hasColour, isTerminal, writeResult } = await import("./output.ts");
      const { toSlashes } = await import("./files.ts");
      const { catalogue } = await loadSettings(toSlashes(process.cwd()), flags.config);
      const colour = hasColour(process.env, isTerminal());
      writeResult(
        flags.format === "json" ? renderRulesJson(catalogue) : renderRules(catalogue, { colour }),
        undefined,
      );
    });
}

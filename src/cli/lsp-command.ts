import type { Command } from "commander";

/** `lockwise lsp`: the language server, for editors. */
export function addLsp(program: Command): void {
  program
    .command("lsp")
    .description("serve editors over the language server protocol, on stdio")
    .option("--stdio", "speak over stdin and stdout, which is the only way")
    // Editors may add options of their own, such as --clientProcessId.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      const { runLsp } = await import("./lsp-run.ts");
      await runLsp();
    });
}

import { type Command, InvalidArgumentError, Option } from "commander";
import { nearestWord } from "../engine/nearest.ts";
import { newestVersion, oldestVersion } from "../engine/options.ts";
import { findProfile, profiles } from "../layout/index.ts";
import { formats } from "../reporters/reporter.ts";
import { defaultFlags, type LintFlags } from "./lint-flags.ts";

/** `lockwise lint`, which is what `lockwise` alone means. */
export function addLint(program: Command): void {
  const lint = program
    .command("lint", { isDefault: true })
    .description("find what is dangerous in migrations (the default)")
    .argument("[paths...]", "files, folders and globs; none: the project's migrations")
    .option("--stdin", "read one migration from stdin", defaultFlags.stdin)
    .option("--stdin-filename <file>", "the name that stdin goes by")
    .addOption(
      new Option("--format <format>", "how findings are shown").choices(formats).default(defaultFlags.format),
    )
    .option("-o, --output <file>", "write findings to a file");
  addTarget(lint)
    .option("--fix", "apply the fixes that keep the meaning", defaultFlags.fix)
    .option("--fix-dry-run", "show as a diff what --fix would do", defaultFlags.fixDryRun)
    .option(
      "--rule <id=severity>",
      "set the severity of a rule: off, warning, error",
      collect,
      defaultFlags.rule,
    )
    .option("--only <ids>", "ask these rules only", collectList, defaultFlags.only)
    .option("--since <ref>", "judge what is new or changed since a git commit; the rest is history")
    .option("--baseline <file>", "hide the findings of this file")
    .option("--write-baseline", "record today's findings in the baseline", defaultFlags.writeBaseline)
    .addOption(
      new Option("--fail-on <severity>", "what makes the exit status 1")
        .choices(["error", "warning", "never"])
        .default(defaultFlags.failOn),
    )
    .option("--max-warnings <n>", "more warnings than this make the exit status 1", parseCount)
    .option("--max-not-understood <n>", "more statements that were not understood do, too", parseCount)
    .option("--verbose", "say more of what was left out or not understood", defaultFlags.verbose)
    .option("--down", "judge down migrations too", defaultFlags.down)
    .option("--no-cache", "keep nothing from run to run, and use nothing that was kept")
    .action(async (paths: string[], flags: LintFlags) => {
      const { runLint } = await import("./lint-run.ts");
      process.exitCode = await runLint(paths, flags);
    });
}

/** The options that say what the migrations are for; `explain` and others take them as well. */
export function addTarget(command: Command): Command {
  return command
    .option(
      "--postgres-version <major>",
      `major version of the server, ${oldestVersion} to ${newestVersion}`,
      parseVersion,
    )
    .option("--runner <name>", "the tool that runs the migrations", parseRunner)
    .option("-c, --config <file>", "the configuration to use")
    .addOption(
      new Option("--parser <name>", "the parser to read with").choices(["postgres", "pgsql-ast-parser"]),
    );
}

function parseVersion(word: string): number {
  const version = /^\d+(\.\d+)?$/.test(word) ? Number.parseInt(word, 10) : Number.NaN;
  if (version >= oldestVersion && version <= newestVersion) return version;
  throw new InvalidArgumentError(`It is a major version, ${oldestVersion} to ${newestVersion}.`);
}

function parseRunner(word: string): string {
  if (findProfile(word) !== null) return word;
  const names = profiles.map(({ name }) => name);
  const near = nearestWord(word, names);
  throw new InvalidArgumentError(
    near === null ? `It is one of ${names.join(", ")}.` : `Did you mean ${near}?`,
  );
}

function parseCount(word: string): number {
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new InvalidArgumentError("It is a whole number, 0 or more.");
}

function collect(word: string, before: readonly string[]): readonly string[] {
  return [...before, word];
}

function collectList(words: string, before: readonly string[]): readonly string[] {
  return [...before, ...words.split(",").map((word) => word.trim())].filter((word) => word !== "");
}

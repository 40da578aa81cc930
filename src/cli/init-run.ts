import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { rules } from "../../rules/index.ts";
import { plain } from "../reporters/plain.ts";
import { countOf } from "../reporters/words.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import { ciOffer } from "./init-ci.ts";
import { configurationOffer, readOther } from "./init-configuration.ts";
import { hookOffer } from "./init-hook.ts";
import { findMigrations } from "./init-migrations.ts";
import { type Offer, takeOffer } from "./init-offers.ts";
import { chooseVersion, findVersions } from "./init-versions.ts";
import { writeResult } from "./output.ts";
import { isWithin } from "./project.ts";

/** The flags of `lockwise init`, parsed and checked. */
export interface InitFlags {
  readonly hook: boolean;
  readonly ci: boolean;
  readonly yes: boolean;
  readonly force: boolean;
}

/** Runs `lockwise init` in the current folder and resolves to the exit status. Asks only on a terminal. */
export async function runInit(folder: string | undefined, flags: InitFlags): Promise<number> {
  const root = toSlashes(process.cwd());
  const named = folder === undefined ? null : toSlashes(resolve(root, folder));
  if (named !== null && !isWithin(named, root))
    throw usageError(`${folder}: run init from above this folder`);
  if (named !== null && !existsSync(named)) throw usageError(`${folder}: there is no such folder`);
  const found = findMigrations(root, named);
  if (found.layouts.length === 0) {
    throw usageError("no migrations found here: name their folder (lockwise init db/changes)");
  }
  const hints = findVersions(root);
  const version = chooseVersion(hints);
  const other = await readOther(root, rules);
  say("Found");
  for (const { profile, folder: at, because, confidence } of found.layouts) {
    const why = confidence < 0.5 ? "" : ` (${because})`;
    say(`  ${countOf(at.files.length, "file")} in ${at.root || "."}: ${profile.title}${why}`);
  }
  for (const hint of hints) say(`  PostgreSQL ${hint.version}: ${hint.text} in ${hint.path}`);
  if (version === null && other?.configuration.postgresVersion === undefined) {
    say("  no word of the server's version: set postgresVersion, 15 is assumed");
  }
  if (other !== null) {
    const count = Object.keys(other.configuration.rules ?? {}).length;
    say(`  ${other.path}: ${countOf(count, "rule")} taken over; its comments are honoured as they are`);
    for (const note of other.notes) say(`    ${note.replace(`${other.path}: `, "")}`);
  }
  say("");
  const configuration = configurationOffer(root, found, version, other);
  report(configuration, root, flags.force);
  const hook = hookOffer(root);
  const ask = createAsker(flags);
  if (hook === null) {
    if (flags.hook) say("no Git repository here, and so no hook");
  } else if (flags.hook || (await ask(hook))) report(hook, root, flags.force);
  const ci = ciOffer(root, found.globs);
  if (flags.ci || (await ask(ci))) report(ci, root, flags.force);
  ask.close();
  say("");
  say("Next");
  say("  npx lockwise                     judge all migrations");
  say("  npx lockwise --write-baseline    leave what is there already alone, from now on");
  const missing = [...(flags.hook || hook === null ? [] : ["--hook"]), ...(flags.ci ? [] : ["--ci"])];
  if (!ask.isAsking && !flags.yes && missing.length > 0) {
    say(`  npx lockwise init ${missing.join(" ").padEnd(14)} add ${missing.map(wordsOf).join(" and ")}`);
  }
  return 0;
}

function wordsOf(flag: string): string {
  return flag === "--hook" ? "a pre-commit hook" : "a CI step";
}

function report(offer: Offer, root: string, force: boolean): void {
  const outcome = takeOffer(root, offer, force);
  const indented = offer.text.trimEnd().replaceAll(/^(?=.)/gm, "  ");
  const words = {
    written: `Wrote ${offer.path}\n${indented}`,
    added: `Added to ${offer.path}\n${indented}`,
    kept: `Kept ${offer.path}, which differs; --force overwrites it with\n${indented}`,
    there: `${offer.path} has lockwise already: nothing to do`,
    shown: `Put into ${offer.path} yourself\n${indented}`,
  };
  say(words[outcome]);
}

interface Asker {
  (offer: Offer): Promise<boolean>;
  readonly isAsking: boolean;
  close(): void;
}

/** Questions are for terminals: everywhere else only the flags count. */
function createAsker({ yes }: InitFlags): Asker {
  const isAsking = !yes && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const terminal = isAsking ? createInterface({ input: process.stdin, output: process.stdout }) : null;
  const ask = async ({ what, path, how }: Offer) => {
    if (terminal === null) return yes;
    const answer = await terminal.question(
      `${how === "show" ? "Show" : "Add"} ${what} (${plain(path)})? [y/N] `,
    );
    return /^\s*y/i.test(answer);
  };
  return Object.assign(ask, { isAsking, close: () => terminal?.close() });
}

function say(text: string): void {
  writeResult(`${text.split("\n").map(plain).join("\n")}\n`, undefined);
}

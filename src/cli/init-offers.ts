import { readFile } from "../config/read-file.ts";
import { usageError } from "./failure.ts";
import { codeOf } from "./output.ts";
import { createFile, isThere, replaceFile } from "./write-file.ts";

/** Something that `init` can write, or at least show. */
export interface Offer {
  /** What it is, for questions: `a pre-commit hook in lefthook.yml`. */
  readonly what: string;
  /** Relative to the project. */
  readonly path: string;
  /** `create` a file, `append` to one that is there, or `show` what has to be put there by hand. */
  readonly how: "create" | "append" | "show";
  readonly text: string;
  /** Whether the file must be executable. */
  readonly isScript?: boolean;
}

type Outcome = "written" | "added" | "shown" | "kept" | "there";

/** Does what an offer says; never overwrites a file unless `force` says so, and adds nothing twice. */
export function takeOffer(root: string, { path, how, text, isScript }: Offer, force: boolean): Outcome {
  if (how === "show") return "shown";
  const whole = `${root}/${path}`;
  const before = readIfThere(whole);
  if (before === text) return "there";
  if (how === "append" && before !== null) {
    if (mentionsUs(before)) return "there";
    replaceFile(whole, `${before.replace(/\n*$/, "\n")}${text}`, root);
    return "added";
  }
  if (before !== null && !force) return "kept";
  if (before === null) createFile(whole, text, root, isScript ? 0o777 : 0o666);
  else replaceFile(whole, text, root);
  return "written";
}

function mentionsUs(text: string): boolean {
  return /\blockwise\b/.test(text);
}

/** The text of a file of the project; null where none is there. Ends the command where there is something else under its name. */
export function readIfThere(path: string): string | null {
  try {
    return isThere(path) ? readFile(path) : null;
  } catch (error) {
    throw usageError(`${path}: cannot be read (${codeOf(error)})`);
  }
}

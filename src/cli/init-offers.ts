import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { usageError } from "./failure.ts";
import { codeOf } from "./output.ts";

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

export type Outcome = "written" | "added" | "shown" | "kept" | "there";

/** Does what an offer says; never overwrites a file unless `force` says so, and adds nothing twice. */
export function takeOffer(root: string, { path, how, text, isScript }: Offer, force: boolean): Outcome {
  if (how === "show") return "shown";
  const whole = `${root}/${path}`;
  const before = existsSync(whole) ? readFileSync(whole, "utf8") : null;
  if (before === text) return "there";
  if (how === "append" && before !== null) {
    if (mentionsUs(before)) return "there";
    write(whole, `${before.replace(/\n*$/, "\n")}${text}`, isScript);
    return "added";
  }
  if (before !== null && !force) return "kept";
  write(whole, text, isScript);
  return "written";
}

export function mentionsUs(text: string): boolean {
  return /\blockwise\b/.test(text);
}

function write(path: string, text: string, isScript = false): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, isScript ? { mode: 0o755 } : {});
  } catch (error) {
    throw usageError(`${path}: cannot be written (${codeOf(error)})`);
  }
}

import { existsSync } from "node:fs";
import { baselineName } from "../config/configuration.ts";
import { relativeTo, resolveFrom } from "../config/paths.ts";
import { readFile } from "../config/read-file.ts";
import { applyBaseline, parseBaseline, renderBaseline, toBaseline } from "../engine/baseline.ts";
import type { Report } from "../engine/report.ts";
import { countOf } from "../reporters/words.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import type { LintFlags } from "./lint-flags.ts";
import { codeOf, complain } from "./output.ts";
import type { Settings } from "./settings.ts";
import { isThere, writeWholly } from "./write-file.ts";

/** Where the baseline lies that the flags or the configuration name; null where there is none. */
export function baselinePath(flags: LintFlags, { loaded }: Settings, cwd: string): string | null {
  if (flags.baseline !== undefined) return resolveFrom(cwd, flags.baseline);
  if (loaded.baseline !== null) return loaded.baseline;
  return flags.writeBaseline ? resolveFrom(loaded.folder ?? cwd, baselineName) : null;
}

/** The report without what the baseline knows, and how much of that is gone. `isAsked`: it has to be there. */
export function hideKnown(
  report: Report,
  path: string | null,
  isAsked: boolean,
): { readonly report: Report; readonly gone: number } {
  if (path === null || (!isAsked && !existsSync(path))) return { report, gone: 0 };
  const outcome = applyBaseline(report, openBaseline(path));
  return { report: outcome.report, gone: outcome.gone.length };
}

/** Writes what was found as the new baseline. `isKnown`: somebody has said where it lies. */
export function writeBaseline(report: Report, path: string | null, isKnown: boolean): void {
  if (path === null) return;
  if (isOfOthers(path)) throw usageError(`${nameOf(path)}: is there and is no baseline: nothing is written`);
  writeWholly(path, renderBaseline(toBaseline(report)));
  const name = nameOf(path);
  const how = `; --baseline ${name} hides them, or "baseline": "${baselineName}" in the configuration`;
  complain(`${name}: ${countOf(report.diagnostics.length, "finding")} written${isKnown ? "" : how}`);
}

/** Whether something that is none of our files is there. A configuration says where: it shall not have other files overwritten. */
function isOfOthers(path: string): boolean {
  if (!isThere(path)) return false;
  try {
    const text = readFile(path);
    // One that a merge has left in pieces is still one.
    return text.trim() !== "" && !text.includes('"findings"');
  } catch {
    return true;
  }
}

/** As seen from where people are. */
function nameOf(path: string): string {
  return relativeTo(toSlashes(process.cwd()), path);
}

function openBaseline(path: string) {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw usageError(
      `${nameOf(path)}: the baseline cannot be read (${codeOf(error)}); --write-baseline writes one`,
    );
  }
  try {
    return parseBaseline(text);
  } catch (error) {
    throw usageError(`${nameOf(path)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

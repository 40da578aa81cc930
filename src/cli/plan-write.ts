import type { StepFiles } from "../fix/files.ts";
import type { Plan } from "../fix/plan-types.ts";
import type { Layout } from "../layout/index.ts";
import { baseName } from "../layout/paths.ts";
import { usageError } from "./failure.ts";
import { complain } from "./output.ts";
import { keepBooks } from "./plan-books.ts";
import type { Project } from "./project.ts";
import { createFile, isThere, replaceFile } from "./write-file.ts";

/** Puts the migrations of a plan beside the original. Nothing is overwritten, and where one file cannot be made none is. */
export async function writePlan(
  plan: Plan,
  files: readonly StepFiles[],
  layout: Layout,
  project: Project,
  isReplacing: boolean,
): Promise<void> {
  const all = files.flatMap((one) => one.files);
  if (all.length === 0) {
    complain(`${project.nameOf(plan.path)}: nothing to plan, nothing is written`);
    return;
  }
  const seen = new Set<string>();
  for (const { path } of all) {
    if (seen.has(path))
      throw usageError(
        `${project.nameOf(path)}: ${layout.profile.title} takes one migration at a time; take the steps from the plan one by one, and commit each before the next`,
      );
    seen.add(path);
    if (isThere(`${project.base}/${path}`))
      throw usageError(`${project.nameOf(path)}: is there already, and nothing is overwritten`);
  }
  for (const { path, text } of all) {
    createFile(`${project.base}/${path}`, text, project.base);
    complain(`${project.nameOf(path)}: written`);
  }
  if (isReplacing) {
    const text = withoutSeries(plan, files, project.read(plan.path) ?? "");
    replaceFile(`${project.base}/${plan.path}`, text, project.base);
    complain(
      `${project.nameOf(plan.path)}: the dangerous ${plan.series.length === 1 ? "statement is" : "statements are"} taken out; a database that has run the file will not run it again`,
    );
  } else {
    complain(
      `${project.nameOf(plan.path)}: stays as it is; take the dangerous statements out of it before both run (--replace does)`,
    );
  }
  for (const line of keepBooks(plan, files, layout, project)) complain(line);
}

/** The original with a comment in the place of each statement that a series stands for. */
function withoutSeries(plan: Plan, files: readonly StepFiles[], text: string): string {
  let result = "";
  let done = 0;
  let number = 0;
  for (const { start, end, steps } of plan.series) {
    const own = files.slice(number, number + steps.length).flatMap((one) => one.files.slice(0, 1));
    number += steps.length;
    const names = own.map(({ path }) =>
      isGeneric(path) ? (path.split("/").at(-2) ?? path) : baseName(path),
    );
    const [first = ""] = names;
    const last = names.at(-1) ?? first;
    const note = `-- See ${first}${names.length > 1 ? ` to ${last}` : ""}`;
    const rest = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? "";
    const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
    const line = text.slice(lineStart, start);
    result += `${text.slice(done, start)}${line.trim() === "" ? "" : "\n"}${note}${rest.trim() === "" ? "" : "\n"}`;
    done = end;
  }
  return result + text.slice(done);
}

function isGeneric(path: string): boolean {
  return /^(?:up|down|migration)\.sql$/.test(baseName(path));
}

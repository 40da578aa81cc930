import type { StepFiles } from "../fix/files.ts";
import type { Plan, PlanStep } from "../fix/plan-types.ts";
import type { Layout } from "../layout/index.ts";
import { baseName } from "../layout/paths.ts";
import { plain } from "../reporters/plain.ts";
import { usageError } from "./failure.ts";
import { complain, writeResult } from "./output.ts";
import { keepBooks } from "./plan-books.ts";
import { holdsNothing, withoutDown } from "./plan-down.ts";
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
  if (files.length === 0) {
    complain(`${project.nameOf(plan.path)}: nothing to plan, nothing is written`);
    return;
  }
  const all = files.flatMap((one) => one.files);
  const seen = new Set<string>();
  for (const { path } of all) {
    if (seen.has(path))
      throw usageError(
        `${project.nameOf(path)}: ${layout.profile.title} takes one migration at a time; take the steps from the plan one by one, and commit each before the next`,
      );
    seen.add(path);
  }
  for (const { path } of all)
    if (isThere(`${project.base}/${path}`) && !isBlank(path, project))
      throw usageError(`${project.nameOf(path)}: is there already, and nothing is overwritten`);
  for (const { step, files: own } of files)
    for (const { path, text } of own) {
      const write = isThere(`${project.base}/${path}`) ? replaceFile : createFile;
      write(`${project.base}/${path}`, text, project.base);
      complain(`${project.nameOf(path)}: written${step.after === null ? "" : `; to run once ${step.after}`}`);
    }
  const left = leftToDo(files);
  for (const { number, step, before } of left) {
    const why = step.phase === "check" ? "it asks whether to go on" : `${layout.profile.title} cannot run it`;
    const when = before === null ? "" : `, before ${project.nameOf(before)} runs`;
    complain(`step ${number} is not written, since ${why}: run it by hand, with psql${when}`);
  }
  if (left.length > 0) writeResult(renderLeft(left, project.nameOf), undefined);
  if (isReplacing) {
    const text = withoutSeries(plan, files, layout, project.read(plan.path) ?? "");
    const upOnly = withoutDown(text, plan, files, layout);
    replaceFile(`${project.base}/${plan.path}`, upOnly ?? text, project.base);
    complain(
      `${project.nameOf(plan.path)}: the dangerous ${plan.series.length === 1 ? "statement is" : "statements are"} taken out; a database that has run the file will not run it again`,
    );
    const down = upOnly === null ? plan.path : downBeside(plan, project);
    if (down !== null)
      complain(
        `${project.nameOf(down)}: what takes it back is as it was; take out of it what the new files undo`,
      );
  } else {
    complain(
      `${project.nameOf(plan.path)}: stays as it is; take the dangerous statements out of it before both run (--replace does)`,
    );
  }
  for (const line of keepBooks(plan, files, layout, project)) complain(line);
}

/** graphile-migrate's current migration is there before anything is written into it. */
function isBlank(path: string, project: Project): boolean {
  return project.read(path)?.trim() === "";
}

/** A step that no file holds. `before`: the file that needs it done. */
interface StepLeft {
  readonly number: number;
  readonly step: PlanStep;
  readonly before: string | null;
}

function leftToDo(files: readonly StepFiles[]): StepLeft[] {
  return files.flatMap(({ step }, index) => {
    if (!step.byHand) return [];
    const before = files.slice(index + 1).find((one) => one.files.length > 0)?.files[0]?.path ?? null;
    return [{ number: index + 1, step, before }];
  });
}

/** What is left to do, as SQL for psql. A name of two lines must not end a comment, and steers no terminal. */
function renderLeft(left: readonly StepLeft[], nameOf: (path: string) => string): string {
  const steps = left.map(({ number, step, before }) => {
    const when = before === null ? "" : `, before ${nameOf(before)} runs`;
    const until = step.phase === "check" ? "; go on if the count is 0" : "";
    const heading = `-- Step ${number}, by hand${when}${until}: ${step.title}`;
    return `${plain(heading.replaceAll(/\s+/g, " "))}\n${step.sql.split("\n").map(plain).join("\n")}\n`;
  });
  return steps.join("\n");
}

/** The original with a comment in the place of each statement that a series stands for. Line ends are its own. */
function withoutSeries(plan: Plan, files: readonly StepFiles[], layout: Layout, text: string): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  let stands = layout.profile.needsStatement === true && holdsNothing(plan, layout) ? "\nSELECT 1;" : "";
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
    const note =
      names.length === 0
        ? `-- Run by hand, with psql:\n${commented(steps)}`
        : `-- See ${first}${names.length > 1 ? ` to ${last}` : ""}`;
    const rest = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? "";
    const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
    const line = text.slice(lineStart, start);
    const before = text.slice(done, start);
    const shown = `${note}${stands}`.replaceAll("\n", newline);
    const isFirst = line.trim() === "";
    const isLast = rest.trim() === "";
    result += `${isFirst ? before : `${before.trimEnd()}${newline}`}${shown}${isLast ? "" : newline}`;
    done = isLast ? end : end + rest.length - rest.trimStart().length;
    stands = "";
  }
  return result + text.slice(done);
}

/** The file of its own that takes the migration back, where that says something. */
function downBeside({ path }: Plan, project: Project): string | null {
  const down = path.replace(/\bup\.sql$/, "down.sql");
  return down !== path && (project.read(down) ?? "").trim() !== "" ? down : null;
}

function commented(steps: readonly PlanStep[]): string {
  return steps.map(({ sql }) => sql.replaceAll(/^/gm, "--   ")).join("\n");
}

function isGeneric(path: string): boolean {
  return /^(?:up|down|migration)\.sql$/.test(baseName(path));
}

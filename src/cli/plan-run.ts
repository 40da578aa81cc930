import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { folderOf, relativeTo } from "../config/paths.ts";
import type { Source } from "../engine/options.ts";
import { filesOf, type Misplaced, misplacedIn, type StepFiles } from "../fix/files.ts";
import { planMigration } from "../fix/plan.ts";
import type { Plan } from "../fix/plan-types.ts";
import { renderPlan, renderPlanJson } from "../fix/render-plan.ts";
import { renderRunbook } from "../fix/runbook.ts";
import { findLayout, findProfile, gapsOf, type Layout, layOut, psql } from "../layout/index.ts";
import { escapeUnprintable, plain } from "../reporters/plain.ts";
import { escapeCommands } from "../reporters/workflow-commands.ts";
import { usageError } from "./failure.ts";
import { toSlashes } from "./files.ts";
import { gather } from "./gather.ts";
import { hasRoom } from "./heap-growth.ts";
import { complain, writeResult } from "./output.ts";
import { writePlan } from "./plan-write.ts";
import type { Project } from "./project.ts";
import { fromFirst } from "./runs.ts";
import { loadSettings } from "./settings.ts";

/** The flags of `lockwise plan`, parsed and checked. */
export interface PlanFlags {
  readonly format: "pretty" | "json";
  readonly write: boolean;
  readonly replace: boolean;
  readonly runbook: boolean;
  readonly postgresVersion?: number;
  readonly runner?: string;
  readonly config?: string;
  readonly parser?: "postgres" | "pgsql-ast-parser";
}

/** Runs `lockwise plan` and resolves to the exit status. */
export async function runPlan(file: string, flags: PlanFlags): Promise<number> {
  const cwd = toSlashes(process.cwd());
  const absolute = toSlashes(resolve(cwd, file));
  if (!existsSync(absolute)) throw usageError(`${file}: there is no such file`);
  const settings = await loadSettings(folderOf(absolute), flags.config);
  const { project, problems } = gather({ paths: [file], cwd }, settings);
  for (const problem of problems) complain(problem);
  const path = relativeTo(project.base, absolute);
  const layout = layoutOf(path, project, flags.runner ?? settings.loaded.options.runner);
  const plan = await planMigration(sourcesFor(path, layout, project), layout, {
    ...settings.loaded.options,
    catalogue: settings.catalogue,
    hasRoom,
    project,
    runner: layout.profile.name,
    ...(flags.postgresVersion !== undefined && { postgresVersion: flags.postgresVersion }),
    ...(flags.parser !== undefined && { parser: flags.parser }),
  });
  for (const { message } of plan.complaints) complain(`${project.nameOf(path)}: ${message}`);
  const status = problems.length > 0 || plan.complaints.length > 0 ? 2 : 0;
  if (flags.runbook || flags.write || flags.replace)
    for (const { line, reason } of plan.notUnderstood)
      complain(`${project.nameOf(path)}:${line}: not understood, and nothing is planned for it: ${reason}`);
  const files = filesOf(plan, layout);
  const misplaced = misplacedIn(plan, files, layout);
  const trouble = misplaced === null ? null : misplacedWords(misplaced, layout.profile.title, project.nameOf);
  if (trouble !== null && (flags.write || flags.replace)) throw usageError(`${trouble}; nothing is written`);
  if (trouble !== null) complain(trouble);
  if (flags.write || flags.replace) {
    await writePlan(plan, files, layout, project, flags.replace);
    return status;
  }
  writeResult(
    render(plan, files, flags, (one) => plain(project.nameOf(one))),
    undefined,
  );
  return status;
}

function misplacedWords(
  { path, before }: Misplaced,
  title: string,
  nameOf: (path: string) => string,
): string {
  return `${nameOf(path)}: ${title} goes by the names, and would run this before ${nameOf(before)}: give all files numbers of one width first, or take the steps from the plan and name their files yourself`;
}

/** What is printed: names of the migration may hold what steers a terminal. */
export function render(
  plan: Plan,
  files: readonly StepFiles[],
  flags: Pick<PlanFlags, "runbook" | "format">,
  nameOf: (path: string) => string,
): string {
  if (flags.format === "json" && !flags.runbook)
    return escapeCommands(escapeUnprintable(renderPlanJson(plan, files, nameOf)));
  const text = (flags.runbook ? renderRunbook : renderPlan)(plan, files, nameOf);
  // A name of two lines must not begin one with what GitHub's log takes for a command.
  const visible = (line: string) => plain(line.startsWith("::") ? ` ${line}` : line);
  return text.split("\n").map(visible).join("\n");
}

/** The migrations that the file belongs to; a file that no tool runs stands alone. */
function layoutOf(path: string, project: Project, name: string | undefined): Layout {
  const runner = name === undefined ? null : findProfile(name);
  const layouts = layOut(project, { paths: project.sql, ...(runner && { runner }) });
  const found = findLayout(layouts, path);
  if (found !== null) return found;
  const root = folderOf(path) === "." ? "" : folderOf(path);
  return {
    profile: runner ?? psql,
    folder: { root, files: [path], project },
    confidence: 0,
    because: "named",
  };
}

/** The file as the last of those that run before it. */
function sourcesFor(path: string, layout: Layout, project: Project): readonly Source[] {
  const { folder } = layout;
  const gaps = gapsOf(layout).before;
  const index = folder.files.indexOf(path);
  const before = folder.files.slice(0, Math.max(index, 0));
  const read = (one: string): Source[] => {
    const opened = project.open(one);
    if ("text" in opened)
      return [{ path: one, text: opened.text, ...(gaps.has(one) && { behindGap: true }) }];
    if (one === path) throw usageError(`${project.nameOf(one)}: ${opened.problem}`);
    return [];
  };
  return fromFirst([...before.flatMap(read), ...read(path)], layout);
}

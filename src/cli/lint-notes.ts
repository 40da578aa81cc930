import { ranBefore } from "../engine/units.ts";
import { gapsOf, psql } from "../layout/index.ts";
import type { Gathered } from "./gather.ts";
import { noteLeftOut } from "./left-out.ts";
import type { LintFlags } from "./lint-flags.ts";
import { complain } from "./output.ts";
import type { PlannedRuns } from "./runs.ts";

/** Complaints that make the run fail. */
interface Failures {
  tell(message: string): void;
  any(): boolean;
}

/** None so far. */
export function openFailures(): Failures {
  let hasFailed = false;
  return {
    tell(message) {
      hasFailed = true;
      complain(message);
    },
    any: () => hasFailed,
  };
}

/** Tells what of the files that were asked for is not judged, and why. */
export function notePlan(
  planned: PlannedRuns,
  { judged, named, problems, project }: Gathered,
  flags: LintFlags,
  failures: Failures,
): void {
  for (const problem of problems) failures.tell(problem);
  for (const { path, problem } of planned.problems) failures.tell(`${project.nameOf(path)}: ${problem}`);
  // Empty down files are common; one that was named is worth a word.
  for (const path of planned.empty) {
    if (named.has(path) || flags.verbose) complain(`${project.nameOf(path)}: is empty`);
  }
  noteLeftOut(planned.leftOut, project.nameOf, flags.verbose);
  const isAllLeftOut = planned.leftOut.size > 0 && planned.leftOut.size === judged.size;
  if (flags.since === undefined && isAllLeftOut)
    failures.tell("nothing that was asked for is judged: name a file to have it judged all the same");
  if (flags.verbose) noteTools(planned, project.nameOf);
}

/** Tells which migrations have run before, and say now what no database will run. */
export function noteEdited(planned: PlannedRuns, gathered: Gathered, { since }: LintFlags): void {
  for (const path of editedAfterRun(planned, gathered)) {
    const name = gathered.project.nameOf(path);
    complain(`${name}: changed since ${since}; databases that have run it will not run it again`);
  }
}

/** Edited migrations of which something that has run, and runs once, is not what it was. */
function editedAfterRun({ layouts }: PlannedRuns, { edited, project }: Gathered): string[] {
  return [...edited].flatMap(([path, before]) => {
    const profile = layouts.find(({ folder }) => folder.files.includes(path))?.profile ?? psql;
    const states = [
      ...ranBefore({ path, text: project.read(path) ?? "" }, before, profile, project).values(),
    ];
    return states.includes("other") ? [path] : [];
  });
}

/** Which tool was found for the folders that are judged, and why. */
function noteTools({ layouts, runs }: PlannedRuns, nameOf: (path: string) => string): void {
  const judged = new Set(
    runs.flatMap(({ sources }) => sources.filter(({ role }) => role === "lint").map(({ path }) => path)),
  );
  for (const layout of layouts) {
    const { profile, folder, because } = layout;
    if (!folder.files.some((path) => judged.has(path))) continue;
    const why = because === "" ? "" : ` (${because})`;
    const gaps = gapsOf(layout).because;
    const doubt = gaps === null ? "" : `; ${gaps}`;
    complain(`${nameOf(folder.root || ".") || "."}: read as ${profile.title} runs it${why}${doubt}`);
  }
}

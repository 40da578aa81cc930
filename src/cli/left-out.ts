import type { Report } from "../engine/report.ts";
import { countOf } from "../reporters/words.ts";
import { complain } from "./output.ts";
import type { Run } from "./runs.ts";

/** What was asked for by its folder and is not judged is told: nobody shall take it for clean. */
export function noteLeftOut(paths: readonly string[], isVerbose: boolean): void {
  const why = "for another database, no migration, or not run by the folder's migration tool";
  if (isVerbose) for (const path of paths) complain(`${path}: left out (${why})`);
  else if (paths.length > 0)
    complain(`${countOf(paths.length, "SQL file")} left out (${why}); --verbose names them`);
}

/**
 * Tells of files that were asked for and of which their tool runs nothing: without its marks, or with marks for another database
 * alone. Gives how many there are.
 */
export function noteUnmarked(
  runs: readonly Run[],
  { files }: Pick<Report, "files">,
  nameOf: (path: string) => string,
): number {
  const judged = new Set(files.map(({ path }) => path));
  let count = 0;
  for (const { profile, sources } of runs)
    for (const { path, text, role } of sources) {
      if (role === "history" || judged.has(path) || text.trim() === "") continue;
      complain(`${nameOf(path)}: left out (${profile?.title ?? "its tool"} runs nothing of it)`);
      count += 1;
    }
  return count;
}

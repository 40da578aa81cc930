import type { Report } from "../engine/report.ts";
import { complain } from "./output.ts";
import { type Run, tellLeftOut } from "./runs.ts";

/** What was asked for by its folder and is not judged is told: nobody shall take it for clean. */
export function noteLeftOut(
  leftOut: ReadonlyMap<string, string>,
  nameOf: (path: string) => string,
  isVerbose: boolean,
): void {
  if (isVerbose) for (const [path, why] of leftOut) complain(`${nameOf(path)}: left out (${why})`);
  else if (leftOut.size > 0) complain(`${tellLeftOut(leftOut)}; --verbose names them`);
}

/** So many are told by name without --verbose. */
const mostNamed = 3;

/**
 * Tells of files that were asked for and of which their tool runs nothing: without its marks, or with marks for another database
 * alone. Gives how many of the first kind there are.
 */
export function noteUnmarked(
  runs: readonly Run[],
  { files }: Pick<Report, "files">,
  nameOf: (path: string) => string,
  isVerbose: boolean,
): number {
  const judged = new Set(files.map(({ path }) => path));
  let count = 0;
  for (const { profile, sources } of runs) {
    const unmarked: string[] = [];
    for (const { path, text, role } of sources) {
      if (role === "history" || judged.has(path) || text.trim() === "") continue;
      if (profile?.isForOthers?.(text) !== true) unmarked.push(nameOf(path));
      else if (isVerbose) complain(`${nameOf(path)}: left out (for another database)`);
    }
    const tool = profile?.title ?? "the tool";
    if (isVerbose || unmarked.length <= mostNamed)
      for (const name of unmarked) complain(`${name}: left out (${tool} runs nothing of it)`);
    else
      complain(`${unmarked.length} SQL files left out (${tool} runs nothing of them); --verbose names them`);
    count += unmarked.length;
  }
  return count;
}

import { folderOf, relativeTo, resolveFrom } from "../config/paths.ts";
import type { Folders } from "./folders.ts";
import type { Project } from "./project.ts";
import type { PlannedRuns } from "./runs.ts";
import { openConfigurationSearch } from "./settings.ts";

/**
 * The configurations that hold for files of a run and that it does not read, since they lie below the place from which it
 * looked for one. Paths as people know them.
 */
export async function otherConfigurations(
  { runs }: PlannedRuns,
  project: Project,
  disk: Folders,
  own: string | null,
): Promise<readonly string[]> {
  const folders = new Set(
    runs.flatMap(({ sources }) =>
      sources.filter(({ role }) => role !== "history").map(({ path }) => folderOf(path)),
    ),
  );
  const others = new Set<string>();
  const configurationFor = await openConfigurationSearch(disk.lacks);
  for (const folder of folders) {
    const found = configurationFor(resolveFrom(project.base, folder));
    if (found !== null && folderOf(found) !== own) others.add(relativeTo(project.base, found));
  }
  return [...others].map(project.nameOf);
}

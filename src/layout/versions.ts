import type { Group } from "./join-groups.ts";
import { baseName, compareNatural, folderOf, isVersionFolder } from "./paths.ts";
import type { Folder, Profile } from "./types.ts";

/**
 * Folders that are versions, side by side, hold one sequence: `migrations/1/01_a.up.sql` runs before `migrations/2/01_b.up.sql`.
 * Two that are called `v1` and `v2` may as well be two databases.
 */
export function joinVersions<G extends Group>(groups: readonly G[]): G[] {
  const siblings = new Map<string, G[]>();
  for (const group of groups) {
    if (!isVersionFolder(group.folder.root)) continue;
    const key = `${group.profile.name}\n${folderOf(group.folder.root)}`;
    const known = siblings.get(key);
    if (known === undefined) siblings.set(key, [group]);
    else known.push(group);
  }
  const joined = new Map<G, G | null>();
  for (const versions of siblings.values()) {
    const isSeries =
      versions.length > 2 || versions.some(({ folder }) => baseName(folder.root).includes("."));
    if (versions.length < 2 || !isSeries) continue;
    const [first, ...rest] = versions.sort((a, b) => compareNatural(a.folder.root, b.folder.root));
    if (first === undefined) continue;
    joined.set(first, joinSeries(first, rest));
    for (const other of rest) joined.set(other, null);
  }
  return groups.flatMap((group) => {
    const series = joined.get(group);
    return series === undefined ? [group] : series === null ? [] : [series];
  });
}

function joinSeries<G extends Group>(first: G, rest: readonly G[]): G {
  const series = [first, ...rest].map(({ folder }) => folder);
  const files = series.flatMap((folder) => folder.files);
  return { ...first, folder: { ...first.folder, root: folderOf(first.folder.root), files }, series };
}

/** The files of folders that run one after another. */
export function orderOf(profile: Profile, series: readonly Folder[]): readonly string[] {
  return series.flatMap((folder) => profile.order(folder));
}

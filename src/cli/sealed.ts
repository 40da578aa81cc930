import { plain } from "../reporters/plain.ts";
import { countOf } from "../reporters/words.ts";
import { committedFiles } from "./git.ts";
import type { Project } from "./project.ts";
import type { Run } from "./runs.ts";

/**
 * The runs with those files sealed that --fix must leave as they are: what is committed has run somewhere, and the tool
 * objects to it once it is changed. Files that were named one by one are meant.
 */
export function sealCommitted(runs: readonly Run[], named: ReadonlySet<string>, project: Project): Run[] {
  let committed: ReadonlySet<string> | null = null;
  return runs.map((run) => {
    const { profile, sources } = run;
    if (profile === null || profile.comparesText === null) return run;
    const sealed = new Set<string>();
    for (const { path, role, text } of sources) {
      if (role === "history" || named.has(path)) continue;
      committed ??= committedFiles(project.base);
      if (!committed.has(`${project.base}/${path}`)) continue;
      const units = profile.parse(text, path, project);
      // Flyway runs a repeatable script again when it has changed: that is what it is for.
      if (units.some(({ direction }) => direction !== "repeatable")) sealed.add(path);
    }
    return sealed.size === 0 ? run : { ...run, sealed };
  });
}

/** What to say of the files that stayed as they are; null where none did that --fix would have changed. */
export function sealedNote(runs: readonly Run[], fixable: (path: string) => boolean): string | null {
  const left = runs.flatMap(({ sealed, profile }) =>
    [...(sealed ?? [])].filter(fixable).map(() => profile?.title ?? ""),
  );
  if (left.length === 0) return null;
  const tools = [...new Set(left)].join(" and ");
  const were =
    left.length === 1 ? "is committed and was left as it is" : "are committed and were left as they are";
  return `${countOf(left.length, "file")} ${were}: ${plain(tools)} objects to what has changed after it ran; name a file, or say --since, to fix it`;
}

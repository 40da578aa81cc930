import { hasPath } from "../layout/paths.ts";
import type { ProjectView } from "../layout/types.ts";

/** What was asked of the files around a history, with the answers: while they are the same, so is what came of them. */
export interface AskedFiles {
  readonly there: readonly string[];
  readonly missing: readonly string[];
  readonly texts: readonly (readonly [path: string, text: string | null])[];
}

/** A view of a project that notes what it is asked. */
export function watchProject(project: ProjectView): { view: ProjectView; asked: () => AskedFiles } {
  const known = new Map<string, boolean>();
  const texts = new Map<string, string | null>();
  const view: ProjectView = {
    paths: project.paths,
    read(path) {
      const text = project.read(path);
      texts.set(path, text);
      return text;
    },
    has(path) {
      const isThere = hasPath(project, path);
      known.set(path, isThere);
      return isThere;
    },
  };
  const pathsThat = (isThere: boolean) => [...known].flatMap(([path, is]) => (is === isThere ? [path] : []));
  return {
    view,
    asked: () => ({ there: pathsThat(true), missing: pathsThat(false), texts: [...texts] }),
  };
}

/** Whether a project would answer as it did. */
export function answersTheSame(project: ProjectView, { there, missing, texts }: AskedFiles): boolean {
  const gone = missing.length === 0 ? null : new Set(missing);
  return (
    there.every((path) => hasPath(project, path)) &&
    !(gone !== null && project.paths.some((path) => gone.has(path))) &&
    texts.every(([path, text]) => project.read(path) === text)
  );
}

/** What was asked first, and what was asked behind it. */
export function joinAsked(first: AskedFiles, second: AskedFiles): AskedFiles {
  const join = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
  return {
    there: join(first.there, second.there),
    missing: join(first.missing, second.missing),
    texts: [...new Map([...first.texts, ...second.texts])],
  };
}

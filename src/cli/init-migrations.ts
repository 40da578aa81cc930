import { type Layout, layOut, psql } from "../layout/index.ts";
import { folderOf } from "../layout/paths.ts";
import { openFolders } from "./folders.ts";
import { isWithin, openProject } from "./project.ts";

/** The migrations of a project, as `init` writes them down. */
export interface FoundMigrations {
  readonly layouts: readonly Layout[];
  readonly globs: readonly string[];
  /** The one tool that runs them all; null where there are several, or none is known. */
  readonly runner: string | null;
}

/** Below this a tool is a guess from numbers in names: worth a line, not worth a setting. */
const convincing = 0.5;

/** Looks for migrations below a folder: those that a tool runs, or else those in a folder that is called so. */
export function findMigrations(root: string, named: string | null): FoundMigrations {
  const folders = openFolders();
  const { sql, others } = folders.walk(root);
  const wanted = named === null ? sql : sql.filter((path) => isWithin(path, named));
  const project = openProject(root, root, wanted, others, folders);
  const all = layOut(project, { paths: project.sql }).filter(({ folder }) => folder.files.length > 0);
  const byTool = all.filter(({ profile, confidence }) => profile !== psql && confidence >= convincing);
  const byName = all.filter(({ folder }) => /(?:^|\/)[^/]*migrat[^/]*(?:\/|$)/i.test(folder.root));
  const layouts = byTool.length > 0 ? byTool : named !== null ? all : byName;
  const runners = new Set(layouts.map(({ profile }) => profile));
  const [runner] = runners;
  return {
    layouts,
    globs: [...new Set(layouts.flatMap(globsOf))],
    runner: runners.size === 1 && runner !== undefined && byTool.length > 0 ? runner.name : null,
  };
}

/** `db/migrations/*.sql`, or with sub-folders where there are such; at the top of a project each sub-folder by itself. */
function globsOf({ folder: { root, files } }: Layout): string[] {
  const folders = files.map(folderOf);
  if (folders.every((folder) => folder === root)) return [root === "" ? "*.sql" : `${root}/*.sql`];
  if (root !== "") return [`${root}/**/*.sql`];
  return folders.map((folder) => (folder === "" ? "*.sql" : `${folder.split("/", 1)[0]}/**/*.sql`));
}

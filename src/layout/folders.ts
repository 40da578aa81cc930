import { isOtherDialect, isOwnOfFolder } from "./dialects.ts";
import { baseName, folderOf, foldersUp, hasPath, isDigit, isSqlFile, joinPath } from "./paths.ts";
import type { Folder, ProjectView } from "./types.ts";

const ignored = new Set(["node_modules", ".git", "vendor", "target", "dist", ".venv", "venv"]);

/** Whether a path may be a migration for PostgreSQL at all. */
export function isCandidate(path: string, project: ProjectView | null = null): boolean {
  return isRunnable(path) && !isOtherDialect(path, project);
}

/** Whether a path, for whichever database, may be a migration. */
export function isRunnable(path: string): boolean {
  if (!isSqlFile(path)) return false;
  return !folderOf(path)
    .split("/")
    .some((part) => ignored.has(part));
}

/** The SQL files of a project by the folder that holds their sequence. */
export function groupFiles(project: ProjectView, paths: readonly string[]): Folder[] {
  const groups = new Map<string, string[]>();
  const committed = new Set(paths.map(folderOf).filter((folder) => baseName(folder) === "committed"));
  for (const path of paths) {
    const root = rootOf(project, path, committed);
    const files = groups.get(root);
    if (files === undefined) groups.set(root, [path]);
    else files.push(path);
  }
  return [...groups].map(([root, files]) => ({ root, files, project }));
}

/** `migrations` for `migrations/1/up.sql`, the plan's folder for sqitch, the folder above `committed` for graphile-migrate. */
function rootOf(project: ProjectView, path: string, committed: ReadonlySet<string>): string {
  const folder = folderOf(path);
  const plan = foldersUp(folder).find((at) => hasPath(project, joinPath(at, "sqitch.plan")));
  if (plan !== undefined) return plan;
  const parts = folder.split("/");
  const part = parts.findLastIndex((name) => name === "deploy" || name === "revert" || name === "verify");
  if (part !== -1) return parts.slice(0, part).join("/");
  return isOwnFolder(project, path, committed) ? folderOf(folder) : folder;
}

function isOwnFolder(project: ProjectView, path: string, committed: ReadonlySet<string>): boolean {
  const name = baseName(path);
  const folder = folderOf(path);
  const own = baseName(folder);
  if (folder === "") return false;
  if (name === "migration.sql" || isOwnOfFolder(path)) return true;
  if (name === "up.sql" || name === "down.sql")
    return isDigit(own[0]) || hasPath(project, joinPath(folder, "up.sql"));
  if (own === "committed") return true;
  return own === "current" && committed.has(joinPath(folderOf(folder), "committed"));
}

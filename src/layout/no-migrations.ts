import { baseName, folderOf, foldersUp, hasPath, joinPath } from "./paths.ts";
import type { Folder } from "./types.ts";

/** The files of a folder without those that no tool runs as migrations: queries of an application, scripts of an extension. */
export function withoutOthers(folder: Folder): Folder {
  const files = folder.files.filter((path) => {
    if (isExtensionScript(path, folder)) return false;
    return !holdsQueries(folder.project.read(path) ?? "");
  });
  return files.length === folder.files.length ? folder : { ...folder, files };
}

/** What sqlc wants above each query: `-- name: GetUser :one`. */
const queryName =
  /^[ \t]*(?:--|\/\*)[ \t]*name:[ \t]*\w+[ \t]+:(?:one|many|exec(?:rows|result|lastid)?|copyfrom|batch(?:exec|many|one))\b/m;

function holdsQueries(text: string): boolean {
  return text.includes("name:") && queryName.test(text);
}

/** `name--1.0.sql` and `name--1.0--1.1.sql`: CREATE EXTENSION runs them, where their control file is or where they say so. */
function isExtensionScript(path: string, { project }: Folder): boolean {
  const name = /^([a-z][\w-]*?)--[\w.+~]+?(?:--[\w.+~]+)?\.sql$/i.exec(baseName(path))?.[1];
  if (name === undefined) return false;
  const folders = foldersUp(folderOf(path)).slice(0, 3);
  if (folders.some((folder) => hasPath(project, joinPath(folder, `${name}.control`)))) return true;
  return /^[ \t]*\\echo Use "(?:CREATE|ALTER) EXTENSION/m.test(project.read(path) ?? "");
}

import { baseName, folderOf, foldersUp, textOf } from "./paths.ts";
import type { Folder, ProjectView } from "./types.ts";

const projectFile = /\.(?:cs|fs|vb)proj$/;
/** Files of fixed names that list the packages of several projects, or the tools of a repository. */
const shared = ["Directory.Packages.props", "Directory.Build.props", "dotnet-tools.json"];

/** Whether a file tells of the packages of a .NET project. */
export function isDotnetFile(name: string): boolean {
  return projectFile.test(name) || shared.includes(name) || name === "Program.cs";
}

const byFolder = new WeakMap<ProjectView, ReadonlyMap<string, readonly string[]>>();

/** The .NET files of a project by their folders: looked for once, however many folders of SQL there are. */
function filesByFolder(project: ProjectView): ReadonlyMap<string, readonly string[]> {
  const known = byFolder.get(project);
  if (known !== undefined) return known;
  const found = new Map<string, string[]>();
  for (const path of project.paths) {
    if (!isDotnetFile(baseName(path))) continue;
    const folder = folderOf(path).replace(/(?:^|\/)\.config$/, "");
    found.set(folder, [...(found.get(folder) ?? []), path]);
  }
  byFolder.set(project, found);
  return found;
}

/**
 * The nearest file, from the folder upwards, that asks for one of the NuGet packages; their names have no case. One that begins
 * with a dot is the end of such a name.
 */
export function findDotnetPackage(folder: Folder, names: readonly string[]): string | null {
  const files = filesByFolder(folder.project);
  if (files.size === 0) return null;
  const words = names.map((name) => `${name.startsWith(".") ? "" : '"'}${name.toLowerCase()}"`);
  for (const at of foldersUp(folder.root))
    for (const path of files.get(at) ?? []) {
      if (path.endsWith(".cs")) continue;
      const text = folder.project.read(path)?.toLowerCase();
      if (text !== undefined && words.some((word) => text.includes(word))) return path;
    }
  return null;
}

/** The text of the nearest .NET file of that name above a path; null where there is none. */
export function dotnetText(project: ProjectView, path: string, name: string): string | null {
  const files = filesByFolder(project);
  for (const at of foldersUp(folderOf(path))) {
    const found = files.get(at)?.find((one) => baseName(one) === name);
    if (found !== undefined) return textOf(project, found);
  }
  return null;
}

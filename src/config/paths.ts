/** The folder of a path with "/"; `/` and `.` are their own. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf("/");
  if (at === -1) return ".";
  return at === 0 ? "/" : path.slice(0, at);
}

/** A path from a folder on, without `.` and `..` where they can be resolved. Absolute paths stay. */
export function resolveFrom(folder: string, path: string): string {
  const slashed = path.replaceAll("\\", "/");
  const whole = isAbsolute(slashed) || folder === "." ? slashed : `${folder}/${slashed}`;
  const parts: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    const last = parts[parts.length - 1];
    if (part === ".." && last !== undefined && last !== ".." && last !== "") parts.pop();
    else parts.push(part);
  }
  return parts.join("/") || (whole.startsWith("/") ? "/" : ".");
}

/** Whether the path starts at a root, "/" or a drive. */
function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
}

/** A folder and all above it, the nearest first. */
export function* foldersUpwards(folder: string): Generator<string> {
  let at = folder;
  for (;;) {
    yield at;
    const above = folderOf(at);
    if (above === at || at === ".") return;
    at = above;
  }
}

/** The path as seen from a folder: `../a.sql`. Both are absolute; another drive stays absolute. */
export function relativeTo(folder: string, path: string): string {
  // Most paths lie in the folder, and there are many of them.
  if (path.startsWith(`${folder}/`) && !path.endsWith("/") && !path.includes("//"))
    return path.slice(folder.length + 1);
  const from = folder.split("/").filter((part) => part !== "");
  const to = path.split("/").filter((part) => part !== "");
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  if (same === 0 && /^[A-Za-z]:$/.test(to[0] ?? "")) return path;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/") || ".";
}

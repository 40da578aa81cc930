import { folderOf, joinPath } from "../layout/paths.ts";

/** Commands of psql that run SQL which stands elsewhere: another file, or what a query returns. */
const inclusion = /^\\(i|ir|include|include_relative)(?:\s+(.*))?$/;
const execution = /^\\gexec\b/;

/** Whether a psql meta-command runs what its own file does not say. */
export function runsMore(command: string): boolean {
  return execution.test(command) || inclusion.test(command);
}

/** Why what the command runs is not judged here; null: it is, as a file that is read with the others. */
export function whyUnread(command: string, path: string, isRead: (path: string) => boolean): string | null {
  const match = inclusion.exec(command.trimEnd());
  if (match === null) return "\\gexec runs what the query returns, and only the server knows that";
  const name = (match[2] ?? "").replaceAll(/^['"]|['"]$/g, "");
  // \i is looked for from where psql was started: the script's folder, or the top of the project.
  if ([joinPath(folderOf(path), name), name].some((at) => isRead(normalise(at)))) return null;
  return `psql runs ${name === "" ? "another file" : name} here, which is not among the files that are read`;
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}

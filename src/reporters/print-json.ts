import { escapeUnprintable } from "./plain.ts";
import { escapeCommands } from "./workflow-commands.ts";

/** JSON on several lines, ended by a line break. What steers a terminal is written as `\u....`: it means the same to a parser. */
export function printJson(value: unknown): string {
  return `${printInside(value, 0)}\n`;
}

/** The same of a value that stands inside of another, `depth` levels deep; its first line is not indented. */
export function printInside(value: unknown, depth: number): string {
  const json = escapeCommands(escapeUnprintable(JSON.stringify(value, null, 2)));
  return depth === 0 ? json : json.replaceAll("\n", `\n${"  ".repeat(depth)}`);
}

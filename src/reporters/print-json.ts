import { escapeUnprintable } from "./plain.ts";

/** JSON on several lines, ended by a line break. What steers a terminal is written as `\u....`: it means the same to a parser. */
export function printJson(value: unknown): string {
  return `${escapeUnprintable(JSON.stringify(value, null, 2))}\n`;
}

import { plain } from "../reporters/plain.ts";

/** A diff as it is printed: what steers a terminal shows. Tabs and line ends stay, so that it applies as it did. */
export function visibleDiff(diff: string): string {
  const visible = (line: string) => line.split("\t").map(plain).join("\t");
  return diff
    .split("\n")
    .map((line) => (line.endsWith("\r") ? `${visible(line.slice(0, -1))}\r` : visible(line)))
    .join("\n");
}

/** A unified diff of one stretch: all between the first and the last line that differ. Empty where nothing does. */
export function renderDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const old = linesOf(before);
  const fresh = linesOf(after);
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let oldEnd = old.length;
  let freshEnd = fresh.length;
  while (oldEnd > start && freshEnd > start && old[oldEnd - 1] === fresh[freshEnd - 1]) {
    oldEnd--;
    freshEnd--;
  }
  const from = Math.max(0, start - 3);
  const after3 = Math.min(3, old.length - oldEnd);
  const rows = [
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...old.slice(start, oldEnd).map((line) => `-${line}`),
    ...fresh.slice(start, freshEnd).map((line) => `+${line}`),
    ...old.slice(oldEnd, oldEnd + after3).map((line) => ` ${line}`),
  ];
  const range = (first: number, count: number) => `${count === 0 ? first : first + 1},${count}`;
  const oldRange = range(from, oldEnd + after3 - from);
  const freshRange = range(from, freshEnd + after3 - from);
  const name = plain(path);
  return `--- ${name}\n+++ ${name}\n@@ -${oldRange} +${freshRange} @@\n${rows.join("")}`;
}

/** Lines with their ends; the last gets one, and diff's own words where it had none. */
function linesOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  const last = lines[lines.length - 1];
  if (last !== undefined && !last.endsWith("\n"))
    lines[lines.length - 1] = `${last}\n\\ No newline at end of file\n`;
  return text === "" ? [] : lines;
}

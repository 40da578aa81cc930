/** Prose in lines of 78 columns; what follows a number is set in under it. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  const hanging = /^\d+\. /.test(text) ? `${indent}   ` : indent;
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== "" && line.length + 1 + word.length > 78) {
      lines.push(line);
      line = hanging;
    }
    line += line.trim() === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}

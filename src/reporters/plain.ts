/**
 * Characters that steer a terminal, hide text or turn its direction round: C0 and C1 controls, bidirectional
 * marks, line and paragraph separators, invisible operators, letters without a shape, the byte order mark and half surrogate pairs.
 */
const beyondControls = String.raw`\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb`;
/** A second alphabet that nobody sees and programs read. */
const tags = String.raw`\udb40[\udc00-\udc7f]`;
const halfPairs = String.raw`[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]`;
const unprintable = new RegExp(String.raw`[\u0000-\u001f${beyondControls}]|${tags}|${halfPairs}`, "g");
/** What is left of them in the text that `JSON.stringify` makes; its line breaks are its own. */
const unprintableInJson = new RegExp(`[${beyondControls}]|${tags}`, "g");

/**
 * The text with every such character replaced by one that shows: one for one, so that columns stay.
 * Line breaks go too; use `plainLines` where they are wanted.
 */
export function plain(text: string): string {
  return text.replace(unprintable, showCharacter);
}

/** The same for what `JSON.stringify` made, as escapes: a parser gets the text as it was. */
export function escapeUnprintable(json: string): string {
  return json.replace(unprintableInJson, (found) =>
    found.replaceAll(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}

/** The lines of a text, each safe to print; tabs become two spaces. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).map((line) => plain(line.replaceAll("\t", "  ")));
}

function showCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 9) return " ";
  if (code === 127) return "\u2421";
  if (character.length === 2) return "\ufffd\ufffd";
  return code < 32 ? String.fromCharCode(0x2400 + code) : "\ufffd";
}

const marks = /\p{Mark}/u;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** How many columns of a terminal a text takes, near enough for underlines. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character.length === 2) width += 2;
    else if (character.charCodeAt(0) < 0x300) width += 1;
    else if (!marks.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** A word of prose, or code between backticks, which is there to be copied. */
const unbroken = /(?:[^\s`]|`[^`]*`|`)+/g;

/** Breaks prose at spaces so that no line is wider than `width`, words that are wider aside. */
export function wrapProse(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const [word] of plain(text.replaceAll(/[\r\n]+/g, " ")).matchAll(unbroken)) {
    const size = widthOf(word);
    if (line !== "" && used + 1 + size > width) {
      lines.push(line);
      line = word;
      used = size;
    } else {
      line = line === "" ? word : `${line} ${word}`;
      used += line === word ? size : size + 1;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** Rules keep their prose within the width of the source; each paragraph is one line elsewhere. */
export function unfold(prose: string): string {
  return prose
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split("\n").join(" "))
    .join("\n\n");
}

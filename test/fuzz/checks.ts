import type { Span } from "../../src/text/span.ts";

/** Throws where something that must hold does not. */
export function hold(condition: boolean, words: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${words}`);
}

export function holdInside({ start, end }: Span, outer: Span, words: string): void {
  hold(Number.isInteger(start) && Number.isInteger(end), `${words}: offsets are whole numbers`);
  hold(start <= end, `${words}: starts before it ends (${start} to ${end})`);
  hold(
    start >= outer.start && end <= outer.end,
    `${words}: ${start} to ${end} lies inside ${outer.start} to ${outer.end}`,
  );
}

/** Every span of a model lies inside its statement. */
export function holdSpans(node: unknown, outer: Span, path = "statement"): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const [k, item] of node.entries()) holdSpans(item, outer, `${path}[${k}]`);
    return;
  }
  const { start, end } = node as Partial<Span>;
  if (typeof start === "number" && typeof end === "number") holdInside({ start, end }, outer, path);
  for (const [key, value] of Object.entries(node)) holdSpans(value, outer, `${path}.${key}`);
}

/** What steers a terminal or hides text; line breaks may stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What takes no room, so that two names look alike. */
const hidden = /\u00ad|\u034f|\u200b|\u3164|\udb40[\udc00-\udc7f]/;

export function holdPrintable(text: string, words: string): void {
  const at = Math.max(text.search(raw), text.search(hidden));
  const code = text.charCodeAt(at).toString(16);
  hold(
    at === -1,
    `${words}: no raw U+${code}, behind ${JSON.stringify(text.slice(Math.max(0, at - 40), at))}`,
  );
}

/** Slips of the printing code rather than words of the text. */
export function holdWords(words: string, source: string, what: string): void {
  for (const slip of [/undefined/, /\[object/, /NaN/, /function \((?![0-9A-Z]{5}\))/]) {
    hold(!slip.test(words) || slip.test(source), `${what}: no ${slip.source} in ${JSON.stringify(words)}`);
  }
}

/** Elements that close in order, and nothing that XML has no place for. */
export function holdXml(text: string): void {
  const open: string[] = [];
  let at = 0;
  for (const match of text.matchAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|<\?xml[^>]*\?>/g)) {
    hold(!/[<>]/.test(text.slice(at, match.index)), "xml: no loose brackets");
    at = match.index + match[0].length;
    const name = match[2];
    if (name === undefined) continue;
    if (match[1] === "/") hold(open.pop() === name, `xml: ${name} closes what is open`);
    else if (match[4] !== "/") open.push(name);
  }
  hold(open.length === 0 && text.slice(at).trim() === "", "xml: all is closed");
  hold(!/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(text), "xml: no bare ampersand");
}

import { readFileSync } from "node:fs";
import { keywordAt } from "../../src/parse/fast-path/keywords.ts";

/** Every keyword that the reader of common statements knows, from its own lists. */
export function allKeywords(): string[] {
  const source = readFileSync(new URL("../../src/parse/fast-path/keywords.ts", import.meta.url), "utf8");
  const words = [...source.matchAll(/\b[a-z_]+\b/g)].map(([word]) => word);
  return [...new Set(words)].filter((word) => keywordAt(word, 0, word.length) !== 0);
}

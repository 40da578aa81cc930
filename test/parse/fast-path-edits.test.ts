import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadGrammarParser } from "../../src/parse/postgres.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { createRandom } from "../fuzz/random.ts";
import { checkFastPath, newTally } from "./fast-path-check.ts";
import { editTokens, tokenTexts } from "./token-edits.ts";

const grammar = await loadGrammarParser();

const statements = ["../../fixtures/", "./forms/", "./"].flatMap((folder) => {
  const root = new URL(folder, import.meta.url);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(new URL(name, root), "utf8");
      return splitStatements(text).statements.map(({ start, end }) => tokenTexts(text.slice(start, end)));
    })
    .filter((tokens) => tokens.length > 0 && tokens.length < 120);
});

test("a statement with other words in it is read as the grammar reads it, or left to the grammar", () => {
  const tally = newTally();
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = createRandom(seed);
      checkFastPath(grammar, editTokens(random.pick(statements), statements, random), tally);
    }),
    { numRuns: 20_000 },
  );
  expect(tally.sure).toBeGreaterThan(800);
}, 60_000);

import fc from "fast-check";
import { expect, test } from "vitest";
import { parts } from "../../src/parse/fast-path/statements.ts";
import { loadGrammarParser } from "../../src/parse/postgres.ts";
import { createRandom } from "../fuzz/random.ts";
import { checkFastPath, newTally } from "./fast-path-check.ts";
import { sentence } from "./sentences.ts";

const grammar = await loadGrammarParser();

/** The synopses of whole statements: they begin with a verb. */
const statements = [...parts].flatMap(([name, synopsis]) =>
  typeof synopsis === "string" && /^(\[ with \] )?(\{ )?[A-Z]{2,} /.test(synopsis)
    ? [[name, synopsis] as const]
    : [],
);

test.each(statements)("all that the synopsis of %s allows, the grammar reads alike", (_, synopsis) => {
  const tally = newTally();
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      checkFastPath(grammar, sentence(synopsis, parts, createRandom(seed)), tally);
    }),
    { numRuns: 300 },
  );
  expect(tally.read).toBeGreaterThan(0);
});

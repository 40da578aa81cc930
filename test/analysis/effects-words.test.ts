/** What the effects of the measured cases say in words: why a statement fails, what decides it, why a relation is locked. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadPostgresParser } from "../../src/parse/postgres.ts";
import { readCases } from "../postgres/cases.mjs";
import { predict } from "./effects-cases.ts";

const parser = await loadPostgresParser();
const cases = readCases();
const groups = [...new Set(cases.map(({ group }) => group))];

test.each(groups)("%s", async (group) => {
  const own = cases.filter((one) => one.group === group);
  const lines = own.flatMap((one) => {
    const said = [13, 18].map((version) => predict(parser, one, version).words);
    const [older = [], newer = []] = said;
    const isSame = older.join("\n") === newer.join("\n");
    const words = isSame
      ? newer
      : [...older.map((line) => `13: ${line}`), ...newer.map((line) => `18: ${line}`)];
    return words.length === 0 ? [] : [one.id, ...words.map((line) => `  ${line}`)];
  });
  const file = join(import.meta.dirname, "effects-words", `${group}.txt`);
  if (lines.length > 0) await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(file);
});

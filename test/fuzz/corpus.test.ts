import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { matchesGlob } from "../../src/engine/glob.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { processorTimeOf } from "../processor-time.ts";
import { bombs } from "./bombs.ts";
import { mutate } from "./mutate.ts";
import { createRandom } from "./random.ts";
import { targets } from "./targets.ts";

/** Inputs that once broke something, each with what it broke. */
const found: Readonly<Record<string, string>> = {
  "a meta-command behind the last token of a statement": "COPY ,t FROM std1\n\\.\n",
  "several of them": "SELECT 1\n\\x\n\\y\n",
  "C1 controls in a name": 'DROP TABLE "\u009b31m\u0085"',
  "a line separator in a name": 'DROP TABLE "a\u2028b"',
  "half a character in a name": 'DROP TABLE "\ud800"',
  "a domain over itself": "CREATE DOMAIN d AS d;\nCREATE TABLE t (a int);\nALTER TABLE t ALTER a TYPE d;\n",
  "domains over each other":
    "CREATE DOMAIN d AS e;\nCREATE DOMAIN e AS d;\nCREATE TABLE t (a int);\nALTER TABLE t ALTER a TYPE d;\n",
  "a column that is computed from itself":
    "CREATE TABLE t (a int GENERATED ALWAYS AS (a + 1) STORED);\nALTER TABLE t DROP COLUMN a;\n",
  "a word that every object has, behind a broken statement": "BEGIN;\nSELECT 1 FRM x\nconstructor;\n",
};

describe.each(Object.entries(found))("%s", (_, text) => {
  it.each(targets.map((target) => [target.name, target] as const))("passes: %s", async (_name, target) => {
    for (let seed = 0; seed < 5; seed++) await target.check(text, createRandom(seed));
  });
});

/** These grow faster up to a limit of the server's or of its grammar's stack, and stop there. */
const limited = ["columns", "a long operator"];

describe("texts made to be slow", () => {
  it.each(Object.entries(bombs))("%s: ten times as much takes some ten times as long", async (name, make) => {
    const measure = async (size: number) => {
      const text = make(size);
      return processorTimeOf(async () => {
        const report = await lintSources([{ path: "a.sql", text }], { catalogue: rules });
        expect(report.complaints).toEqual([]);
      });
    };
    await measure(500);
    // A short time is mostly that of the machine.
    const small = Math.max(await measure(1500), 50);
    expect(await measure(15_000)).toBeLessThan(limited.includes(name) ? 30_000 : small * 40);
  });

  it("globs of many braces", async () => {
    const time = await processorTimeOf(() => {
      expect(matchesGlob(`${"{a,b}".repeat(60)}.sql`, `${"a".repeat(60)}.sql`)).toBe(true);
      expect(matchesGlob("db/{a,b}/*.{sql,psql}", "db/b/1.psql")).toBe(true);
      expect(matchesGlob("db/{a", "db/{a")).toBe(true);
    });
    expect(time).toBeLessThan(5000);
  });
});

it("a short run of the fuzzer finds nothing", async () => {
  const seeds = Object.values(bombs).map((make) => make(100));
  for (let run = 0; run < 1500; run++) {
    const random = createRandom(run);
    const text = mutate(seeds, random);
    const target = random.pick(targets);
    try {
      await target.check(text, random);
    } catch (error) {
      throw new Error(`${target.name}, run ${run}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
});

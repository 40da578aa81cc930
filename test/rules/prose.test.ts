import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import type { Explanation } from "../../src/engine/explanation.ts";
import { lockModes } from "../../src/model/locks.ts";
import type { Rule } from "../../src/rule.ts";
import { fixturesOf, optionsOf } from "./fixtures.ts";

// What a rule says in words about locks and work is held against what its own fixtures do. That in turn is predicted by the
// code that test/analysis/effects.test.ts holds against the servers: so the words hang on measurements as well.

const byLength = [...lockModes].sort((a, b) => b.length - a.length);
const mode = new RegExp(`\\b(?:${byLength.join("|")})\\b`, "g");
const rewriting = /\bwritten anew\b|\bwhole table into new files\b/;
const scanning = /\breads? (?:the whole table|every row|all of it|all rows|all of them)\b/;
const building = /\bbuilds? (?:its|an|one) index\b/;

describe.each(rules.filter(({ category }) => category === "lock" || category === "transaction"))(
  "$id says in words what its fixtures do",
  (rule) => {
    const prose = `${rule.why} ${rule.instead}`.replaceAll(/\s+/g, " ");
    const claims = {
      modes: [...new Set(prose.match(mode) ?? [])].sort(),
      rewrites: rewriting.test(prose),
      scans: scanning.test(prose),
      builds: building.test(prose),
    };

    it("takes each lock that it names, and does the work", async () => {
      const statements = (await explained(rule)).flatMap((one) => one.statements);
      const taken = new Set(statements.flatMap(({ locks }) => locks.map((lock) => lock.mode)));
      expect(claims.modes.filter((one) => !taken.has(one as never))).toEqual([]);
      if (claims.rewrites) expect(statements.some(({ rewrites }) => rewrites.length > 0)).toBe(true);
      if (claims.scans) expect(statements.some(({ scans }) => scans.length > 0)).toBe(true);
      if (claims.builds) expect(statements.some(({ buildsIndexes }) => buildsIndexes.length > 0)).toBe(true);
    });
  },
);

it("finds claims to hold against something", () => {
  const told = rules.filter(({ why }) => new RegExp(mode).test(why));
  expect(told.length).toBeGreaterThan(20);
});

function explained(rule: Rule): Promise<Explanation[]> {
  return Promise.all(
    fixturesOf(rule).map((fixture) =>
      explainSources([{ path: fixture.name, text: fixture.text }], {
        catalogue: rules,
        ...optionsOf(fixture),
      }),
    ),
  );
}

import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { fixturesOf, lintFixture, optionsOf } from "./fixtures.ts";

/*
 * What the rules advise for the oldest server has to be what it knows. Rewrites that repeat a statement of the user's that it does
 * not know are left out: unsupported-syntax has told of that.
 */

const oldest = 12;
const refusals = ["unsupported-syntax", "syntax-error"];
const bad = rules
  .flatMap(fixturesOf)
  .filter((fixture) => fixture.isBad && optionsOf(fixture).postgresVersion === undefined)
  .map((fixture) => [`${fixture.rule.id}/${fixture.name}`, fixture] as const);

describe(`rewrites for PostgreSQL ${oldest}`, () => {
  it.each(bad)("%s", async (_, fixture) => {
    const text = `-- postgresVersion: ${oldest}\n${fixture.text}`;
    const { diagnostics } = await lintFixture({ ...fixture, text });
    const unknown = new Set(
      diagnostics.filter(({ rule }) => refusals.includes(rule)).map(({ statement }) => statement?.start),
    );
    const steps = diagnostics
      .filter(({ statement }) => !unknown.has(statement?.start))
      .flatMap(({ rewrite }) => rewrite ?? []);
    for (const { sql } of steps) {
      const again = await lintSources([{ path: "a.sql", text: sql }], {
        catalogue: rules,
        postgresVersion: oldest,
      });
      expect(
        again.diagnostics.filter(({ rule }) => refusals.includes(rule)),
        sql,
      ).toEqual([]);
    }
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { effectsOf } from "../../src/analysis/effects.ts";
import { emptySchema } from "../../src/analysis/schema.ts";
import { searchPathOf } from "../../src/analysis/session.ts";
import { foldWorld, openWorld } from "../../src/analysis/world.ts";
import type { Statement } from "../../src/model/statement.ts";
import { loadParser } from "../../src/parse/load.ts";
import { splitStatements } from "../../src/sql/split.ts";
import { statementTokens } from "../../src/sql/tokens.ts";

const parser = await loadParser("postgres");

/** Every statement that was measured on servers, with the text that its spans refer to. */
const known: { readonly text: string; readonly statement: Statement }[] = [];
const folder = join(import.meta.dirname, "../postgres/cases");
for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  for (const one of JSON.parse(readFileSync(join(folder, file), "utf8")) as { sql?: string | string[] }[]) {
    for (const text of [one.sql ?? []].flat()) {
      for (const source of splitStatements(text).statements) {
        if (source.kind !== "sql") continue;
        const result = parser.parse({ text, statement: source, tokens: statementTokens(text, source) });
        if (result.outcome === "statement") known.push({ text, statement: result.statement });
      }
    }
  }
}

const control = [
  "BEGIN",
  "COMMIT",
  "ROLLBACK",
  "SAVEPOINT s",
  "ROLLBACK TO s",
  "RELEASE s",
  "SET LOCAL search_path = b",
];
for (const text of control) {
  const [source] = splitStatements(text).statements;
  if (source === undefined) continue;
  const result = parser.parse({ text, statement: source, tokens: statementTokens(text, source) });
  if (result.outcome === "statement") known.push({ text, statement: result.statement });
}

it("fold for any statements in any order, on any version, and leave the world before as it was", () => {
  expect(known.length).toBeGreaterThan(300);
  const order = fc.array(fc.nat({ max: known.length - 1 }), { minLength: 5, maxLength: 60 });
  const base = fc.constantFrom("autocommit", "runner", "implicit");
  fc.assert(
    fc.property(order, fc.integer({ min: 12, max: 18 }), base, (picks, version, start) => {
      let world = openWorld(emptySchema(), start, 0, new Map());
      picks.forEach((pick, k) => {
        const one = known[pick];
        if (one === undefined) return;
        const { schema, session } = world;
        const before = [...schema.relations()].map(({ id, name }) => `${id} ${name}`).join();
        const effects = effectsOf(one.statement, {
          schema,
          version,
          searchPath: searchPathOf(session),
          settings: session.settings,
          text: one.text,
        });
        const context = { unit: k % 3, release: 0, version, text: one.text };
        world = foldWorld(world, one.statement, effects, context);
        expect([...schema.relations()].map(({ id, name }) => `${id} ${name}`).join()).toBe(before);
      });
    }),
    { numRuns: 300 },
  );
});

import { expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { mostLocks } from "../../src/engine/impact.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { lint } from "../../src/index.ts";
import { renderImpact } from "../../src/reporters/words.ts";

const tables = 250;
const created = Array.from({ length: tables }, (_, k) => `CREATE TABLE t${k} (a int);`).join("\n");
const sources = [
  { path: "1.sql", text: created, role: "history" as const },
  { path: "2.sql", text: "DROP OWNED BY somebody;DROP OWNED BY somebody;" },
];

it("a statement that locks very many relations lists the first and counts the others", async () => {
  const { diagnostics } = await lintSources(sources, { catalogue: rules });
  const shown = diagnostics.flatMap(({ impact }) => impact ?? []);
  const [impact] = shown;
  expect(impact?.locks).toHaveLength(mostLocks);
  expect(impact?.moreLocks).toBe(tables - mostLocks);
  expect(impact && renderImpact(impact)).toContain(`${tables - mostLocks} more relations are locked as well`);
});

it("the library says so, too", async () => {
  const { diagnostics } = await lint(sources);
  expect(diagnostics[0]?.impact?.moreLocks).toBe(tables - mostLocks);
});

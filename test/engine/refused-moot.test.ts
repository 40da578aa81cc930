import { expect, it } from "vitest";
import { lint } from "../../src/index.ts";

/* Nobody waits for a statement that is refused, and the same expression in another form is refused as well. */

const history = {
  path: "1.sql",
  role: "history" as const,
  text: `CREATE TABLE orders (id bigint PRIMARY KEY, created_at timestamptz, code text);
CREATE TABLE visits (id bigint, at date) PARTITION BY RANGE (at);`,
};

const judge = async (sql: string) => {
  const text = `SET lock_timeout = '5s';\n${sql};`;
  const { diagnostics } = await lint([history, { path: "2.sql", text }], { runner: "psql" });
  return diagnostics.map(({ rule, fix, rewrite }) => ({ rule, isMendable: (fix ?? rewrite) !== undefined }));
};

it.each([
  "CREATE INDEX orders_day ON orders ((created_at::date))",
  "CREATE UNIQUE INDEX orders_random ON orders ((random()))",
  "ALTER TABLE orders ALTER COLUMN code TYPE integer",
  "ALTER TABLE orders ADD CHECK (count(*) > 0)",
])("%s: the refusal, and nothing else", async (sql) => {
  expect(await judge(sql)).toEqual([{ rule: "impossible-statement", isMendable: false }]);
});

it("a refusal that is not sure leaves the rest", async () => {
  const rules = await judge("CREATE INDEX orders_day ON orders (day(created_at))");
  expect(rules).toEqual([{ rule: "index-without-concurrently", isMendable: true }]);
});

it("a refusal with a rule of its own is told by that one alone", async () => {
  const rules = await judge("CREATE INDEX CONCURRENTLY visits_at ON visits (at)");
  expect(rules).toEqual([{ rule: "partitioned-index", isMendable: true }]);
});

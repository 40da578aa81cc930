import { expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import { explainSources } from "../../src/engine/explain.ts";
import { createHistoryCache } from "../../src/engine/kept-history.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Options, Source } from "../../src/engine/options.ts";

const history: Source[] = [
  { path: "1.sql", text: "CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(10));", role: "history" },
  { path: "2.sql", text: "ALTER ROLE app SET lock_timeout = '2s';", role: "history" },
];
const edited = (text: string): Source => ({ path: "3.sql", text });
const text = "ALTER TABLE orders ALTER COLUMN code TYPE varchar(20);\nCREATE INDEX i ON orders (code);";

/** With and without a cache the answer must be the same; the cache is the same all along. */
async function compare(
  cache: ReturnType<typeof createHistoryCache>,
  sources: Source[],
  options: Options = {},
) {
  const plain = await lintSources(sources, { catalogue: rules, ...options });
  const cached = await lintSources(sources, { catalogue: rules, ...options, history: cache });
  expect(cached.diagnostics).toEqual(plain.diagnostics);
  expect(cached.context).toEqual(plain.context);
  const explained = await explainSources(sources, { catalogue: rules, ...options, history: cache });
  expect(explained).toEqual(await explainSources(sources, { catalogue: rules, ...options }));
  return cached.diagnostics.map(({ rule }) => rule);
}

test("a history that is known is not replayed, and the answers stay the same", async () => {
  const cache = createHistoryCache();
  const first = await compare(cache, [...history, edited(text)]);
  expect(first).toContain("index-without-concurrently");
  expect(first).not.toContain("missing-lock-timeout");
  const known = cache.known;
  expect(known?.sources).toHaveLength(2);
  await compare(cache, [...history, edited(`${text}\nDROP TABLE orders;`)]);
  expect(cache.known).toBe(known);
});

test("a history that changed is replayed", async () => {
  const cache = createHistoryCache();
  await compare(cache, [...history, edited(text)]);
  const known = cache.known;
  const [table, role] = history;
  const without = await compare(cache, [...(table ? [table] : []), edited(text)]);
  expect(without).toContain("missing-lock-timeout");
  expect(cache.known).not.toBe(known);
  const narrower: Source = {
    path: "1.sql",
    text: "CREATE TABLE orders (id bigint, code varchar(30));",
    role: "history",
  };
  expect(await compare(cache, [narrower, ...(role ? [role] : []), edited(text)])).toContain("narrowed-type");
});

test("other settings, another version: replayed", async () => {
  const cache = createHistoryCache();
  await compare(cache, [...history, edited(text)]);
  const known = cache.known;
  await compare(cache, [...history, edited(text)], { postgresVersion: 12 });
  expect(cache.known).not.toBe(known);
  await compare(cache, [...history, edited(text)], { session: { lockTimeout: "1s" } });
});

test("nothing but history, and no history", async () => {
  const cache = createHistoryCache();
  expect(await compare(cache, history)).toEqual([]);
  expect(await compare(cache, [edited(text)])).toContain("index-without-concurrently");
});

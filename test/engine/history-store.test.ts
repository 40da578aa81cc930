import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rules } from "../../rules/index.ts";
import type { EngineOptions } from "../../src/engine/engine-options.ts";
import { createHistoryCache, type HistoryStore } from "../../src/engine/kept-history.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Options, Source } from "../../src/engine/options.ts";

/** A store in memory that keeps everything and counts what it could give back. */
function createStore() {
  const kept = new Map<string, string>();
  const counts: number[] = [];
  const keyOf = (settings: string, sources: readonly Source[]) => JSON.stringify([settings, sources]);
  const store: HistoryStore = {
    worthKeeping: 0,
    load(settings, sources) {
      for (let count = sources.length; count > 0; count--) {
        const text = kept.get(keyOf(settings, sources.slice(0, count)));
        if (text === undefined) continue;
        counts.push(count);
        return { count, text };
      }
      counts.push(0);
      return null;
    },
    save: (settings, sources, text) => void kept.set(keyOf(settings, sources), text),
  };
  return { store, counts, kept };
}

const fixtures = join(import.meta.dirname, "../../fixtures");
const texts = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .map((name) => readFileSync(join(fixtures, name), "utf8"));

const history = (picked: readonly string[]): Source[] =>
  picked.map((text, k) => ({ path: `m/${String(k + 1).padStart(4, "0")}_x.sql`, text, role: "history" }));
const last = (text: string): Source => ({ path: "m/9999_x.sql", text });

async function report(sources: readonly Source[], options: Partial<EngineOptions>): Promise<string> {
  const { files, ...rest } = await lintSources(sources, {
    catalogue: rules,
    today: "2026-01-01",
    ...options,
  });
  return JSON.stringify({ ...rest, files: files.map(({ lines, ...file }) => file) });
}

/** With the store, twice, and with an editor's memory in front of it the report must be the same as without. */
async function compare(store: HistoryStore, sources: readonly Source[], options: Options = {}) {
  const cold = await report(sources, options);
  expect(await report(sources, { ...options, historyStore: store })).toBe(cold);
  expect(await report(sources, { ...options, historyStore: store })).toBe(cold);
  const history = createHistoryCache();
  expect(await report(sources, { ...options, historyStore: store, history })).toBe(cold);
  expect(await report(sources, { ...options, historyStore: store, history })).toBe(cold);
  return cold;
}

describe("a store of histories", () => {
  test("what one run kept, the next one takes; the longest beginning where there is more", async () => {
    const { store, counts } = createStore();
    const picked = texts.slice(0, 20);
    const judged = last("ALTER TABLE orders ADD COLUMN x int NOT NULL;");
    await report([...history(picked), judged], { historyStore: store });
    await report([...history(picked), judged], { historyStore: store });
    await report([...history(texts.slice(0, 22)), judged], { historyStore: store });
    await report([...history(texts.slice(0, 21)), judged], { historyStore: store });
    expect(counts).toEqual([0, 20, 20, 20]);
  });

  test("everything that the fixtures define is kept as it was", async () => {
    for (let from = 0; from < texts.length; from += 12) {
      const { store, counts } = createStore();
      await compare(store, [...history(texts.slice(from, from + 12)), last(texts[from] ?? "")]);
      expect(counts).toEqual([0, 12, 12].map((count) => Math.min(count, texts.length - from)));
    }
  });

  test("histories that are edited, reordered, cut and read with other options", async () => {
    const { store, counts } = createStore();
    const options: Options[] = [
      {},
      { postgresVersion: 12 },
      { session: { lockTimeout: "2s" } },
      { maxLockTimeout: "1s" },
      { tables: { "public.orders": { rows: 10 } } },
      { runner: "flyway" },
      { parser: "pgsql-ast-parser" },
      { release: "run" },
    ];
    const edits = fc.array(
      fc.record({
        what: fc.constantFrom("change", "remove", "insert", "swap", "append"),
        at: fc.nat(30),
        text: fc.constantFrom(...texts),
      }),
      { maxLength: 3 },
    );
    const steps = fc.array(fc.tuple(edits, fc.constantFrom(...options), fc.constantFrom(...texts)), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...texts), { maxLength: 12 }),
        steps,
        async (first, changes) => {
          let picked = first;
          for (const [edit, option, judged] of changes) {
            for (const { what, at, text } of edit) picked = applyEdit(picked, what, at, text);
            await compare(store, [...history(picked), last(judged)], option);
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(counts.some((count) => count > 0)).toBe(true);
  });

  test("going on from a beginning counts units and transactions as one replay does", async () => {
    const heads: string[] = [];
    for (const steps of [[12], [3, 7, 12]]) {
      const { store, kept, counts } = createStore();
      for (const step of steps) {
        const sources = [...history(texts.slice(0, step)), last("SELECT 1;")];
        await report(sources, { historyStore: store, runner: "psql" });
      }
      expect(counts).toEqual([0, 3, 7].slice(0, steps.length));
      heads.push([...kept.values()].at(-1)?.split("\n", 1)[0] ?? "");
    }
    expect(JSON.parse(heads[0] ?? "").transactionNumber).toBeGreaterThan(12);
    expect(heads[1]).toBe(heads[0]);
  });

  test("all that the world depends on has a key of its own", async () => {
    const { store, kept } = createStore();
    const options: Options[] = [
      {},
      { postgresVersion: 12 },
      { session: { lockTimeout: "2s" } },
      { maxLockTimeout: "1s" },
      { tables: { "public.orders": { rows: 10 } } },
      { runner: "flyway" },
      { timeLimit: 60 },
    ];
    for (const option of options)
      await report([...history(["SELECT 1;"]), last("SELECT 2;")], { ...option, historyStore: store });
    expect(kept.size).toBe(options.length);
  });

  test("a text that is none of ours is no history", async () => {
    const sources = [...history(texts.slice(0, 5)), last(texts[5] ?? "")];
    const { store, kept } = createStore();
    const cold = await report(sources, { historyStore: store });
    const [[key, good] = ["", ""]] = kept;
    for (const bad of [
      "",
      "\n",
      "{}",
      "null\nnull",
      good.slice(0, -30),
      good.slice(0, good.length / 2),
      `${good}\n{}`,
    ]) {
      kept.set(key, bad);
      expect(await report(sources, { historyStore: store })).toBe(cold);
    }
  });

  test("a history that took too long is told of each time", async () => {
    const { store, kept } = createStore();
    const slow = [...history(["SELECT 1;\n".repeat(3000)]), last("SELECT 1;")];
    for (const _ of [1, 2]) {
      const { complaints } = await lintSources(slow, {
        catalogue: rules,
        timeLimit: 1e-9,
        historyStore: store,
        history: createHistoryCache(),
      });
      expect(complaints.map(({ path }) => path)).toEqual(["m/0001_x.sql"]);
    }
    expect(kept.size).toBe(0);
  });

  test("a file beside a migration that says how it runs counts as well", async () => {
    const { store } = createStore();
    const sources: Source[] = [
      {
        path: "V1__a.sql",
        text: "CREATE TABLE orders (code varchar(10));\nROLLBACK;",
        role: "history",
      },
      { path: "V2__b.sql", text: "ALTER TABLE orders ALTER COLUMN code TYPE varchar(3);" },
    ];
    const files = new Map(sources.map(({ path, text }) => [path, text]));
    const read = (path: string) => files.get(path) ?? null;
    const run = async () => {
      const project = { paths: [...files.keys()], read };
      return compare(store, sources, { runner: "flyway", ...{ project } });
    };
    // In Flyway's transaction ROLLBACK takes the table back; outside of it the table stays.
    const inside = await run();
    files.set("V1__a.sql.conf", "executeInTransaction=false");
    expect(await run()).not.toBe(inside);
    files.set("V1__a.sql.conf", "executeInTransaction=true");
    expect(await run()).toBe(inside);
    files.delete("V1__a.sql.conf");
    expect(await run()).toBe(inside);
  });
});

function applyEdit(picked: readonly string[], what: string, place: number, text: string): string[] {
  const at = picked.length === 0 ? 0 : place % picked.length;
  if (what === "append") return [...picked, text];
  if (what === "insert") return picked.toSpliced(at, 0, text);
  if (what === "remove") return picked.toSpliced(at, 1);
  if (what === "change") return picked.toSpliced(at, 1, text);
  return [...picked.slice(at), ...picked.slice(0, at)];
}

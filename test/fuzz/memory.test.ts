import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import { defineRule } from "../../src/rule.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Bytes that are in use, without garbage. */
function inUse(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** What a run holds when it has come to the end of a text, in bytes. */
async function heldAtEnd(text: string): Promise<number> {
  let end = 0;
  const spy = defineRule({
    id: "spy",
    severity: "warning",
    category: "style",
    summary: "",
    why: "",
    instead: "",
    references: [],
    on: ["file"],
    check() {
      end = inUse();
      return [];
    },
  });
  const before = inUse();
  await lintSources([{ path: "a.sql", text }], { catalogue: [...rules, spy] });
  return end - before;
}

/** How much more a run holds for each piece that is added to a text, in bytes. */
async function growthOf(piece: (k: number) => string, count: number): Promise<number> {
  const make = (times: number) => Array.from({ length: times }, (_, k) => piece(k)).join("\n");
  await heldAtEnd(make(count));
  const small = await heldAtEnd(make(count));
  return ((await heldAtEnd(make(3 * count))) - small) / (2 * count);
}

/** V8 takes memory for itself now and then, and gives it back; what a run holds it holds each time. */
async function leastGrowthOf(piece: (k: number) => string, count = 4000): Promise<number> {
  const tries: number[] = [];
  for (let k = 0; k < 3; k++) tries.push(await growthOf(piece, count));
  return Math.min(...tries);
}

describe("what is held at the end of a file, for each of its statements", () => {
  it("is two numbers where it changed nothing and nothing was found", async () => {
    const insert = (k: number) => `INSERT INTO t (a, b, c) VALUES (${k}, 'x', now());`;
    expect(await leastGrowthOf(insert)).toBeLessThan(60);
    expect(await leastGrowthOf((k) => `GRANT SELECT ON t${k} TO somebody;`)).toBeLessThan(60);
  });

  it("is the schema, and not the statement that made it", async () => {
    const table = (k: number) =>
      `CREATE TABLE t${k} (a int, b text, c text, d text, e int, f int, g int, h int);`;
    expect(await leastGrowthOf(table)).toBeLessThan(3000);
  });

  it("is nothing for a comment", async () => {
    expect(await leastGrowthOf((k) => `-- x${k}`, 60_000)).toBeLessThan(10);
  });
});

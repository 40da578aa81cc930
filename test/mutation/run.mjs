/**
 * Changes the source in small ways, one at a time, and tells which changes no test notices.
 *
 *   npm run mutation -- [paths...] [--sample n] [--seed s] [--jobs n] [--database] [--keep folder]
 *
 * Paths: files and folders, without any those of `rooms`. `--sample`: so many mutants of each path, picked by the seed.
 * `--database`: what survives is tried with the tests through PGlite as well, which takes many times as long. Exit status 2
 * on wrong usage or where a test fails without any mutant.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderReport } from "./report.mjs";
import { rooms } from "./settings.mjs";
import { runShard } from "./shard.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: "2026" },
    jobs: { type: "string", default: "1" },
    database: { type: "boolean", default: false },
    keep: { type: "string" },
  },
});

const here = import.meta.dirname;
if (!existsSync(join(here, "node_modules"))) execFileSync("npm", ["ci"], { cwd: here, stdio: "inherit" });
const { instrument } = await import("./instrument.mjs");

const folder = values.keep ?? mkdtempSync(join(tmpdir(), "lockwise-mutation-"));
mkdirSync(folder, { recursive: true });
const began = Date.now();
const paths = positionals.length > 0 ? positionals : rooms;
const all = await instrument(paths, folder);
const chosen = paths.flatMap((room) =>
  pick(
    all.filter((mutant) => mutant.room === room),
    Number(values.sample ?? all.length),
    Number(values.seed),
  ),
);
console.error(`${chosen.length} of ${all.length} mutants, seed ${values.seed}`);

const jobs = Array.from({ length: Number(values.jobs) }, (_, shard) => {
  const ids = chosen.map(({ id }) => id).filter((_, place) => place % Number(values.jobs) === shard);
  return runShard(folder, shard, ids, values.database);
});
const results = await Promise.all(jobs);
const broken = results.flatMap((result) => result.broken);
for (const name of new Set(broken)) console.error(`fails without a mutant: ${name}`);
const report = renderReport(chosen, results);
if (values.keep !== undefined) {
  const verdicts = chosen.map((mutant) => ({ ...mutant, ...report.verdicts.get(mutant.id) }));
  writeFileSync(join(folder, "mutants.json"), JSON.stringify(verdicts, null, 1));
} else rmSync(folder, { recursive: true });
console.log(report.text);
console.log(`${Math.round((Date.now() - began) / 1000)} s`);
process.exitCode = broken.length > 0 ? 2 : 0;

/** `count` of the items, the same ones for the same seed. */
function pick(items, count, seed) {
  const keyed = items.map((item, place) => ({ item, key: scramble(seed * 1_000_003 + place) }));
  keyed.sort((a, b) => a.key - b.key);
  const picked = new Set(keyed.slice(0, count).map(({ item }) => item));
  return items.filter((item) => picked.has(item));
}

/** A number whose bits look random and depend on all bits of the given one. */
function scramble(number) {
  let mixed = number | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * Reads the cases and what was measured of them, and writes measurements.
 *
 * cases/*.json: lists of `{ id, group, setup, session?, sql }`, one a line. `setup` is a list of SQL texts and of names in
 * setups.json; an array of `sql` runs in one transaction. results.json: for each case, ranges of majors -> what was measured.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const read = (...path) => JSON.parse(readFileSync(join(here, ...path), "utf8"));

export const MAJORS = ["12", "13", "14", "15", "16", "17", "18"];

/** All cases, in the order of their files, `setup` as one text. Throws on a double id or an unknown name of a set-up. */
export function readCases() {
  const setups = read("setups.json");
  const files = readdirSync(join(here, "cases")).filter((name) => name.endsWith(".json"));
  const cases = files.sort().flatMap((name) => read("cases", name));
  const seen = new Set();
  return cases.map((one) => {
    if (seen.has(one.id)) throw new Error(`Two cases are called ${one.id}.`);
    seen.add(one.id);
    const parts = one.setup.map((part) => {
      if (/^[\w-]+$/.test(part) && !(part in setups))
        throw new Error(`${one.id}: no set-up is called ${part}.`);
      return setups[part] ?? part;
    });
    return { ...one, setup: parts.join("\n") };
  });
}

/** `{ servers: { "16": "16.14" }, cases: { id: { "12-15": ..., "16-18": ... } } }` */
export const readResults = () => read("results.json");

/** "12-15" -> "12", "13", "14", "15". */
export function expandRange(range) {
  const [first, last = first] = range.split("-");
  return MAJORS.slice(MAJORS.indexOf(first), MAJORS.indexOf(last) + 1);
}

/** What was measured on one major, or undefined. */
export function resultFor(versions, major) {
  return Object.entries(versions ?? {}).find(([range]) => expandRange(range).includes(String(major)))?.[1];
}

/** Majors with equal results in a row become a range. */
export function foldRanges(byMajor) {
  const ranges = [];
  for (const major of MAJORS) {
    const result = byMajor[major];
    if (result === undefined) continue;
    const last = ranges.at(-1);
    const isNext = last && MAJORS.indexOf(last.to) + 1 === MAJORS.indexOf(major);
    if (isNext && JSON.stringify(last.result) === JSON.stringify(result)) last.to = major;
    else ranges.push({ from: major, to: major, result });
  }
  return Object.fromEntries(
    ranges.map(({ from, to, result }) => [from === to ? from : `${from}-${to}`, result]),
  );
}

/** Writes results.json, one case a line, in the order of the cases; results of cases that are no more are dropped. */
export function writeResults({ servers, cases }) {
  const lines = readCases().flatMap(({ id }) =>
    cases[id] ? `${JSON.stringify(id)}: ${JSON.stringify(cases[id])}` : [],
  );
  const text = `{\n"servers": ${JSON.stringify(servers)},\n"cases": {\n${lines.join(",\n")}\n}\n}\n`;
  writeFileSync(join(here, "results.json"), text);
}

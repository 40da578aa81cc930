import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Real SQL to begin with: the fixtures, the statements measured on servers, and files of any further folders. */
export function readSeeds(folders = []) {
  const seeds = [...sqlIn(join(root, "fixtures")), ...sqlIn(join(root, "test/parse"))];
  const cases = join(root, "test/postgres/cases");
  for (const name of readdirSync(cases).filter((file) => file.endsWith(".json"))) {
    for (const { sql } of JSON.parse(readFileSync(join(cases, name), "utf8")))
      seeds.push(...[sql ?? []].flat().filter((text) => typeof text === "string"));
  }
  for (const folder of folders) seeds.push(...sqlIn(folder).filter((text) => text.length < 20_000));
  return seeds;
}

function sqlIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

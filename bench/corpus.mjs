import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "./random.mjs";
import { makers, newProject, weights } from "./statements.mjs";

/** Texts of migrations, one after the other: the same for the same seed, each longer series beginning with the shorter ones. */
export function* migrations(seed) {
  const random = createRandom(seed);
  const project = newProject(random);
  const next = () => makers[random.weighted(weights)](project);
  yield `${Array.from({ length: 12 }, () => makers.createTable(project)).join("\n\n")}\n`;
  for (;;) {
    // Six statements in the mean, most files with fewer, some with many.
    const count = 1 + Math.floor(-Math.log(1 - random.next()) * 5.8);
    const statements = Array.from({ length: count }, next);
    const head = random.next() < 0.3 ? "-- What this is for, in a line or two.\n" : "";
    const body = statements.join("\n\n");
    yield random.next() < 0.083 ? `${head}BEGIN;\n\n${body}\n\nCOMMIT;\n` : `${head}${body}\n`;
  }
}

/** Writes so many migration files into a folder; the bytes in all. */
export function writeCorpus(folder, files, seed) {
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  let number = 0;
  for (const text of migrations(seed)) {
    if (number++ === files) return bytes;
    writeFileSync(join(folder, `${String(number).padStart(6, "0")}_step.sql`), text);
    bytes += text.length;
  }
  return bytes;
}

/** One file of at least so many bytes. */
export function writeLarge(path, bytes, seed) {
  const parts = [];
  let length = 0;
  for (const text of migrations(seed)) {
    parts.push(text.replace(/^(?:BEGIN|COMMIT);\n/gm, ""));
    length += text.length;
    if (length >= bytes) break;
  }
  writeFileSync(path, parts.join("\n"));
}

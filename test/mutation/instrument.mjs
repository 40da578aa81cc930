import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import { root } from "./settings.mjs";

const quiet = { debug() {}, info() {}, isDebugEnabled: () => false };

/**
 * Writes the files below `paths` to `<folder>/code`, with every mutant in them as a branch that is switched on by its id.
 * Resolves to the mutants: `{ id, path, room, mutator, start, end, original, replacement }`, lines and columns from 0.
 */
export async function instrument(paths, folder) {
  const files = paths.flatMap((room) => filesBelow(room).map((path) => ({ path, room })));
  const texts = new Map(files.map(({ path }) => [path, readFileSync(join(root, path), "utf8")]));
  const given = [...texts].map(([name, content]) => ({ name, content, mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: true };
  const { files: made, mutants } = await new Instrumenter(quiet).instrument(given, options);
  for (const { name, content } of made) {
    const path = join(folder, "code", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const rooms = new Map(files.map(({ path, room }) => [path, room]));
  return mutants.map(({ id, fileName, mutatorName, location: { start, end }, replacement }) => ({
    id,
    path: fileName,
    room: rooms.get(fileName),
    mutator: mutatorName,
    start,
    end,
    original: cut(texts.get(fileName), start, end),
    replacement,
  }));
}

function filesBelow(path) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(path, name));
}

function cut(text, start, end) {
  const lines = text.split("\n").slice(start.line, end.line + 1);
  lines.push(lines.pop().slice(0, end.column));
  lines[0] = lines[0].slice(start.column);
  return lines.join("\n");
}

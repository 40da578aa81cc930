import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** What is mutated where no path is given. */
export const rooms = ["src/analysis", "src/recipes", "src/fix", "rules"];

/** The tests that are asked. Those that start other processes see no mutant and are asked in vain. */
export const tests = [
  "test/rules/contract",
  "test/analysis/",
  "test/recipes/",
  "test/fix/",
  "test/engine/",
  "test/rules/",
  "test/library/",
];

/** Those that ask PGlite, which are slow: asked last, and where the command says so. */
export const database = [
  "test/analysis/*pglite.test.ts",
  "test/rules/server.test.ts",
  "test/fix/*pglite.test.ts",
];

/** Where one run keeps what it made and found. */
export function folder() {
  const { MUTATION_FOLDER } = process.env;
  if (MUTATION_FOLDER === undefined) throw new Error("Start this through test/mutation/run.mjs");
  return MUTATION_FOLDER;
}

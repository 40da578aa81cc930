import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { defineConfig } from "vitest/config";
import { database, folder, root, tests } from "./settings.mjs";

const withDatabase = process.env.MUTATION_DATABASE === "1";

/** Gives the tests the instrumented text of the files that are mutated. */
const instrumented = {
  name: "instrumented",
  enforce: "pre",
  load(id) {
    const path = join(folder(), "code", relative(root, id.split("?")[0]));
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  },
};

/** The test files in the order of `tests`: those that notice most come first, for what is noticed is not tried again. */
class Sequencer {
  shard(files) {
    return files;
  }

  sort(files) {
    const place = ({ moduleId }) => tests.findIndex((part) => moduleId.includes(part));
    return [...files].sort((a, b) => place(a) - place(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  root,
  plugins: [instrumented],
  test: {
    include: withDatabase ? database : tests.map((part) => `${part}**/*.test.ts`),
    exclude: withDatabase ? [] : database,
    setupFiles: ["test/setup.ts"],
    runner: "test/mutation/runner.mjs",
    reporters: ["dot"],
    // One warm process: a mutant is switched on and off, nothing is loaded anew.
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: Sequencer },
  },
});

import { appendFileSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TestRunner } from "vitest";
import { folder } from "./settings.mjs";

const shard = process.env.MUTATION_SHARD ?? "0";
const log = join(folder(), `log-${shard}.jsonl`);
const tell = (line) => appendFileSync(log, `${JSON.stringify(line)}\n`);

/** What the process is at, for the one who watches over it: a mutant that never ends is ended from outside. */
const current = openSync(join(folder(), `current-${shard}`), "w");
const say = (text) => writeSync(current, text.padEnd(120), 0);

/** Mutants that no test has noticed yet, and the tests that were through with them before the process was started anew. */
const alive = new Set(JSON.parse(readFileSync(join(folder(), `alive-${shard}.json`), "utf8")));
const done = new Set(JSON.parse(readFileSync(join(folder(), `done-${shard}.json`), "utf8")));

let active = "";
let hits = 0;
let most = 0;
/** How often the test that runs passes each mutant; `null` while a mutant is on. */
let passed = new Map();
let isInTest = false;
/** Whether a mutant has run to a failure in this process: it may have left something behind in memory that is made once. */
let isSoiled = false;
/** Passed while files are loaded: what happens once cannot be switched. */
const atLoad = new Set();

globalThis.stryMutAct_9fa48 = (id) => {
  if (id !== active) return false;
  // A loop that a mutant keeps from ending comes by here again and again.
  if (++hits > most) throw new Error("the mutant is passed too often");
  return true;
};

globalThis.stryCov_9fa48 = (...ids) => {
  if (passed === null) return;
  for (const id of ids) {
    if (isInTest) passed.set(id, (passed.get(id) ?? 0) + 1);
    else atLoad.add(id);
  }
};

/** Runs each test as it is, then once more for each mutant that it passes and that no test has noticed yet. */
export default class MutationRunner extends TestRunner {
  async onBeforeRunTask(test) {
    await super.onBeforeRunTask(test);
    passed = new Map();
    isInTest = true;
  }

  /** Here the test has held, and is still the one that runs. */
  async onAfterTryTask(test) {
    super.onAfterTryTask(test);
    isInTest = false;
    const counts = passed;
    const key = `${test.file.name} ${test.id}`;
    const ids = [...counts.keys()].filter((id) => alive.has(id));
    if (done.has(key) || ids.length === 0) return;
    tell({ covered: ids });
    passed = null;
    let noticed = 0;
    for (const id of ids) {
      say(id);
      hits = 0;
      most = counts.get(id) * 100 + 10_000;
      active = id;
      const isNoticed = await this.fails(test);
      active = "";
      if (!isNoticed) continue;
      noticed++;
      alive.delete(id);
      tell({ noticed: id, by: `${test.file.name}: ${test.name}` });
    }
    say("");
    tell({ done: key });
    if (noticed === 0) return;
    isSoiled = true;
    if (await this.fails(test)) beginAnew();
  }

  onAfterRunTask(test) {
    isInTest = false;
    passed = new Map();
    if (test.result?.state === "fail" && isSoiled) beginAnew();
    if (test.result?.state === "fail") tell({ broken: `${test.file.name} ${test.name}` });
    super.onAfterRunTask(test);
  }

  onAfterRunFiles() {
    tell({ atLoad: [...atLoad] });
    super.onAfterRunFiles();
  }

  async fails(test) {
    try {
      await callHooks(test, "afterEach");
      this.onBeforeTryTask(test);
      // Or what fails once fails for ever.
      test.promises = undefined;
      await callHooks(test, "beforeEach");
      await TestRunner.getTestFn(test)();
      super.onAfterTryTask(test);
      return false;
    } catch {
      return true;
    }
  }
}

/** On with a process that has seen no mutant. */
function beginAnew() {
  say("anew");
  process.exit();
}

async function callHooks(test, name) {
  for (let suite = test.suite ?? test.file; suite !== undefined; suite = suite.suite ?? parentOf(suite)) {
    for (const hook of TestRunner.getSuiteHooks(suite)?.[name] ?? []) await hook(test.context, suite);
  }
}

/** The file of a suite, and nothing above a file. */
function parentOf(suite) {
  return suite.file === suite ? undefined : suite.file;
}

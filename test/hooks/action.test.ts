import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { commitAll, createRepository, git } from "../cli/repository.ts";
import { buildOnce, createFolder, shellCommand, writeFiles } from "../cli/run.ts";

buildOnce();

const root = join(import.meta.dirname, "../..");
const action = readFileSync(join(root, "action.yml"), "utf8");

/** The shell of the action's steps, as it stands in action.yml. */
const steps = [...action.matchAll(/^ {6}run: \|\n((?: {8}.*\n|\n)+)/gm)].map(([, body = ""]) =>
  body.replaceAll(/^ {8}/gm, ""),
);

/** The names that a step's shell is given; GitHub fills them from the inputs. */
/** What is given as it stands there. */
const fixed = [...action.matchAll(/^ {8}([A-Z_0-9]+): ([^$\n]+)$/gm)].map(
  ([, name = "", value = ""]) => [name, value] as const,
);

const given = [...action.matchAll(/^ {8}([A-Z_]+): \$\{\{/gm)].map(([, name = ""]) => name);

/** A pull request as actions/checkout leaves it: one commit deep, without the base. */
function checkout(depth: "shallow" | "full"): string {
  const origin = createRepository({
    "db/migrations/0001.sql": "CREATE TABLE orders (id bigint PRIMARY KEY, status text);\n",
    "db/migrations/0002.sql": "CREATE INDEX old ON orders (status);\n",
  });
  git(origin, "checkout", "-q", "-b", "change");
  writeFiles(origin, { "db/migrations/0003.sql": "CREATE INDEX new ON orders (status);\n" });
  commitAll(origin);
  const work = createFolder({});
  const deep = depth === "shallow" ? ["--depth", "1"] : [];
  git(work, "clone", "-q", ...deep, "--single-branch", "-b", "change", pathToFileURL(origin).href, ".");
  return work;
}

interface Outcome {
  readonly status: number | null;
  readonly log: string;
  readonly outputs: string;
  readonly summary: string;
  readonly temporary: string;
}

/** Runs the steps as a runner would: `bash -eo pipefail`, outputs by file. */
function run(folder: string, inputs: Record<string, string>): Outcome {
  const temporary = createFolder({
    // What npx would fetch is the build under test.
    "bin/npx": `#!/bin/sh\n[ "$1 $2 $4" = "--yes --prefix lockwise@0.1.0" ] || exit 9\n[ -z "$(ls -A "$3")" ] || exit 9\nshift 4\nexec ${shellCommand()} "$@"\n`,
    outputs: "",
    summary: "",
  });
  execFileSync("chmod", ["+x", join(temporary, "bin/npx")]);
  const defaults = { RELEASE: "0.1.0", FORMAT: "github", FAIL_ON: "error", SARIF: "false" };
  const env: Record<string, string> = Object.fromEntries(given.map((name) => [name, ""]));
  Object.assign(env, Object.fromEntries(fixed), defaults, inputs, {
    PATH: `${join(temporary, "bin")}:${process.env.PATH}`,
    HOME: temporary,
    GITHUB_OUTPUT: join(temporary, "outputs"),
    GITHUB_STEP_SUMMARY: join(temporary, "summary"),
    RUNNER_TEMP: temporary,
  });
  let log = "";
  let status: number | null = 0;
  for (const [k, script] of steps.entries()) {
    const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
    const result = spawnSync("bash", args, { cwd: folder, encoding: "utf8", env });
    log += result.stdout + result.stderr;
    status = result.status;
    if (status !== 0) break;
    if (k === 0)
      env.SINCE = /^since=(.*)$/m.exec(readFileSync(join(temporary, "outputs"), "utf8"))?.[1] ?? "?";
  }
  const read = (name: string) => readFileSync(join(temporary, name), "utf8");
  return { status, log, outputs: read("outputs"), summary: read("summary"), temporary };
}

test("the action stands in one piece, at the version of the package", () => {
  expect(steps).toHaveLength(2);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(action).toContain(`description: The release of lockwise.\n    default: "${version}"`);
  // Nothing that a contributor can write gets into the shell but by the environment.
  for (const step of steps) expect(step).not.toContain("${{");
});

test.each(["shallow", "full"] as const)("a pull request in a %s clone: what is new is annotated", (depth) => {
  const result = run(checkout(depth), { BASE: "main", SARIF: "true" });
  expect(result.outputs).toContain("since=origin/main");
  expect(result.status).toBe(1);
  expect(result.log).toMatch(/^::error file=db\/migrations\/0003\.sql,line=1/m);
  expect(result.log).not.toContain("0002.sql");
  expect(result.summary).toContain("index-without-concurrently");
  const sarif = JSON.parse(readFileSync(join(result.temporary, "lockwise.sarif"), "utf8"));
  expect(sarif.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toContain(
    "index-without-concurrently",
  );
  expect(result.outputs).toContain(`sarif=${result.temporary}/lockwise.sarif`);
});

test("a push judges everything; inputs choose otherwise", () => {
  const folder = checkout("full");
  expect(run(folder, {}).log).toMatch(/file=db\/migrations\/0002\.sql/);
  expect(run(folder, { BASE: "main", SINCE: "none" }).log).toMatch(/file=db\/migrations\/0002\.sql/);
  expect(run(folder, { SINCE: "HEAD" })).toMatchObject({ status: 0 });
  expect(run(folder, { FAIL_ON: "never" })).toMatchObject({ status: 0 });
  const chosen = run(folder, { PATHS: "\ndb/migrations/0001.sql\n", FORMAT: "compact", POSTGRES: "16" });
  expect(chosen).toMatchObject({ status: 0 });
  expect(chosen.log).not.toContain("0002.sql");
  expect(run(folder, { PATHS: "nowhere $(touch here); `touch here`" })).toMatchObject({ status: 2 });
  expect(existsSync(join(folder, "here"))).toBe(false);
  const broken = run(folder, { POSTGRES: "3", SARIF: "true" });
  expect(broken.status).toBe(2);
  expect(broken.outputs).not.toContain("sarif=");
});

test.skipIf(process.platform === "win32")("a folder that looks like a repository of its own is none", () => {
  const folder = checkout("full");
  const trap = join(createFolder({}), "sprung");
  const at = join(folder, "db/migrations");
  for (const name of ["HEAD", "objects", "refs"])
    cpSync(join(folder, ".git", name), join(at, name), { recursive: true });
  writeFiles(at, {
    config: `[core]\n\tbare = true\n\tsshCommand = touch ${trap}\n[remote "origin"]\n\turl = ssh://nowhere.invalid/x\n`,
  });
  const result = run(at, { BASE: "gone" });
  expect(result.log).toMatch(/cannot use bare repository/);
  expect(result.status).not.toBe(0);
  expect(existsSync(trap)).toBe(false);
});

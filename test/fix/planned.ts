import { rules } from "../../rules/index.ts";
import { lintSources } from "../../src/engine/lint.ts";
import type { Source } from "../../src/engine/options.ts";
import { filesOf, type StepFiles } from "../../src/fix/files.ts";
import { planMigration } from "../../src/fix/plan.ts";
import type { Plan } from "../../src/fix/plan-types.ts";
import { findProfile, layOut, psql } from "../../src/layout/index.ts";

export interface Planned {
  readonly plan: Plan;
  readonly files: readonly StepFiles[];
  readonly sources: readonly Source[];
}

/** The plan of a migration behind a set-up, as files of a folder. */
export async function planFor(
  setup: string,
  sql: string,
  postgresVersion: number,
  runner = "psql",
): Promise<Planned> {
  const profile = findProfile(runner) ?? psql;
  const texts = new Map<string, string>();
  const sources: Source[] = [];
  const project = {
    get paths() {
      return [...texts.keys()];
    },
    read: (path: string) => texts.get(path) ?? null,
  };
  // In the tool's own form, whatever it looks like.
  for (const [name, text] of [
    ["init", setup],
    ["change", sql],
  ] as const) {
    const folder = { root: "migrations", files: sources.map(({ path }) => path), project };
    const files = profile.following(folder, { name, sql: text, transaction: runner !== "psql" });
    for (const file of files) texts.set(file.path, file.text);
    const [first] = files;
    if (first !== undefined) sources.push({ path: first.path, text: first.text });
  }
  const [layout] = layOut(project, { runner: profile });
  if (layout === undefined) throw new Error(`${runner} does not run the files`);
  const options = { catalogue: rules, project, postgresVersion, runner: profile.name };
  const plan = await planMigration(sources, layout, options);
  return { plan, files: filesOf(plan, layout), sources };
}

/** What the rules say of the migrations of a plan, each as a later one than those before. */
export async function lintPlan({ plan, files, sources }: Planned, runner = "psql"): Promise<string[]> {
  const [init, change] = sources;
  if (init === undefined || change === undefined) return [];
  const all = files.flatMap((one) => one.files);
  const written = files.flatMap(({ files: [file] }) => (file === undefined ? [] : [file]));
  const texts = new Map([...sources, ...all].map(({ path, text }) => [path, text]));
  const project = { paths: [...texts.keys()], read: (path: string) => texts.get(path) ?? null };
  const report = await lintSources(
    [
      { ...init, role: "history" },
      { path: change.path, text: plan.rest, role: "history" },
      ...written.map(({ path, text }): Source => ({ path, text, role: "lint" })),
    ],
    { catalogue: rules, postgresVersion: plan.postgresVersion, runner, project },
  );
  const unread = report.files.flatMap(({ path, notUnderstood }) =>
    notUnderstood.map(({ reason }) => `${path}: ${reason}`),
  );
  return [
    ...report.diagnostics.map(
      ({ path, start, rule, message }) => `${path}:${start.line} ${rule}: ${message}`,
    ),
    ...unread,
  ];
}

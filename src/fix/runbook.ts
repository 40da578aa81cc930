import { quoteName } from "../sql/names.ts";
import { append } from "../text/append.ts";
import { byHandWords } from "./by-hand.ts";
import type { StepFiles } from "./files.ts";
import type { Plan, PlanStep, Remedy } from "./plan-types.ts";
import {
  buildProgress,
  queriesAfter,
  queriesBefore,
  queriesMeanwhile,
  type RunbookQuery,
} from "./runbook-queries.ts";
import { isAllPlanned, linesWithoutSeries, nothingToPlan } from "./without-series.ts";

/** What a careful team does around the change, as Markdown, with this migration's own tables in every query. */
export function renderRunbook(
  plan: Plan,
  files: readonly StepFiles[],
  nameOf: (path: string) => string,
): string {
  const relations = relationsOf(plan);
  const queries = runbookQueries(plan);
  const steps = plan.series.flatMap((series) => series.steps);
  if (steps.length === 0) return renderNothing(plan, nameOf);
  const rewrites = [...new Set(steps.flatMap((step) => step.rewrites))];
  const out = [
    `# Runbook: ${nameOf(plan.path)}`,
    "",
    `PostgreSQL ${plan.postgresVersion}, run by ${plan.runner}: ${steps.length} ${steps.length === 1 ? "step" : "steps"}${relations.length === 0 ? "" : ` on ${relations.join(", ")}`}.`,
    "",
    "## Before",
    "",
    "- [ ] There is a backup, and somebody has restored one like it.",
    "- [ ] Each step's way back (below) has been read by whoever runs it.",
    ...(rewrites.length > 0
      ? [
          `- [ ] The disk has room for ${rewrites.join(", ")} and their indexes once more: they are written anew.`,
        ]
      : []),
    "",
    ...section(queries.before),
    "## Steps",
    "",
  ];
  steps.forEach((step, index) => {
    append(out, renderStep(step, index + 1, files[index], nameOf));
  });
  if (queries.meanwhile.length > 0) append(out, ["## While a step runs", "", ...section(queries.meanwhile)]);
  append(out, ["## After", "", ...section(queries.after)]);
  if (relations.length > 0) {
    out.push("Then, for those whose statistics are missing or old:", "");
    out.push(fence(relations.map((name) => `ANALYZE ${name};`).join("\n")), "");
  }
  const deployments = steps.flatMap(({ after }) => (after === null ? [] : [after]));
  if (deployments.length > 0)
    append(out, [
      "What has to be deployed on the way:",
      "",
      ...deployments.map((after) => `- [ ] ${after}`),
      "",
    ]);
  return out.join("\n");
}

/** Without a step there is nothing to prepare and nothing to watch. */
function renderNothing(plan: Plan, nameOf: (path: string) => string): string {
  const words = isAllPlanned(plan) ? nothingToPlan : "There is no step";
  return [
    `# Runbook: ${nameOf(plan.path)}`,
    "",
    `PostgreSQL ${plan.postgresVersion}, run by ${plan.runner}. ${words}.`,
    "",
    ...linesWithoutSeries(plan),
  ].join("\n");
}

/** What the runbook of a plan asks the server, in the order of its chapters. */
export function runbookQueries(plan: Plan): Record<"before" | "meanwhile" | "after", RunbookQuery[]> {
  const relations = relationsOf(plan);
  const builds = plan.series.some(({ steps }) => steps.some(({ buildsIndexes }) => buildsIndexes.length > 0));
  return {
    before: queriesBefore(relations),
    meanwhile: [...queriesMeanwhile(relations), ...(builds ? [buildProgress] : [])],
    after: queriesAfter(relations),
  };
}

function renderStep(
  step: PlanStep,
  number: number,
  own: StepFiles | undefined,
  nameOf: (path: string) => string,
): string[] {
  const [file] = own?.files ?? [];
  const hand = byHandWords(step);
  const isCheck = step.phase === "check";
  const transaction = step.transaction ? "yes" : `no${step.outside === null ? "" : `; ${step.outside}`}`;
  return [
    `### ${number}. ${step.title}`,
    "",
    ...(file === undefined ? [] : [`\`${nameOf(file.path)}\``, ""]),
    fence(step.sql),
    "",
    ...(step.after === null ? [] : [`- Before: ${step.after}.`]),
    ...(hand === null ? [] : [`- ${hand}`]),
    ...(isCheck ? [] : [`- Transaction: ${transaction}.`]),
    `- Locks: ${step.wait}`,
    ...(isCheck ? [] : [...remedy("After a failure", step.onFailure), ...remedy("Undo", step.undo)]),
    "",
  ];
}

function remedy(label: string, { words, sql }: Remedy): string[] {
  return [`- ${label}: ${words}`, ...(sql === "" ? [] : ["", indent(fence(sql)), ""])];
}

function section(queries: readonly RunbookQuery[]): string[] {
  return queries.flatMap(({ title, sql }) => [`${title}:`, "", fence(sql), ""]);
}

/** A fence that the text does not close. */
function fence(sql: string): string {
  let mark = "```";
  while (sql.includes(mark)) mark += "`";
  return `${mark}sql\n${sql}\n${mark}`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

/** The tables of a plan as SQL names: those that are locked, without their indexes. */
function relationsOf(plan: Plan): string[] {
  const all = plan.series.flatMap(({ steps }) => steps.flatMap(({ tables }) => tables));
  return [...new Set(all.map(({ schema, name }) => `${quoteName(schema)}.${quoteName(name)}`))];
}

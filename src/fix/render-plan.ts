import { withPlainNames } from "../engine/plain-names.ts";
import { append } from "../text/append.ts";
import { byHandWords } from "./by-hand.ts";
import type { StepFiles } from "./files.ts";
import type { Plan, PlanStep, Remedy, Series } from "./plan-types.ts";
import { isAllPlanned, linesWithoutSeries, nothingToPlan } from "./without-series.ts";
import { wrap } from "./wrap.ts";

/** `lockwise plan --format json`: the plan, with the files of each step. */
export function renderPlanJson(
  plan: Plan,
  files: readonly StepFiles[],
  nameOf: (path: string) => string,
): string {
  let number = 0;
  const series = plan.series.map(({ steps, ...own }) => ({
    ...own,
    steps: steps.map(({ name: _name, mode: _mode, ...step }) => ({
      ...withPlainNames(step),
      files: (files[number++]?.files ?? []).map(({ path, text }) => ({ path: nameOf(path), text })),
    })),
  }));
  const { version, path, postgresVersion, runner, open, notUnderstood } = plan;
  const shown = { version, path: nameOf(path), postgresVersion, runner, series, open, notUnderstood };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** The plan for people. `nameOf` says how a path is called where they are. */
export function renderPlan(
  plan: Plan,
  files: readonly StepFiles[],
  nameOf: (path: string) => string,
): string {
  const out = [`${nameOf(plan.path)}  PostgreSQL ${plan.postgresVersion} · ${plan.runner}`, ""];
  let number = 0;
  for (const series of plan.series) {
    append(out, [...seriesHead(series), ""]);
    for (const step of series.steps) {
      const own = files[number];
      number++;
      append(out, [...renderStep(step, number, own, nameOf), ""]);
    }
  }
  append(out, linesWithoutSeries(plan));
  if (number === 0 && isAllPlanned(plan)) out.push(`${nothingToPlan}.`, "");
  return out.join("\n");
}

function seriesHead({ line, sql, reasons }: Series): string[] {
  const [first = "", ...others] = sql.split(/\r?\n/);
  const head = `Line ${line}: ${first}${others.length > 0 ? " ..." : ""}`;
  return [head, ...reasons.flatMap((reason) => wrap(`${reason}.`, "  "))];
}

function renderStep(
  step: PlanStep,
  number: number,
  own: StepFiles | undefined,
  nameOf: (path: string) => string,
): string[] {
  const isCheck = step.phase === "check";
  const how = step.transaction ? "in a transaction" : "not in a transaction";
  const out = wrap(`${number}. ${step.title} (${isCheck ? "check" : `${step.phase}, ${how}`})`, "  ");
  if (step.after !== null) append(out, wrap(`Before: ${step.after}.`, "     "));
  const hand = byHandWords(step);
  if (hand !== null) append(out, [...wrap(hand, "     "), "", ...indented(step.sql)]);
  for (const { path, text } of own?.files ?? []) {
    if (text === "") continue;
    out.push(
      "",
      `     ${nameOf(path)}`,
      "",
      ...text
        .trimEnd()
        .split("\n")
        .map((line) => `       ${line}`.trimEnd()),
    );
  }
  append(out, ["", ...wrap(`Locks: ${step.wait}`, "     ")]);
  if (step.outside !== null) append(out, wrap(`Transaction: ${step.outside}.`, "     "));
  if (isCheck) return out;
  append(out, [...remedy("After a failure", step.onFailure), ...remedy("Undo", step.undo)]);
  if (step.loop !== null && step.loop !== step.sql)
    append(out, [
      ...wrap(
        "Or from a client, again and again, each time in a transaction of its own, until it changes no row:",
        "     ",
      ),
      ...indented(step.loop),
    ]);
  return out;
}

function remedy(label: string, { words, sql }: Remedy): string[] {
  return [...wrap(`${label}: ${words}`, "     "), ...(sql === "" ? [] : indented(sql))];
}

function indented(sql: string): string[] {
  return sql.split("\n").map((line) => `       ${line}`.trimEnd());
}

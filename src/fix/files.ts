import type { Layout, NewFile, TransactionMode, Unit } from "../layout/index.ts";
import { baseName, isSqlFile, stemOf } from "../layout/paths.ts";
import { splitStatements } from "../sql/split.ts";
import type { Plan, PlanStep } from "./plan-types.ts";

/** A step with the files that it is in the runner's own form. */
export interface StepFiles {
  readonly step: PlanStep;
  readonly files: readonly NewFile[];
}

/** How the runner runs a migration that it is given: one that may share its transaction, or one that must not. */
export function modeOf({ profile, folder }: Layout, sql: string, transaction: boolean): TransactionMode {
  const [file, ...others] = profile.following(folder, { name: "x", sql, transaction });
  if (file === undefined) return "none";
  // What else belongs to the migration may say how it runs.
  const read = (path: string) => others.find((one) => one.path === path)?.text ?? folder.project.read(path);
  const paths = [...folder.project.paths, ...others.map((one) => one.path)];
  const [unit] = profile.parse(file.text, file.path, { paths, read });
  const mode = unit === undefined || standAlone(file.text, unit) ? "none" : unit.transaction;
  return transaction && (mode === "none" || mode === "message") && file.text.includes("BEGIN;")
    ? "file"
    : mode;
}

/** Whether each statement of a unit is a message of its own wherever others stand beside it, and so commits by itself. */
function standAlone(text: string, { transaction, start, end, breaks }: Unit): boolean {
  if (transaction !== "message") return false;
  const { statements } = splitStatements(text, start, end, breaks);
  return statements.every((one, index) => {
    const next = statements[index + 1]?.start ?? end;
    return breaks.some((at) => at >= one.end && at <= next);
  });
}

/** The files of all steps, numbered on from the last migration of the folder. */
export function filesOf(plan: Plan, layout: Layout): StepFiles[] {
  const { profile } = layout;
  let { folder } = layout;
  const stem = slugStem(plan.path);
  const steps = plan.series.flatMap((series) => series.steps);
  return steps.map((step, index) => {
    if (step.byHand) return { step, files: [] };
    const files = profile.following(folder, {
      name: `${stem} ${index + 1} ${step.name}`,
      sql: step.sql,
      transaction: step.transaction,
      ...(step.undo.sql !== "" && { down: step.undo.sql }),
    });
    // The numbers ascend: of the new files the latest are enough to go on from. db-migrate's program lies in another folder.
    const sql = files.map(({ path }) => path).filter(isSqlFile);
    folder = { ...layout.folder, files: [...layout.folder.files, ...sql] };
    return { step, files };
  });
}

/** The words of a migration's own name: `0042_orders_status.sql` gives `orders status`. */
function slugStem(path: string): string {
  const own = /^(?:up|down|migration)\.sql$/.test(baseName(path)) ? path.split("/").at(-2) : stemOf(path);
  const words = (own ?? "").replace(/[.-](?:up|down)$/, "").split(/[^A-Za-z0-9]+/);
  while (words.length > 1 && /^[VUR]?\d*$/.test(words[0] ?? "")) words.shift();
  return words.filter((word) => word !== "").join(" ") || "plan";
}

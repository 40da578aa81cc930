import type { Layout, NewFile, TransactionMode, Unit } from "../layout/index.ts";
import {
  baseName,
  compareDigits,
  folderOf,
  isSqlFile,
  leadingDigits,
  numberInName,
  stemOf,
} from "../layout/paths.ts";
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

/** A new file that would run too early, and before which one. */
export interface Misplaced {
  readonly path: string;
  readonly before: string;
}

/** The first new file that the tool, which may sort names as text, runs before the original or before one of a lower number. */
export function misplacedIn(plan: Plan, files: readonly StepFiles[], layout: Layout): Misplaced | null {
  const { folder, profile } = layout;
  const made = new Map(files.flatMap((one) => one.files.slice(0, 1)).map(({ path, text }) => [path, text]));
  const added = [...made.keys()].filter((path) => isSqlFile(path) && !folder.files.includes(path));
  const { project } = folder;
  const view = {
    paths: [...project.paths, ...added],
    read: (path: string) => made.get(path) ?? project.read(path),
  };
  const order = profile.order({ ...folder, files: [...folder.files, ...added], project: view });
  for (const path of added) {
    const at = order.indexOf(path);
    const before = order.find(
      (one, place) => place > at && at !== -1 && !made.has(one) && (one === plan.path || isLower(one, path)),
    );
    if (before !== undefined) return { path, before };
  }
  return null;
}

function isLower(path: string, other: string): boolean {
  const [own, its] = [path, other].map(
    (one) => leadingDigits(baseName(one)) || leadingDigits(baseName(folderOf(one))),
  );
  return own !== undefined && its !== undefined && own !== "" && its !== "" && compareDigits(own, its) < 0;
}

/** The words of a migration's own name: `0042_orders_status.sql` gives `orders status`. */
function slugStem(path: string): string {
  const own = /^(?:up|down|migration)\.sql$/.test(baseName(path)) ? path.split("/").at(-2) : stemOf(path);
  const { prefix = "", digits = "" } = numberInName(own ?? "") ?? {};
  const named = (own ?? "").slice(prefix.length + digits.length).replace(/[.-](?:up|down)$/, "");
  const words = named.split(/[^A-Za-z0-9]+/);
  while (words.length > 1 && /^[VUR]?\d*$/.test(words[0] ?? "")) words.shift();
  return words.filter((word) => word !== "").join(" ") || "plan";
}

import type { Rehearsal, Stage, Tried, TriedFinding, TriedStatement } from "../engine/rehearsal.ts";
import { besides, leavingWords } from "../layout/leaving.ts";
import type { Leaving } from "../layout/types.ts";
import type { Migration, Runner } from "../rule.ts";
import { applyEdits } from "../text/edits.ts";
import type { Edit } from "../text/span.ts";
import type { Phase, PlanStep, Remedy } from "./plan-types.ts";
import { recoveryOf } from "./recovery.ts";
import { undoOf } from "./undo.ts";
import { effectsOfStep } from "./wait.ts";

/** How the migrations of a plan run. */
export interface StepFrame {
  readonly stage: Stage;
  readonly path: string;
  readonly runner: Runner;
  /** How the runner runs a migration that keeps its transaction, or one that has to leave it. */
  modeOf(sql: string, transaction: boolean): Rehearsal["transaction"];
  /** Statements that each migration begins with, such as the search path. */
  readonly prelude: string;
  /** Fills the runner's placeholders in place. */
  fill(text: string): string;
}

/**
 * Tries a migration as the next one, completes it, and tells what it does. The stage is then behind it. `isCheck`: it is a
 * query whose answer decides whether to go on, which no runner shows to anybody.
 */
export function takeStep(
  migration: Migration,
  frame: StepFrame,
  isCheck = false,
): { step: PlanStep; tried: Tried } {
  const { stage, runner } = frame;
  const own = frame.modeOf(migration.sql, migration.transaction);
  const isTrapped = !migration.transaction && (own === "file" || own === "run");
  const byHand = isCheck || isTrapped || migration.loop === migration.sql;
  // By hand means by psql, where every statement commits by itself.
  const mode = byHand ? "none" : own;
  const before = stage.schema();
  const attempt = (text: string) => {
    stage.reset(before);
    return stage.try({ path: frame.path, text, filled: frame.fill(text), transaction: mode, runner });
  };
  const isAlone = !migration.transaction && runner.leaving.alone;
  let sql = frame.prelude === "" || isAlone ? migration.sql : `${frame.prelude}\n${migration.sql}`;
  let tried = attempt(sql);
  const head = sql.length - migration.sql.length;
  // The timeout first: some findings go with it.
  for (const editsFor of [missingTimeout, intentions]) {
    const edits = editsFor(tried.findings, migration, head);
    if (edits.length === 0) continue;
    sql = applyEdits(sql, edits).text;
    tried = attempt(sql);
  }
  const statements = tried.statements;
  const isShared = mode !== "none";
  const { wait, ...effects } = effectsOfStep(statements, isShared);
  const step: PlanStep = {
    phase: isCheck ? "check" : phaseOf(statements, migration),
    title: migration.title,
    sql,
    transaction: migration.transaction,
    byHand,
    outside: byHand || migration.transaction ? null : outsideWords(runner.leaving, sql),
    after: afterOf(migration, { needsPath: isAlone && frame.prelude !== "", isShared: own === "run" }),
    loop: migration.loop ?? null,
    ...effects,
    wait,
    onFailure: behind(frame.prelude, recoveryOf(statements, isShared, sql)),
    undo: behind(frame.prelude, undoOf(statements, sql, migration.undo)),
    name: isCheck ? "check" : nameOf(statements),
    mode,
  };
  return { step, tried };
}

/**
 * A migration that holds a single statement cannot set the search path for it; and where all pending ones share a
 * transaction the step before is committed only when it is deployed by itself.
 */
function afterOf(
  { after }: Migration,
  { needsPath, isShared }: { readonly needsPath: boolean; readonly isShared: boolean },
): string | null {
  const isNext = after === "the step before is committed";
  const own =
    after === undefined || (isNext && !isShared) ? [] : [isNext ? `${after}, by a run of its own` : after];
  const path = needsPath ? ["the connection has the search_path that the migration sets"] : [];
  return [...own, ...path].join(", and ") || null;
}

/** SQL that is run in a session of its own needs the search path as well. */
function behind(prelude: string, remedy: Remedy): Remedy {
  return prelude === "" || remedy.sql === "" ? remedy : { ...remedy, sql: `${prelude}\n${remedy.sql}` };
}

function outsideWords(leaving: Leaving, sql: string): string | null {
  return leaving.by === "itself" ? besides(leaving, sql) : leavingWords(leaving, sql);
}

/** What is set for the transaction stands at its head, where people look for it. */
function missingTimeout(findings: readonly TriedFinding[], _: Migration, head: number): Edit[] {
  const edits = findings
    .filter(({ rule }) => rule === "missing-lock-timeout")
    .flatMap(({ finding }) => finding.fix?.edits ?? []);
  return edits.map((edit) =>
    edit.text.startsWith("SET LOCAL") ? { ...edit, start: head, end: head } : edit,
  );
}

/** Rules for locks that a step takes on purpose beside its own, for a moment and under a lock_timeout. */
const brief = ["foreign-key-drop-locks-parent", "sequence-blocked"];

/** What the step does on purpose, when what it waits for has happened, is said to be so. */
function intentions(findings: readonly TriedFinding[], { after, title }: Migration): Edit[] {
  const meant = new Map<number, Set<string>>();
  for (const { rule, category, statement } of findings) {
    if (category !== "compatibility" && !brief.includes(rule)) continue;
    meant.set(statement.start, (meant.get(statement.start) ?? new Set()).add(rule));
  }
  const because = (after ?? title).replaceAll(/\s+/g, " ");
  return [...meant].map(([start, rules]) => ({
    start,
    end: start,
    text: `-- lockwise-ignore ${[...rules].join(", ")} -- ${because}\n`,
  }));
}

function phaseOf(statements: readonly TriedStatement[], { after, loop }: Migration): Exclude<Phase, "check"> {
  const kinds = statements.map(({ statement }) => statement);
  if (loop !== undefined || kinds.some(({ kind }) => kind === "do" || kind === "update")) return "backfill";
  const actions = kinds.flatMap((one) => (one.kind === "alter table" ? one.actions : []));
  if (actions.length > 0 && actions.every(({ kind }) => kind === "validate constraint")) return "validate";
  const removes = (kind: string) => kind === "drop column" || kind === "set not null";
  const isContract =
    after !== undefined &&
    kinds.some(({ kind }) => kind === "drop" || kind === "rename" || kind === "delete");
  return isContract || actions.some(({ kind }) => removes(kind)) ? "contract" : "expand";
}

/** A verb for the name of the file. */
function nameOf(statements: readonly TriedStatement[]): string {
  const kinds = statements.map(({ statement }) => statement).filter(({ kind }) => kind !== "set");
  const actions = kinds.flatMap((one) =>
    one.kind === "alter table" ? one.actions.map(({ kind }) => kind) : [],
  );
  const has = (kind: string) => kinds.some((one) => one.kind === kind);
  if (has("do") || has("update")) return "fill";
  if (has("delete")) return "delete rows";
  if (has("create index")) return "build index";
  if (has("reindex")) return "reindex";
  if (actions.includes("validate constraint")) return "validate";
  if (actions.includes("attach partition")) return "attach";
  if (actions.includes("detach partition")) return "detach";
  if (has("rename")) return kinds.filter(({ kind }) => kind === "rename").length > 1 ? "swap" : "rename";
  if (actions.includes("set not null")) return "not null";
  if (actions.includes("drop column") || has("drop")) return "drop";
  if (actions.includes("add constraint")) return "constrain";
  if (actions.some((kind) => kind.startsWith("add")) || kinds.some(({ kind }) => kind.startsWith("create")))
    return "add";
  if (has("refresh materialized view")) return "refresh";
  return has("vacuum") ? "vacuum" : "change";
}

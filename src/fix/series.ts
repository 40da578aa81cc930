import type { Tried, TriedFinding } from "../engine/rehearsal.ts";
import type { Migration } from "../rule.ts";
import { isWord, tokenize } from "../sql/tokens.ts";
import { append } from "../text/append.ts";
import type { PlanStep } from "./plan-types.ts";
import { type StepFrame, takeStep } from "./step.ts";

/** A way round may need a way round itself: a column with a key and a foreign key. Not for ever. */
const depth = 4;

/** The unit that the original's statements count as, and how they run there. */
export interface Origin {
  /** What is said of what is harmless. */
  readonly title: string;
  readonly unit: number;
  readonly transaction: Parameters<StepFrame["stage"]["try"]>[0]["transaction"];
}

/**
 * The steps that stand for some statements. Those that are dangerous give way to their rewrites, what is harmless stays
 * together. Afterwards the stage is behind the last step.
 */
export function seriesFor(sql: string, origin: Origin, frame: StepFrame, level = 0): PlanStep[] {
  const { stage } = frame;
  const steps: PlanStep[] = [];
  let harmless: string[] = [];
  let start = stage.schema();
  const flush = () => {
    if (harmless.length > 0) {
      stage.reset(start);
      const title = level === 0 ? origin.title : "What goes with it";
      append(steps, together(title, harmless, frame));
      harmless = [];
    }
    start = stage.schema();
  };
  for (const statement of splitSql(sql, frame)) {
    const before = stage.schema();
    const tried = tryAlone(statement, origin, frame);
    const chosen = level >= depth ? undefined : chooseFinding(tried, level);
    const checks = level === 0 ? checksOf(tried) : [];
    if (checks.length > 0) {
      stage.reset(before);
      flush();
      for (const check of checks) steps.push(takeStep(check, frame, true).step);
      start = stage.schema();
      tryAlone(statement, origin, frame);
    }
    if (chosen?.finding.rewrite === undefined) {
      const quiet = level === 0 ? quietMoment(tried) : null;
      const after = (level === 0 ? deployedBefore(tried) : null) ?? quiet;
      if (after !== null) {
        stage.reset(before);
        flush();
        const title =
          quiet === after
            ? "As it is, at a quiet time: there is no gentler way that could be printed"
            : "As it is, when nothing needs it any more";
        steps.push(takeStep({ title, sql: statement, transaction: true, after }, frame).step);
        start = stage.schema();
      } else if (tried.statements.some(({ effects }) => effects.refusesTransaction)) {
        stage.reset(before);
        flush();
        steps.push(
          takeStep(
            { title: "As it is, in a migration of its own", sql: statement, transaction: false },
            frame,
          ).step,
        );
        start = stage.schema();
      } else if (checks.length > 0) {
        stage.reset(before);
        flush();
        const title = "As it is, once no row stands in its way";
        steps.push(takeStep({ title, sql: statement, transaction: true }, frame).step);
        start = stage.schema();
      } else if (level === 0 && isBlock(tried)) {
        stage.reset(before);
        flush();
        const { step } = takeStep({ title: origin.title, sql: statement, transaction: true }, frame);
        steps.push({ ...step, ...ofBlock });
        start = stage.schema();
      } else harmless.push(statement);
      continue;
    }
    stage.reset(before);
    flush();
    for (const migration of deployedFirst(chosen.finding.rewrite, level === 0 ? deployedBefore(tried) : null))
      append(steps, stepsOf(migration, origin, frame, level));
    start = stage.schema();
  }
  flush();
  return steps;
}

/** Statements that are harmless by themselves, in one step; each in its own where a lock of one is held while another works. */
function together(title: string, statements: readonly string[], frame: StepFrame): PlanStep[] {
  const before = frame.stage.schema();
  const { step, tried } = takeStep({ title, sql: statements.join("\n"), transaction: true }, frame);
  const isHeld = tried.findings.some(({ category }) => category === "lock" || category === "transaction");
  if (statements.length < 2 || !isHeld) return [step];
  frame.stage.reset(before);
  return statements.map((sql) => takeStep({ title, sql, transaction: true }, frame).step);
}

/** What a statement drops beside what its rewrite is for goes with the last migration. */
function deployedFirst(rewrite: readonly Migration[], deployed: string | null): readonly Migration[] {
  const last = rewrite.at(-1);
  if (last === undefined || deployed === null || last.after !== undefined) return rewrite;
  return [...rewrite.slice(0, -1), { ...last, after: deployed }];
}

/** A step that is dangerous itself is planned in its turn. */
function stepsOf(migration: Migration, origin: Origin, frame: StepFrame, level: number): PlanStep[] {
  const before = frame.stage.schema();
  const { step, tried } = takeStep(migration, frame);
  const isKept = !migration.transaction || migration.whole === true;
  if (isKept || chooseFinding(tried, level + 1) === undefined) return [step];
  const after = frame.stage.schema();
  frame.stage.reset(before);
  const own = { ...origin, unit: -1 - level };
  const deeper = seriesFor(migration.sql, own, frame, level + 1);
  if (deeper.length > 1) {
    const [first, ...rest] = deeper;
    return first === undefined ? [] : [{ ...first, after: first.after ?? step.after }, ...rest];
  }
  frame.stage.reset(after);
  return [step];
}

/** Of a statement that keeps others out for long, and has no rewrite: why it is better run when nobody minds. */
function quietMoment({ findings }: Tried): string | null {
  const found = findings.find(
    ({ category, severity, finding }) =>
      category === "lock" &&
      severity === "error" &&
      finding.rewrite === undefined &&
      finding.advice !== undefined,
  );
  return found === undefined ? null : `a quiet time has come (${found.finding.message})`;
}

/** What has to be deployed before something is dropped; null where nothing is that anybody uses. */
function deployedBefore({ statements, findings }: Tried): string | null {
  if (!findings.some(({ rule }) => rule === "drop-column" || rule === "drop-table")) return null;
  const [tried] = statements;
  if (tried?.statement.kind === "alter table") {
    const columns = tried.statement.actions.flatMap((one) =>
      one.kind === "drop column" ? [one.column.name] : [],
    );
    // It is an error where writes fail for a trigger's function, whatever the application does.
    const isNamed = findings.some(
      ({ rule, finding }) => rule === "drop-column" && finding.severity === "error",
    );
    const more = isNamed ? ", and no function of a trigger does" : "";
    return `no running version of the application reads or writes ${columns.join(", ")}${more}`;
  }
  if (tried?.statement.kind === "alter type")
    return `no running version of the application uses what goes from ${tried.statement.type.name.name}`;
  const names = tried?.statement.kind === "drop" ? tried.statement.names.map(({ name }) => name.name) : [];
  return `no running version of the application uses ${names.join(", ")}`;
}

/** The finding whose rewrite is taken. Deeper down, what a step does to the application on purpose is no finding any more. */
function chooseFinding({ findings, statements }: Tried, level: number): TriedFinding | undefined {
  // The rewrite of what stands in a body is not one of the whole.
  if (isBlock({ statements })) return undefined;
  const able = findings.filter(
    (one) =>
      (one.finding.rewrite?.length ?? 0) > 0 &&
      !isCheck(one) &&
      (level === 0 || one.category === "lock" || one.category === "transaction"),
  );
  return able.find(({ category }) => category === "lock") ?? able[0];
}

/** Whether it is a block of the user's own: those of a plan change rows in batches. */
function isBlock({ statements }: Pick<Tried, "statements">): boolean {
  return statements.some(({ statement }) => statement.kind === "do");
}

const ofBlock: Pick<PlanStep, "phase" | "name" | "wait" | "onFailure" | "undo"> = {
  phase: "expand",
  name: "change",
  wait: "What is locked, and for how long, depends on what the block does: lockwise explain tells.",
  onFailure: { words: "Nothing is left of it: run it again.", sql: "" },
  undo: { words: "Write the way back by hand.", sql: "" },
};

/** Queries to ask before the statement, which stays what it is. */
function checksOf({ findings }: Tried): readonly Migration[] {
  return findings.flatMap((one) => (isCheck(one) ? (one.finding.rewrite ?? []) : []));
}

/** A query instead of a lock is no question: setval() does what the statement does. */
function isCheck({ category, finding }: TriedFinding): boolean {
  const { rewrite = [] } = finding;
  return (
    category !== "lock" &&
    rewrite.length > 0 &&
    rewrite.every(({ sql }) => isWord(sql, tokenize(sql)[0], "select"))
  );
}

function tryAlone(text: string, origin: Origin, frame: StepFrame): Tried {
  const { stage, path, runner } = frame;
  const unit = origin.unit < 0 ? {} : { unit: origin.unit };
  // Names mean what they mean behind the search path that the migration sets.
  const whole = frame.prelude === "" ? text : `${frame.prelude}\n${text}`;
  const filled = frame.fill(whole);
  const tried = stage.try({ path, text: whole, filled, transaction: origin.transaction, runner, ...unit });
  return { ...tried, statements: tried.statements.filter(({ statement }) => statement.kind !== "set") };
}

/** The statements of some SQL, each with its semicolon. */
function splitSql(sql: string, frame: StepFrame): string[] {
  const before = frame.stage.schema();
  const { statements } = frame.stage.try({
    path: frame.path,
    text: sql,
    filled: frame.fill(sql),
    transaction: "none",
    runner: frame.runner,
  });
  frame.stage.reset(before);
  return statements.map(({ span }) => `${sql.slice(span.start, span.end)};`);
}

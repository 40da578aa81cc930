import type { Effects } from "../analysis/effect.ts";
import type { Schema } from "../analysis/schema.ts";
import type { Statement } from "../model/statement.ts";
import { loadParser } from "../parse/load.ts";
import type { Category, Finding, Loop, Runner, Severity } from "../rule.ts";
import type { Span } from "../text/span.ts";
import { indexRules, type RuleIndex } from "./active-rules.ts";
import type { EngineOptions } from "./engine-options.ts";
import { factsOf } from "./facts.ts";
import { matchesGlob } from "./glob.ts";
import { createJudge } from "./judge.ts";
import { newJudgement } from "./judgement.ts";
import { defaultPostgresVersion, type Source } from "./options.ts";
import { runUnit } from "./run.ts";
import { type RunState, startRun } from "./run-state.ts";
import { asWritten } from "./runner-form.ts";
import { type PlannedUnit, planUnits } from "./units.ts";
import type { Visitor } from "./visit.ts";

/** SQL that is tried as the next thing to run. */
export interface Rehearsal {
  readonly path: string;
  readonly text: string;
  /** The text with placeholders filled in place. Default: the text itself. */
  readonly filled?: string;
  /** What of the text is run. Default: all of it. */
  readonly span?: Span;
  readonly transaction: PlannedUnit["unit"]["transaction"];
  readonly runner: Runner;
  /** The unit that the statements count as; what the same unit created is new to them. Default: one of its own. */
  readonly unit?: number;
}

/** A statement as it was tried: of the text itself, not of bodies in it. */
export interface TriedStatement {
  readonly statement: Statement;
  readonly span: Span;
  readonly effects: Effects;
  /** The schema just before it. */
  readonly schema: Schema;
  readonly loop: Loop;
}

export interface TriedFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly finding: Finding;
  /** Of the statement around it. */
  readonly statement: Span;
}

export interface Tried {
  readonly statements: readonly TriedStatement[];
  readonly findings: readonly TriedFinding[];
}

/** A stage on which migrations can be tried one after the other, and taken back. */
export interface Stage {
  readonly version: number;
  /** Units of sources, as their runner cuts them. */
  unitsOf(sources: readonly Source[]): readonly PlannedUnit[];
  /** Runs a unit without judging it; the result is its number. */
  replay(planned: PlannedUnit): number;
  /** A number for a unit that is to be tried under it more than once. */
  nextUnit(): number;
  try(rehearsal: Rehearsal): Tried;
  /** Why not all was run, as far as a limit was reached since the stage was opened; else null. */
  cutShort(): string | null;
  schema(): Schema;
  /** Goes back to a schema that {@link schema} gave before. */
  reset(schema: Schema): void;
}

/** Opens a stage with an empty database. Rejects where the options cannot be met. */
export async function openStage(options: EngineOptions): Promise<Stage> {
  const version = options.postgresVersion ?? defaultPostgresVersion;
  const run = startRun(options, version, await loadParser(options.parser), []);
  let units = 0;
  const indexes = new Map<string, RuleIndex>();
  const rulesFor = (path: string): RuleIndex => {
    const index = indexes.get(path) ?? indexRules(options, version, (glob) => matchesGlob(glob, path));
    indexes.set(path, index);
    return index;
  };
  return {
    version,
    unitsOf: (sources) => planUnits(sources, options),
    replay(planned) {
      const unit = units++;
      runUnit(run, { ...planned, role: "history" }, factsOf(planned, unit, options, run), null);
      return unit;
    },
    nextUnit: () => units++,
    try: (rehearsal) => tryOn(run, rehearsal, rehearsal.unit ?? units++, options, rulesFor(rehearsal.path)),
    cutShort: () => [...run.cutShort.values()][0] ?? null,
    schema: () => run.schema,
    reset(schema) {
      run.schema = schema;
    },
  };
}

function tryOn(
  run: RunState,
  rehearsal: Rehearsal,
  unit: number,
  options: EngineOptions,
  rules: RuleIndex,
): Tried {
  const planned = plannedUnit(rehearsal);
  const judgement = newJudgement();
  const judge = createJudge(() => rules, judgement, asWritten);
  const statements: TriedStatement[] = [];
  const visitor: Visitor = {
    ...judge,
    statement(visit) {
      const { statement, place, context, world } = visit;
      if (place.depth === 0)
        statements.push({
          statement,
          span: place.span,
          effects: context.effects,
          schema: world.schema,
          loop: place.loop,
        });
      judge.statement(visit);
    },
  };
  runUnit(run, planned, factsOf(planned, unit, options, run), visitor);
  const findings = judgement.findings.map(({ active, finding, statement }) => ({
    rule: active.rule.id,
    severity: finding.severity ?? active.severity,
    category: active.rule.category,
    finding,
    statement,
  }));
  return { statements, findings };
}

function plannedUnit(rehearsal: Rehearsal): PlannedUnit {
  const { path, text, transaction, runner } = rehearsal;
  const { start, end } = rehearsal.span ?? { start: 0, end: text.length };
  return {
    unit: {
      path,
      start,
      end,
      name: path,
      pair: path,
      direction: "up",
      transaction,
      marker: null,
      breaks: [],
      cuts: [],
      refused: null,
      goesOn: false,
    },
    source: { path, text },
    text: rehearsal.filled ?? text,
    role: "judge",
    down: "none",
    back: [],
    isBehindGap: false,
    isBeginning: false,
    hasRun: false,
    runner: { ...runner, mode: transaction },
    keepsSession: false,
    isOrdered: true,
  };
}

import type { Table } from "../analysis/entities.ts";
import type { EngineOptions } from "../engine/engine-options.ts";
import { lintSources } from "../engine/lint.ts";
import type { Source } from "../engine/options.ts";
import { openStage, type Stage, type TriedStatement } from "../engine/rehearsal.ts";
import type { Diagnostic, Report } from "../engine/report.ts";
import type { PlannedUnit } from "../engine/units.ts";
import type { Layout } from "../layout/index.ts";
import type { Migration } from "../rule.ts";
import { isMark, tokensIn } from "../sql/tokens.ts";
import { indexLines, positionAt } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import { type Chosen, chooseStatements, impossibleIn, isBorder, type ReadStatement } from "./choose.ts";
import { modeOf } from "./files.ts";
import { piecesOf } from "./pieces.ts";
import type { NotUnderstood, OpenStatement, Plan, Series } from "./plan-types.ts";
import { type Origin, seriesFor } from "./series.ts";
import { type StepFrame, takeStep } from "./step.ts";

/**
 * Plans the migration that is the last of `sources`; the others are its history. `layout` says whose migrations they are.
 * Rejects where the options cannot be met.
 */
export async function planMigration(
  sources: readonly Source[],
  layout: Layout,
  options: EngineOptions,
): Promise<Plan> {
  const target = sources.at(-1);
  if (target === undefined) throw new Error("there is no migration to plan");
  const history = sources.slice(0, -1).map((source): Source => ({ ...source, role: "history" }));
  const report = await lintSources([...history, { ...target, role: "lint" }], options);
  const stage = await openStage(options);
  for (const unit of stage.unitsOf(history)) if (unit.role === "history") stage.replay(unit);
  const units = stage.unitsOf([target]).filter(({ role }) => role === "judge");
  const read = readTarget(units, stage);
  const before = stage.schema();
  const refused = read.filter(isRefused).map(({ span }) => span);
  const more = new Set<number>();
  let chosen: Chosen[] = [];
  let rest = target.text;
  for (let round = 0; round < rounds; round++) {
    chosen = chooseStatements(read, report.diagnostics, target.text, more);
    rest = blank(
      target.text,
      chosen.map(({ read: one }) => extentOf(target.text, one.span)),
    );
    stage.reset(before);
    const failing = failingIn(replayRest(units, blank(rest, refused), read, stage, layout), read);
    if (failing.length === 0) break;
    for (const start of failing) more.add(start);
  }
  const frames = units.map((unit) => frameOf(unit, stage, layout));
  const lines = indexLines(target.text);
  // What stays as it is has nothing but the advice; of its transaction it is out.
  const open = ({ span }: ReadStatement) =>
    report.diagnostics.flatMap((one) => {
      const advice = adviceOf(one);
      return one.statement.start === span.start && advice !== null && one.category !== "transaction"
        ? [`${one.message}. ${advice}`]
        : [];
    });
  const series = chosen.map(({ read: one, diagnostics }): Series => {
    const frame = frames[one.place];
    const unit = units[one.place];
    const title =
      diagnostics.length === 0 ? "As it is: it needs what comes before" : "What else the statement does";
    const origin: Origin = { title, unit: one.unit, transaction: unit?.unit.transaction ?? "none" };
    const pieces = piecesOf(one.tried.statement, target.text, tableOf(one.tried));
    const behind = frame === undefined ? undefined : { ...frame, prelude: one.prelude };
    const own = behind === undefined ? [] : seriesFor(pieces.join("\n"), origin, behind);
    if (behind !== undefined)
      for (const step of looseEnds(diagnostics)) own.push(takeStep(step, behind).step);
    return {
      line: positionAt(lines, one.span.start).line,
      sql: target.text.slice(one.span.start, one.span.end),
      ...extentOf(target.text, one.span),
      rules: [...new Set(diagnostics.map(({ rule }) => rule))],
      reasons: [...new Set(diagnostics.length > 0 ? diagnostics.map(({ message }) => message) : open(one))],
      steps: own,
    };
  });
  return {
    version: 1,
    path: target.path,
    postgresVersion: stage.version,
    runner: report.context.runner,
    series: series.filter(({ steps }) => steps.length > 0),
    rest,
    open: openStatements(
      report.diagnostics,
      chosen.map(({ read }) => read.span),
      refused,
    ),
    notUnderstood: unreadIn(report, target.path),
    complaints: [
      ...report.complaints,
      ...(report.complaints.length > 0 || stage.cutShort() === null
        ? []
        : [{ path: target.path, line: null, message: `the plan is not whole: ${stage.cutShort()}` }]),
    ],
  };
}

/** What no statement of the migration itself is about, since it comes after all of them. */
function looseEnds(diagnostics: readonly Diagnostic[]): readonly Migration[] {
  return diagnostics
    .filter(({ rule }) => rule === "constraint-never-validated")
    .flatMap(({ rewrite }) => rewrite ?? [])
    .map(({ title, sql, transaction, after }) => ({
      title,
      sql,
      transaction,
      ...(after !== null && { after }),
    }));
}

/** Statements that are broken, and those that nobody could read. */
function unreadIn({ diagnostics, files }: Report, path: string): NotUnderstood[] {
  const broken = diagnostics.filter((one) => one.rule === "syntax-error" && one.path === path);
  return [
    ...broken.map(({ start, message }) => ({ line: start.line, reason: message })),
    ...(files.find((file) => file.path === path)?.notUnderstood ?? []),
  ].sort((one, other) => one.line - other.line);
}

/** What cannot stay may take others with it; beyond this the plan says what it can. */
const rounds = 5;

/** What decides which table is meant, and what a time is that is written down. */
const carriedSettings: ReadonlySet<string> = new Set([
  "search_path",
  "timezone",
  "datestyle",
  "intervalstyle",
]);

function readTarget(units: readonly PlannedUnit[], stage: Stage): ReadStatement[] {
  const before = stage.schema();
  const read = units.flatMap((planned, place) => {
    const unit = stage.nextUnit();
    const { text } = planned.source;
    const settings = new Map<string, string>();
    return tryUnit(planned, text, planned.text, unit, stage).map((tried): ReadStatement => {
      const { statement, span } = tried;
      const one = { tried, span, place, unit, prelude: [...settings.values()].join("\n") };
      if (statement.kind === "set" && carriedSettings.has(statement.name))
        settings.set(statement.name, `${text.slice(span.start, span.end)};`);
      return one;
    });
  });
  stage.reset(before);
  return read;
}

function tryUnit(planned: PlannedUnit, text: string, filled: string, unit: number, stage: Stage) {
  const { start, end, transaction } = planned.unit;
  const { path } = planned.source;
  return stage.try({ path, text, filled, span: { start, end }, transaction, runner: planned.runner, unit })
    .statements;
}

/** What PostgreSQL refuses changes nothing: what comes behind it finds everything as it was. */
function isRefused({ tried }: ReadStatement): boolean {
  const { fails, uncertain, refusesTransaction } = tried.effects;
  return fails !== null && uncertain === null && !refusesTransaction && !isBorder(tried.statement);
}

/** Statements that ran before and fail when those that are taken out are gone: they have to follow them. */
function failingIn(rest: readonly TriedStatement[], read: readonly ReadStatement[]): number[] {
  const before = new Map(read.map((one) => [one.span.start, one.tried.effects.fails]));
  return rest
    .filter(
      ({ span, effects, statement }) =>
        effects.fails !== null && before.get(span.start) === null && !isBorder(statement),
    )
    .map(({ span }) => span.start);
}

/** The table that is altered, as it is before. */
function tableOf({ statement, schema }: TriedStatement): Table | undefined {
  return statement.kind === "alter table" ? schema.findTable(statement.table) : undefined;
}

/** The statement with its semicolon. */
function extentOf(text: string, span: Span): Span {
  const [next] = tokensIn(text, span.end, Math.min(text.length, span.end + 1000));
  return { start: span.start, end: isMark(text, next, ";") && next !== undefined ? next.end : span.end };
}

/** White space in the place of what is taken out, so that everything else stays where it is. */
function blank(text: string, spans: readonly Span[]): string {
  let result = "";
  let done = 0;
  for (const { start, end } of spans) {
    result += text.slice(done, start) + text.slice(start, end).replaceAll(/[^\r\n]/g, " ");
    done = end;
  }
  return result + text.slice(done);
}

function replayRest(
  units: readonly PlannedUnit[],
  rest: string,
  read: readonly ReadStatement[],
  stage: Stage,
  layout: Layout,
): TriedStatement[] {
  const filled = layout.profile.fill(rest, units[0]?.source.path, layout.folder.project);
  return units.flatMap((planned, place) => {
    const unit = read.find((one) => one.place === place)?.unit;
    return unit === undefined ? [] : tryUnit(planned, rest, filled, unit, stage);
  });
}

function frameOf(planned: PlannedUnit, stage: Stage, layout: Layout): StepFrame {
  return {
    stage,
    path: planned.source.path,
    runner: planned.runner,
    modeOf: (sql, transaction) => modeOf(layout, sql, transaction),
    prelude: "",
    fill: (text) => layout.profile.fill(text, planned.source.path, layout.folder.project),
  };
}

function openStatements(
  diagnostics: readonly Diagnostic[],
  planned: readonly Span[],
  refused: readonly Span[],
): OpenStatement[] {
  const impossible = impossibleIn(diagnostics);
  const [arePlanned, areRefused] = [planned, refused].map(
    (spans) => new Set(spans.map(({ start }) => start)),
  );
  return diagnostics
    .filter(
      ({ rewrite, advice, statement, category }) =>
        (impossible.has(statement.start)
          ? category === "error"
          : rewrite !== null ||
            advice !== null ||
            (category === "error" && areRefused?.has(statement.start))) && !arePlanned?.has(statement.start),
    )
    .map((one) => ({ line: one.start.line, rule: one.rule, message: one.message, advice: adviceOf(one) }));
}

/** What to do where there is no series for a finding. */
function adviceOf({ advice, rewrite }: Diagnostic): string | null {
  return rewrite === null
    ? advice
    : "It stands in a body: write it as a statement of its own, and plan again";
}

import { compareWayBack, type Schema, type WayBack, withBeginning, withoutGone } from "../analysis/schema.ts";
import { startMessage } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import type { StatementList } from "../sql/statement-list.ts";
import type { LexicalProblem } from "../sql/token.ts";
import { indexLines } from "../text/lines.ts";
import type { Span } from "../text/span.ts";
import { doubtWorld } from "./doubt.ts";
import { freshNotes, type UnitFacts } from "./facts.ts";
import { beginUnit } from "./going-on.ts";
import { whyUnread } from "./psql-commands.ts";
import { isCutShort, type RunState, type UnitRun } from "./run-state.ts";
import { runResult } from "./run-statement.ts";
import {
  isSchemaNeutral,
  type ReadStatement,
  readStatement,
  splitUnit,
  type UnitText,
} from "./statements.ts";
import type { PlannedUnit } from "./units.ts";
import type { Visitor } from "./visit.ts";

/**
 * The one loop: reads a unit statement by statement, shows each to the visitor together with the world before it, and
 * moves the world on. Without a visitor the unit is history: what cannot change the schema is not even parsed.
 */
export function runUnit(
  run: RunState,
  planned: PlannedUnit,
  facts: UnitFacts,
  visitor: Visitor | null,
): UnitText {
  const { unit, text } = planned;
  // Told here, once: texts of many megabytes are not compared for each statement.
  const written = text === planned.source.text ? null : planned.source.text;
  const read = splitUnit(text, unit, unit.breaks, written);
  const unitRun: UnitRun = {
    run,
    facts,
    visitor,
    fileText: text,
    shownText: planned.source.text,
    lines: indexLines(planned.source.text),
    routines: new Map(),
    followed: { by: null, count: 0, routines: new Set() },
    usedGone: { is: false },
    hasRefused: { is: false },
    lastStart: read.statements.length === 0 ? null : read.statements.at(read.statements.length - 1).start,
  };
  const start = { ...run, defaults: new Map(run.defaults), cutShort: new Map() };
  if (findsNothing(run, planned, facts)) run.schema = withBeginning(run.schema);
  let world = beginUnit(run, planned, facts.release);
  const before = run.schema;
  const messages = unit.transaction === "message" ? messageSizes(read.statements, unit.breaks) : null;
  const broken: Span[] = [];
  for (let index = 0; index < read.statements.length; index++) {
    const statement = { text, written, source: read.statements.at(index) };
    if (isCutShort(unitRun, world, statement.source)) break;
    const size = messages?.[index] ?? 0;
    if (size > 0) world = { ...world, session: startMessage(world.session, size) };
    if (visitor === null && isSchemaNeutral(statement, world.schema)) continue;
    if (statement.source.kind === "meta") {
      if (planned.role !== "syntax") world = runCommand(unitRun, world, spanOf(statement.source));
      continue;
    }
    const source = readStatement(statement, run.parser);
    if (planned.role === "syntax") tellBroken(unitRun, world, source, broken);
    else if (planned.role === "baseline") {
      tellBroken(unitRun, world, source, broken);
      world = runStatement({ ...unitRun, visitor: null }, world, source, broken);
    } else world = runStatement(unitRun, world, source, broken);
  }
  if (planned.role === "judge" || planned.role === "down") {
    const { back } = planned;
    const after = world.schema;
    visitor?.end(world, facts, unit, () =>
      back.length === 0 ? null : goBack(run, facts, { before, after, back }),
    );
  }
  if (visitor !== null) showProblems(read.problems, broken, world, facts, visitor);
  // What takes a migration back does not run on the way up.
  if (planned.role !== "syntax" && planned.role !== "down") {
    // Those who went on behind a file that used what is gone have it from elsewhere: it is said once.
    const isKept = planned.isOrdered && !unitRun.usedGone.is;
    run.schema = isKept ? world.schema : withoutGone(world.schema);
    run.left = { planned, release: facts.release, world };
  }
  run.transactionNumber = Math.max(run.transactionNumber, world.session.transactionNumber + 1);
  if (unitRun.hasRefused.is) putRight(run, start, planned, facts);
  return read;
}

/**
 * A file that the server refuses holds up all that follow: they run once somebody has put it right, and stand on what a history
 * says that it leaves behind. `start` is the run as it was before the unit.
 */
function putRight(run: RunState, start: RunState, planned: PlannedUnit, facts: UnitFacts): void {
  const own = { ...facts, ...freshNotes() };
  runUnit(start, { ...planned, role: "history" }, own, null);
  run.schema = start.schema;
  run.left = start.left;
  run.transactionNumber = start.transactionNumber;
  for (const [name, setting] of start.defaults) run.defaults.set(name, setting);
  for (const name of run.defaults.keys()) if (!start.defaults.has(name)) run.defaults.delete(name);
}

/** Longer first migrations are not read ahead. */
const longest = 1_000_000;

/**
 * Whether a migration is the first that the database sees. One that uses what it has not made is the first of a database that
 * was there before: it is read ahead, where it drops what may not be there.
 */
function findsNothing(run: RunState, planned: PlannedUnit, facts: UnitFacts): boolean {
  const { start, end, direction } = planned.unit;
  // What runs again finds what it has made.
  if (!planned.isBeginning || direction === "repeatable" || end - start > longest) return false;
  const text = planned.text.slice(start, end);
  if (!/\bdrop\b/i.test(text) || !/\b(?:exists|cascade)\b/i.test(text)) return false;
  const ahead: RunState = { ...run, defaults: new Map(run.defaults), left: undefined, cutShort: new Map() };
  const own = { ...facts, ...freshNotes() };
  runUnit(ahead, { ...planned, role: "history", isBeginning: false }, own, null);
  return ahead.cutShort.size === 0 && ahead.schema.isComplete;
}

/** A migration between its two ends, and what takes it back. */
interface RoundTrip {
  readonly before: Schema;
  readonly after: Schema;
  readonly back: readonly PlannedUnit[];
}

/** What the down of a unit leaves undone, told by running it behind the unit. Null: it cannot be told. */
function goBack(run: RunState, facts: UnitFacts, { before, after, back }: RoundTrip): WayBack | null {
  const defaults = new Map(run.defaults);
  const trial: RunState = { ...run, schema: after, defaults, left: undefined, cutShort: new Map() };
  for (const planned of back) {
    const own = { ...facts, path: planned.source.path, ...freshNotes() };
    runUnit(trial, { ...planned, role: "history", isBehindGap: false }, own, null);
  }
  return trial.cutShort.size > 0 ? null : compareWayBack(before, after, trial.schema);
}

/** Syntax errors are told of what is not judged, too: a broken down migration is found when it is needed most. */
function tellBroken(unitRun: UnitRun, world: World, source: ReadStatement, broken: Span[]): void {
  if (source.result.outcome === "syntax error") runStatement(unitRun, world, source, broken);
}

/** What the command runs is read as a file of its own, or not at all: either way nobody knows the world behind it. */
function runCommand({ run, facts, visitor, shownText }: UnitRun, world: World, span: Span): World {
  const command = shownText.slice(span.start, span.end);
  const reason = whyUnread(command, facts.path, (path) => run.files.has(path));
  if (reason !== null) visitor?.notUnderstood(span, reason, world, facts);
  facts.unread.is = true;
  return doubtWorld(world);
}

function runStatement(unitRun: UnitRun, world: World, source: ReadStatement, broken: Span[]): World {
  const { text, result, tokens } = source;
  const span = spanOf(source.source);
  const place = {
    text,
    shown: unitRun.shownText,
    span,
    outer: span,
    toFile: (offset: number) => offset,
    depth: 0,
    loop: "none" as const,
    mayBeSkipped: false,
    handled: null,
    ways: [],
    guard: null,
    guess: null,
    loopOver: "",
    isLast: span.start === unitRun.lastStart,
    isElsewhere: false,
    usesVariables: false,
  };
  if (result.outcome === "syntax error") broken.push(span);
  return runResult(unitRun, world, result, tokens, place);
}

/** For each statement that begins a message: how many statements the message has; 0 for the others. */
function messageSizes(statements: StatementList, breaks: readonly number[]): number[] {
  const sizes: number[] = [];
  let first = 0;
  let next = 0;
  for (let index = 0; index < statements.length; index++) {
    const { start } = statements.at(index);
    while (next < breaks.length && (breaks[next] ?? 0) <= start) {
      first = index;
      next++;
    }
    sizes.push(0);
    sizes[first] = (sizes[first] ?? 0) + 1;
  }
  return sizes;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/** Lexical problems that no statement's syntax error has shown already, such as a comment that never ends. */
function showProblems(
  problems: readonly LexicalProblem[],
  broken: readonly Span[],
  world: World,
  facts: UnitFacts,
  visitor: Visitor,
): void {
  // Both ascend: one walk along them, however many there are.
  let next = 0;
  for (const problem of problems) {
    while ((broken[next]?.end ?? problem.start) < problem.start) next++;
    if ((broken[next]?.start ?? problem.start + 1) <= problem.start) continue;
    const at = { start: problem.start, end: Math.min(problem.end, problem.start + 2) };
    const node = {
      kind: "syntax error" as const,
      message: problem.problem,
      at,
      span: at,
      tokens: [],
      text: "",
    };
    visitor.syntaxError(node, world, facts, null);
  }
}

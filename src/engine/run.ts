import { emptySchema, type Schema } from "../analysis/schema.ts";
import { isInTransaction, type Setting, startMessage } from "../analysis/session.ts";
import { foldWorld, type World } from "../analysis/world.ts";
import type { Statement } from "../model/statement.ts";
import type { ParseResult, Parser } from "../parse/parser.ts";
import type { StatementList } from "../sql/statement-list.ts";
import type { LexicalProblem, Token } from "../sql/token.ts";
import type { Span } from "../text/span.ts";
import { runBodies } from "./bodies.ts";
import { createContext, isNewRelation, type UnitFacts } from "./context.ts";
import { tellBrokenBody } from "./defined-bodies.ts";
import { doubtWorld } from "./doubt.ts";
import { noteEmptied } from "./emptied.ts";
import { type FileLimits, limitReached, openLimits } from "./file-limits.ts";
import { beginUnit, type Left } from "./going-on.ts";
import { orPlainName } from "./later-keywords.ts";
import type { EngineOptions, Source } from "./options.ts";
import { whyUnread } from "./psql-commands.ts";
import {
  isSchemaNeutral,
  type ReadStatement,
  readStatement,
  splitUnit,
  type UnitText,
} from "./statements.ts";
import { endSwallowed } from "./swallowed.ts";
import type { PlannedUnit } from "./units.ts";
import type { Place, Visitor } from "./visit.ts";
import { goBack } from "./way-back.ts";

/** What goes on from unit to unit. */
export interface RunState {
  readonly version: number;
  readonly parser: Parser;
  schema: Schema;
  transactionNumber: number;
  /** Settings that a session begins with: the configuration's, and ALTER ROLE / DATABASE ... SET of the history. */
  readonly defaults: Map<string, Setting>;
  /** What the unit before left to those behind it. */
  left: Left | undefined;
  readonly limits: FileLimits;
  /** Files that were not read to their end, and why. */
  readonly cutShort: Map<string, string>;
  /** The paths of all files that are read. */
  readonly files: ReadonlySet<string>;
}

/** What all statements of a unit share on their way through the loop. */
export interface UnitRun {
  readonly run: RunState;
  readonly facts: UnitFacts;
  readonly visitor: Visitor | null;
  /** The text that the spans of the unit's own statements refer to. */
  readonly fileText: string;
  /** The same before placeholders were filled. */
  readonly shownText: string;
  /** The bodies of routines that this unit creates, by `schema.name`: their calls are judged in place. */
  readonly routines: Map<string, Span>;
  /** The statement of the file that runs, how many routines it has run, and their bodies. */
  readonly followed: { by: Span | null; count: number; readonly routines: Set<string> };
  /** Where the last statement of the unit begins; null where there is none. */
  readonly lastStart: number | null;
}

/** `sources`: the files that are read, in whichever role. */
export function startRun(
  options: EngineOptions,
  version: number,
  parser: Parser,
  sources: readonly Source[],
): RunState {
  const defaults = new Map<string, Setting>();
  const configure = (name: string, value: string | undefined) => {
    if (value !== undefined) defaults.set(name, { value, scope: "configured", at: null });
  };
  configure("lock_timeout", options.session?.lockTimeout);
  configure("statement_timeout", options.session?.statementTimeout);
  const schema = emptySchema();
  return {
    version,
    parser,
    schema,
    transactionNumber: 0,
    defaults,
    left: undefined,
    limits: openLimits(options),
    cutShort: new Map(),
    files: new Set(sources.map(({ path }) => path)),
  };
}

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
    routines: new Map(),
    followed: { by: null, count: 0, routines: new Set() },
    lastStart: read.statements.length === 0 ? null : read.statements.at(read.statements.length - 1).start,
  };
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
    run.schema = world.schema;
    run.left = { planned, release: facts.release, world };
  }
  run.transactionNumber = Math.max(run.transactionNumber, world.session.transactionNumber + 1);
  return read;
}

/**
 * Whether the file must not be read on; asked before each statement. A file that was not read to its end must not pass: what
 * hides behind the limit is nobody's to decide. It is told once.
 */
export function isCutShort({ run, facts, visitor }: UnitRun, world: World, { start, end }: Span): boolean {
  const reason = limitReached(run.limits, facts.path, visitor?.told?.() ?? 0);
  if (reason === null) return false;
  if (!run.cutShort.has(facts.path)) {
    run.cutShort.set(facts.path, reason);
    visitor?.notUnderstood({ start, end }, reason, world, facts);
  }
  return true;
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
    mayBeCaught: false,
    loopOver: "",
    isLast: span.start === unitRun.lastStart,
    isElsewhere: false,
    usesVariables: false,
  };
  if (result.outcome === "syntax error") broken.push(span);
  return runResult(unitRun, world, result, tokens, place);
}

/** A parser's answer on its way through the loop; also for SQL inside bodies. */
export function runResult(
  unitRun: UnitRun,
  world: World,
  parsed: ParseResult,
  tokens: readonly Token[],
  place: Place,
): World {
  const { visitor, facts } = unitRun;
  const result = orPlainName(parsed, place.text, tokens, unitRun.run.version);
  if (result.outcome === "not understood") {
    visitor?.notUnderstood(place.span, result.reason, world, facts);
    return doubtWorld(world);
  }
  if (result.outcome === "syntax error") {
    const { message, at } = result;
    const { text, span } = place;
    visitor?.syntaxError({ kind: "syntax error", message, at, span, tokens, text }, world, facts, place);
    return doubtWorld(endSwallowed(world, tokens, { ...facts, text }));
  }
  return runParsed(unitRun, world, result.statement, place);
}

function runParsed(unitRun: UnitRun, world: World, statement: Statement, place: Place): World {
  const { run, facts, visitor } = unitRun;
  const context = createContext(statement, world, facts, place);
  visitor?.statement({ statement, world, context, facts, place });
  noteEmptied(facts.emptied, statement, place.depth > 0);
  noteSettings(run, statement);
  tellBrokenBody(unitRun, world, statement, place);
  const after = runBodies(unitRun, world, statement, place);
  // Locks are remembered only where they outlive their statement and somebody looks.
  const effects = visitor !== null && isInTransaction(world.session) ? context.effects : null;
  const next = foldWorld(after, statement, effects, {
    unit: facts.unit,
    release: facts.release,
    version: run.version,
    mayBeSkipped: place.mayBeSkipped,
    text: place.text,
    isNew: (relation, schema) => isNewRelation(relation, schema, facts),
  });
  visitor?.moved?.(next);
  return next;
}

/** ALTER ROLE and ALTER DATABASE ... SET hold from the next session on. */
function noteSettings(run: RunState, statement: Statement): void {
  if (statement.kind !== "alter role set" && statement.kind !== "alter database set") return;
  if (statement.value === null) run.defaults.delete(statement.name);
  else run.defaults.set(statement.name, { value: statement.value, scope: "role", at: null });
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

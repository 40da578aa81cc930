import { emptySchema, type Schema } from "../analysis/schema.ts";
import { isInTransaction, type Setting, startMessage } from "../analysis/session.ts";
import { foldWorld, openWorld, type World } from "../analysis/world.ts";
import type { Statement } from "../model/statement.ts";
import type { Parser } from "../parse/parser.ts";
import type { LexicalProblem } from "../sql/token.ts";
import { createContext, type UnitFacts } from "./context.ts";
import type { EngineOptions } from "./options.ts";
import { isSchemaNeutral, readStatements, type UnitStatement, type UnitText } from "./statements.ts";
import type { PlannedUnit } from "./units.ts";
import type { Visitor } from "./visit.ts";

/** What goes on from unit to unit. */
export interface RunState {
  readonly version: number;
  readonly parser: Parser;
  schema: Schema;
  transactionNumber: number;
  /** Settings that a session begins with: the configuration's, and ALTER ROLE / DATABASE ... SET of the history. */
  readonly defaults: Map<string, Setting>;
}

export function startRun(options: EngineOptions, version: number, parser: Parser): RunState {
  const defaults = new Map<string, Setting>();
  const configure = (name: string, value: string | undefined) => {
    if (value !== undefined) defaults.set(name, { value, scope: "configured" });
  };
  configure("lock_timeout", options.session?.lockTimeout);
  configure("statement_timeout", options.session?.statementTimeout);
  return { version, parser, schema: emptySchema(), transactionNumber: 0, defaults };
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
  const read = readStatements(text, unit, unit.breaks, run.parser);
  const isWrapped = unit.transaction === "file" || unit.transaction === "run";
  let world = openWorld(run.schema, isWrapped ? "runner" : "autocommit", run.transactionNumber, run.defaults);
  const messages = unit.transaction === "message" ? messageSizes(read.statements, unit.breaks) : null;
  const reported: SpanSet = [];
  read.statements.forEach((statement, index) => {
    const size = messages?.[index] ?? 0;
    if (size > 0) world = { ...world, session: startMessage(world.session, size) };
    world = runStatement(run, world, statement, facts, visitor, reported);
  });
  visitor?.end(world, facts, unit);
  if (visitor !== null) showProblems(read.problems, reported, world, facts, visitor);
  run.schema = world.schema;
  run.transactionNumber = world.session.transactionNumber + 1;
  return read;
}

type SpanSet = { readonly start: number; readonly end: number }[];

function runStatement(
  run: RunState,
  world: World,
  source: UnitStatement,
  facts: UnitFacts,
  visitor: Visitor | null,
  reported: SpanSet,
): World {
  if (visitor === null && isSchemaNeutral(source)) return world;
  const result = source.result();
  if (result.outcome === "not understood") {
    visitor?.notUnderstood(source.span, result.reason, world, facts);
    return world;
  }
  if (result.outcome === "syntax error") {
    reported.push(source.span);
    const { message, at } = result;
    visitor?.syntaxError(
      { kind: "syntax error", message, at, span: source.span, tokens: source.tokens(), text: source.text },
      world,
      facts,
    );
    return world;
  }
  return runParsed(run, world, result.statement, source, facts, visitor);
}

function runParsed(
  run: RunState,
  world: World,
  statement: Statement,
  source: UnitStatement,
  facts: UnitFacts,
  visitor: Visitor | null,
): World {
  const { text } = source;
  const context = createContext(statement, world, facts, text);
  const { span } = source;
  visitor?.statement({ statement, outer: span, world, context, facts, text, span, toFile: sameOffset });
  if (statement.kind === "alter role set" || statement.kind === "alter database set") {
    if (statement.value === null) run.defaults.delete(statement.name);
    else run.defaults.set(statement.name, { value: statement.value, scope: "role" });
  }
  // Locks are remembered only where they outlive their statement and somebody looks.
  const effects = visitor !== null && isInTransaction(world.session) ? context.effects : null;
  return foldWorld(world, statement, effects, {
    unit: facts.unit,
    release: facts.release,
    version: run.version,
    text,
  });
}

function sameOffset(offset: number): number {
  return offset;
}

/** For each statement that begins a message: how many statements the message has; 0 for the others. */
function messageSizes(statements: readonly UnitStatement[], breaks: readonly number[]): number[] {
  const sizes = statements.map(() => 0);
  let first = 0;
  let next = 0;
  statements.forEach((statement, index) => {
    while (next < breaks.length && (breaks[next] ?? 0) <= statement.span.start) {
      first = index;
      next++;
    }
    sizes[first] = (sizes[first] ?? 0) + 1;
  });
  return sizes;
}

/** Lexical problems that no statement's syntax error has shown already, such as a comment that never ends. */
function showProblems(
  problems: readonly LexicalProblem[],
  reported: SpanSet,
  world: World,
  facts: UnitFacts,
  visitor: Visitor,
): void {
  for (const problem of problems) {
    if (reported.some((span) => problem.start >= span.start && problem.start <= span.end)) continue;
    const at = { start: problem.start, end: Math.min(problem.end, problem.start + 2) };
    const node = {
      kind: "syntax error" as const,
      message: problem.problem,
      at,
      span: at,
      tokens: [],
      text: "",
    };
    visitor.syntaxError(node, world, facts);
  }
}

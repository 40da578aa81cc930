import type { UserFunction } from "../analysis/entities.ts";
import { enterBody, foldBodyCommit, leaveBody, searchPathOf } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import type { Call } from "../model/expression.ts";
import type { Statement } from "../model/statement.ts";
import { type BodyStep, type EmbeddedSql, isUnknownName, parseBody } from "../parse/plpgsql.ts";
import type { Loop } from "../rule.ts";
import { splitStatements } from "../sql/split.ts";
import { statementTokens, textOf } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";
import { namesAny, variablesOf } from "./body-variables.ts";
import { callsOf, givenValues } from "./calls.ts";
import { doubtWorld, isUnread, leaveUnread, mayTakeParts } from "./doubt.ts";
import { joinQueries, loopOf, queryOf } from "./loops.ts";
import { isCutShort, runResult, type UnitRun } from "./run.ts";
import { type RunningBody, unknownString, whyUnsure } from "./running-body.ts";
import type { Place } from "./visit.ts";

/** Bodies in bodies are followed this deep: blocks that make blocks, routines that call each other. */
const deepest = 4;

/** So many bodies of routines are followed for one statement: where each calls many, that grows with every level. */
const mostRoutines = 200;

/** What no query waits for. */
const idle: ReadonlySet<Statement["kind"]> = new Set(["grant", "revoke", "comment"]);

/** The world after the bodies that a statement runs: of a DO block, and of routines that the history knows. */
export function runBodies(unitRun: UnitRun, world: World, statement: Statement, place: Place): World {
  if (statement.kind === "create function") noteRoutine(unitRun, statement, place, world);
  if (place.depth >= deepest) {
    return tellDeep(unitRun, world, statement, place);
  }
  let after = callsOf(statement).some((call) => isUnread(call, world.schema)) ? doubtWorld(world) : world;
  for (const body of bodiesOf(unitRun, world, statement, place)) {
    const inner = { ...after, session: enterBody(after.session) };
    const end = runSteps(unitRun, inner, body, body.steps, place, place.loop);
    after = { ...end, session: leaveBody(end.session, after.session) };
  }
  const { followed } = unitRun;
  if (followed.by === place.outer && followed.count > mostRoutines) after = doubtWorld(after);
  return after;
}

/** What is not followed could do anything; only routines that the statement has run already hide nothing. */
function tellDeep(unitRun: UnitRun, world: World, statement: Statement, place: Place): World {
  const isHidden = (call: Call) => {
    const routine = routineOf(world, call);
    return routine !== null && !unitRun.followed.routines.has(routine.body);
  };
  if (statement.kind !== "do" && !callsOf(statement).some(isHidden)) return world;
  const reason = `it lies in more than ${deepest} bodies, one in the other`;
  unitRun.visitor?.notUnderstood(place.span, reason, world, unitRun.facts);
  return doubtWorld(world);
}

function noteRoutine(
  unitRun: UnitRun,
  statement: Statement & { kind: "create function" },
  place: Place,
  world: World,
): void {
  if (statement.body === null || place.depth > 0) return;
  unitRun.routines.set(
    keyOf(statement.function.schema?.name ?? null, statement.function.name.name, world),
    statement.body,
  );
}

function keyOf(schema: string | null, name: string, world: World): string {
  return `${schema ?? searchPathOf(world.session)[0] ?? "public"}.${name}`;
}

function* bodiesOf(
  unitRun: UnitRun,
  world: World,
  statement: Statement,
  place: Place,
): Iterable<RunningBody> {
  if (statement.kind === "do") {
    const steps = parseBody(place.text, statement.body, statement.language);
    yield {
      steps,
      isElsewhere: false,
      isOfCall: false,
      variables: variablesOf(steps),
      mayCommit: true,
      toFile: place.toFile,
    };
    return;
  }
  for (const call of callsOf(statement)) {
    const routine = routineOf(world, call);
    if (routine === null) continue;
    if (!mayFollow(unitRun, place, world, routine)) return;
    yield routineBody(unitRun, routine, givenValues(call, routine.parameters), place);
  }
}

/** Counts the routines that a statement of the file has run so far. What is not followed is told, once. */
function mayFollow(unitRun: UnitRun, { outer }: Place, world: World, routine: Routine): boolean {
  const { followed, visitor, facts } = unitRun;
  if (followed.by !== outer) {
    followed.by = outer;
    followed.count = 0;
    followed.routines.clear();
  }
  followed.count++;
  followed.routines.add(routine.body);
  if (followed.count === mostRoutines + 1) {
    const reason = `it runs more than ${mostRoutines} routines, and those behind them are not read`;
    visitor?.notUnderstood(outer, reason, world, facts);
  }
  return followed.count <= mostRoutines;
}

/** A routine whose body the history has. */
type Routine = UserFunction & { readonly body: string };

function routineOf(world: World, call: Call): Routine | null {
  const found = world.schema.findFunctions({ schema: call.schema, name: call.name });
  const routine = found.find((one) => one.argumentCount === call.arguments.length) ?? found[0];
  return routine === undefined || routine.body === null ? null : { ...routine, body: routine.body };
}

/** The body of a routine: read where this unit defines it, else from the history, told at the call. */
function routineBody(
  unitRun: UnitRun,
  routine: Routine,
  given: ReadonlyMap<string, string>,
  place: Place,
): RunningBody {
  const here = unitRun.routines.get(`${routine.schema}.${routine.name}`);
  const fileText = unitRun.fileText;
  const mayCommit = routine.kind === "procedure" && !routine.isGuarded;
  const isOfCall = given.size > 0;
  if (here !== undefined && fileText.slice(here.start, here.end) === routine.body) {
    const steps = parseBody(fileText, here, routine.language, given);
    return {
      steps,
      isElsewhere: false,
      isOfCall,
      variables: variablesOf(steps, routine),
      mayCommit,
      toFile: (offset) => offset,
    };
  }
  const whole = { start: 0, end: routine.body.length };
  const steps = parseBody(routine.body, whole, routine.language, given);
  return {
    steps,
    isElsewhere: true,
    isOfCall,
    variables: variablesOf(steps, routine),
    mayCommit,
    toFile: () => place.span.start,
  };
}

function runSteps(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  steps: readonly BodyStep[],
  place: Place,
  loop: Loop,
): World {
  let after = world;
  for (const step of steps) {
    // A body may be as long as a file.
    if (isCutShort(unitRun, after, place.outer)) break;
    after = runStep(unitRun, after, body, step, place, loop);
  }
  return after;
}

/** Arms of a branch may run, handlers too: their statements are judged one after the other, as if all of them did. */
function runStep(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  step: BodyStep,
  place: Place,
  loop: Loop,
): World {
  switch (step.kind) {
    case "sql":
    case "perform":
    case "call":
      return runEmbedded(unitRun, world, body, step.sql, place, loop);
    case "execute":
      if (step.sql === null) return tell(unitRun, world, body, step.span, unknownString);
      return runEmbedded(unitRun, world, body, step.sql, place, loop, whyUnsure(step, body, place));
    case "branch": {
      const inner = { ...place, mayBeSkipped: true };
      return step.arms.reduce((before, arm) => runSteps(unitRun, before, body, arm, inner, loop), world);
    }
    case "loop": {
      const start = step.source === null ? world : runStep(unitRun, world, body, step.source, place, loop);
      const loopOver = joinQueries(place.loopOver, queryOf(step.source));
      const inner = { ...place, loopOver, mayBeSkipped: true };
      const next = loopOf(step, loop, world, place.mayBeCaught);
      return runSteps(unitRun, start, body, step.body, inner, next);
    }
    case "block": {
      const guarded = step.handlers.length > 0 ? { ...place, mayBeCaught: true } : place;
      const main = runSteps(unitRun, world, body, step.body, guarded, loop);
      return step.handlers.reduce(
        (before, handler) =>
          runSteps(unitRun, before, body, handler.body, { ...place, mayBeSkipped: true }, loop),
        main,
      );
    }
    case "commit":
    case "rollback":
      if (!body.mayCommit || world.session.transaction !== "body") unitRun.visitor?.commitRefused?.(place);
      // In a subtransaction the server refuses it.
      return place.mayBeCaught ? world : { ...world, session: foldBodyCommit(world.session) };
    case "opaque":
      return tell(unitRun, world, body, step.span, step.reason);
    case "expression":
    case "return":
    case "raise":
      return world;
  }
}

function tell(unitRun: UnitRun, world: World, body: RunningBody, span: Span, reason: string): World {
  unitRun.visitor?.notUnderstood(spanInFile(span, body), reason, world, unitRun.facts);
  return doubtWorld(world);
}

function spanInFile(span: Span, body: RunningBody): Span {
  const start = body.toFile(span.start);
  return { start, end: Math.max(start, body.toFile(Math.max(span.start, span.end - 1)) + 1) };
}

function runEmbedded(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  embedded: EmbeddedSql,
  place: Place,
  loop: Loop,
  unsure: string | null = null,
): World {
  const { sql } = embedded;
  const toFile = (offset: number) => body.toFile(embedded.toFile(offset));
  let after = world;
  for (const statement of splitStatements(sql).statements) {
    if (statement.kind !== "sql") continue;
    const tokens = statementTokens(sql, statement);
    const parsed = unitRun.run.parser.parse({ text: sql, statement, tokens });
    // A routine of the history may be meant for the very table that this file creates: its name decides.
    const isUnknown = tokens.some((token) => isUnknownName(textOf(sql, token)));
    // Where parts of the string are unknown, what does not parse says nothing about what will run.
    const reason = unsure ?? (isUnknown ? unknownString : null);
    const result =
      parsed.outcome === "syntax error" && reason !== null
        ? ({ outcome: "not understood", reason } as const)
        : parsed;
    const known = result.outcome === "statement" ? result.statement : null;
    if (known === null || (isUnknown && mayTakeParts(known))) after = doubtWorld(after);
    if (isUnknown && body.isElsewhere) {
      // What no query waits for needs no judging, whichever table it is for.
      if (known !== null && idle.has(known.kind)) continue;
      const reason = "EXECUTE for a table that is named at run time";
      unitRun.visitor?.notUnderstood(spanInFile(embedded.span, body), reason, after, unitRun.facts);
      after = leaveUnread(after);
      continue;
    }
    const start = toFile(statement.start);
    const end = Math.max(start, toFile(Math.max(statement.start, statement.end - 1)) + 1);
    const isElsewhere = place.isElsewhere || body.isElsewhere;
    const span = isElsewhere ? place.span : { start, end };
    after = runResult(unitRun, after, result, tokens, {
      ...place,
      text: sql,
      shown: sql,
      span,
      toFile,
      depth: place.depth + 1,
      loop,
      isLast: false,
      isElsewhere,
      usesVariables: namesAny(sql, tokens, body.variables),
    });
  }
  return after;
}

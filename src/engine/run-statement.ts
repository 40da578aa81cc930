import { type Effects, isOfNames } from "../analysis/effect.ts";
import { enterBody, foldBodyCommit, isInTransaction, leaveBody } from "../analysis/session.ts";
import { foldWorld, type World } from "../analysis/world.ts";
import { isStandIn } from "../model/stand-in.ts";
import type { Statement } from "../model/statement.ts";
import type { ParseResult } from "../parse/parser.ts";
import {
  type BodyStep,
  type EmbeddedSql,
  type EmbeddedStatement,
  leaves,
  parseEmbedded,
  type StepOf,
} from "../parse/plpgsql.ts";
import type { Token } from "../sql/token.ts";
import { textOf } from "../sql/tokens.ts";
import { moveSpan, type Span } from "../text/span.ts";
import { bodiesOf, hasLeftOut, isTooDeep, noteRoutine, tellDeep } from "./bodies.ts";
import { readExpression } from "./body-expressions.ts";
import { namesAny } from "./body-variables.ts";
import { callsOf } from "./calls.ts";
import { createContext, isNewRelation } from "./context.ts";
import { tellBrokenBody } from "./defined-bodies.ts";
import { doubtWorld, isUnread, leaveUnread, mayTakeParts } from "./doubt.ts";
import { noteEmptied } from "./emptied.ts";
import { joinQueries, loopOf, queryOf } from "./loops.ts";
import { type Place, placeOf } from "./place.ts";
import { isCutShort, type RunState, type UnitRun } from "./run-state.ts";
import { type RunningBody, unknownString, whyUnsure } from "./running-body.ts";
import { endSwallowed } from "./swallowed.ts";

/** What no query waits for. */
const idle: ReadonlySet<Statement["kind"]> = new Set(["grant", "revoke", "comment"]);

/** A parser's answer on its way through the loop; also for SQL inside bodies. */
export function runResult(
  unitRun: UnitRun,
  world: World,
  result: ParseResult,
  tokens: readonly Token[],
  place: Place,
): World {
  const { visitor, facts } = unitRun;
  if (result.outcome === "not understood") {
    const inside = place.depth > 0 ? { sql: place.isElsewhere ? place.shown : null } : undefined;
    visitor?.notUnderstood(place.span, result.reason, world, facts, inside);
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
  if (visitor !== null && place.depth === 0 && world.schema.hasGone)
    unitRun.usedGone.is ||= context.effects.fails?.isGone === true;
  noteEmptied(facts.emptied, statement, place.depth > 0);
  noteSettings(run, statement);
  tellBrokenBody(unitRun, world, statement, place);
  const after = runBodies(unitRun, world, statement, place);
  // Locks are remembered only where they outlive their statement and somebody looks.
  const effects = visitor !== null && isInTransaction(world.session) ? context.effects : null;
  // One branch of a body is written for what the other refuses.
  const isHeld = effects !== null && (place.mayBeSkipped || !isRefused(effects));
  const next = foldWorld(after, statement, isHeld ? effects : null, {
    unit: facts.unit,
    release: facts.release,
    version: run.version,
    mayBeSkipped: place.mayBeSkipped,
    // A body may have returned before it comes to it, and a handler may take it back.
    mayBeUndone: place.depth > 0,
    where: () => placeOf(unitRun.lines, facts.path, statement, place),
    text: place.text,
    isNew: (relation, schema) => isNewRelation(relation, schema, facts),
  });
  visitor?.moved?.(next);
  return next;
}

/**
 * What the server is sure to refuse holds no locks after it. A newer server than the target may take it, and what is missing, or
 * there already, as far as the history tells, may be otherwise on the server.
 */
function isRefused({ fails, uncertain }: Effects): boolean {
  if (fails === null || uncertain !== null || fails.lacks !== undefined) return false;
  return !isOfNames(fails);
}

/** ALTER ROLE and ALTER DATABASE ... SET hold from the next session on. */
function noteSettings(run: RunState, statement: Statement): void {
  if (statement.kind !== "alter role set" && statement.kind !== "alter database set") return;
  if (statement.value === null) run.defaults.delete(statement.name);
  else run.defaults.set(statement.name, { value: statement.value, scope: "role", at: null });
}

/** The world after the bodies that a statement runs: of a DO block, and of routines that the history knows. */
function runBodies(unitRun: UnitRun, world: World, statement: Statement, place: Place): World {
  if (statement.kind === "create function") noteRoutine(unitRun, statement, place, world);
  if (isTooDeep(place)) return tellDeep(unitRun, world, statement, place);
  let after = callsOf(statement).some((call) => isUnread(call, world.schema)) ? doubtWorld(world) : world;
  for (const body of bodiesOf(unitRun, world, statement, place)) {
    const inner = { ...after, session: enterBody(after.session) };
    const end = runSteps(unitRun, inner, body, body.steps, place);
    after = { ...end, session: leaveBody(end.session, after.session) };
  }
  return hasLeftOut(unitRun, place) ? doubtWorld(after) : after;
}

function runSteps(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  steps: readonly BodyStep[],
  place: Place,
): World {
  let after = world;
  for (const step of steps) {
    // A body may be as long as a file.
    if (isCutShort(unitRun, after, place.outer)) break;
    after = runStep(unitRun, after, body, step, place);
    if (leaves(step)) break;
  }
  return after;
}

/** Arms of a branch may run, handlers too: their statements are judged one after the other, as if all of them did. */
function runStep(unitRun: UnitRun, world: World, body: RunningBody, step: BodyStep, place: Place): World {
  switch (step.kind) {
    case "sql":
    case "perform":
    case "call":
      return runEmbedded(unitRun, world, body, step.sql, place);
    case "execute":
      if (step.sql === null) return tell(unitRun, world, body, step.span, unknownString);
      return runEmbedded(unitRun, world, body, step.sql, place, whyUnsure(step, body, place));
    case "branch": {
      const inner = { ...place, mayBeSkipped: true };
      const asked = step.conditions.reduce(
        (before, sql, k) => runExpression(unitRun, before, body, sql, k > 0 ? inner : place),
        world,
      );
      return step.arms.reduce((before, arm) => runSteps(unitRun, before, body, arm, inner), asked);
    }
    case "loop":
      return runLoop(unitRun, world, body, step, place);
    case "block": {
      const conditions = step.handlers.flatMap((handler) => handler.conditions);
      const guarded =
        step.handlers.length > 0 ? { ...place, handled: [...(place.handled ?? []), ...conditions] } : place;
      const main = runSteps(unitRun, world, body, step.body, guarded);
      const skipped = { ...place, mayBeSkipped: true };
      return step.handlers.reduce(
        (before, handler) => runSteps(unitRun, before, body, handler.body, skipped),
        main,
      );
    }
    case "commit":
    case "rollback":
      if (!body.mayCommit || world.session.transaction !== "body") unitRun.visitor?.commitRefused?.(place);
      // In a subtransaction the server refuses it.
      return place.handled !== null ? world : { ...world, session: foldBodyCommit(world.session) };
    case "opaque":
      return tell(unitRun, world, body, step.span, step.reason);
    case "expression":
    case "return":
      return step.sql === null ? world : runExpression(unitRun, world, body, step.sql, place);
    case "raise":
      return world;
  }
}

/** A loop over a list that is written out runs round by round, any other as if it had one. */
function runLoop(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  step: StepOf<"loop">,
  place: Place,
): World {
  const start = step.source === null ? world : runStep(unitRun, world, body, step.source, place);
  const inner = {
    ...place,
    loop: loopOf(step, place.loop, world, place.handled !== null),
    loopOver: joinQueries(place.loopOver, queryOf(step.source)),
    mayBeSkipped: place.mayBeSkipped || step.isSure !== true,
  };
  if (step.rounds === undefined) return runSteps(unitRun, start, body, step.body, inner);
  const rounds = [step.body, ...step.rounds];
  // In a loop around it, each round has rounds of its own.
  const first = (place.round ?? 0) * rounds.length;
  return rounds.reduce(
    (before, steps, k) => runSteps(unitRun, before, body, steps, { ...inner, round: first + k }),
    start,
  );
}

/** An expression is worked out by a query of its own: what it reads, and the routines that it calls, count. */
function runExpression(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  embedded: EmbeddedSql,
  place: Place,
): World {
  const read = readExpression(embedded.sql, world, unitRun.run.parser);
  return read === null ? world : runEmbeddedStatement(unitRun, world, body, embedded, read, place);
}

function tell(unitRun: UnitRun, world: World, body: RunningBody, span: Span, reason: string): World {
  unitRun.visitor?.notUnderstood(moveSpan(span, body.toFile), reason, world, unitRun.facts, { sql: null });
  return doubtWorld(world);
}

/**
 * Judges a statement of which it is known what it locks, whatever else of it only the run tells; what it leaves behind has names
 * that nobody knows. False where it is not known.
 */
function judgeNameless(unitRun: UnitRun, world: World, statement: Statement | null, place: Place): boolean {
  const { facts, visitor } = unitRun;
  if (statement === null) return false;
  const context = createContext(statement, world, facts, place);
  const { locks } = context.effects;
  if (locks.length === 0 || locks.some(({ relation }) => isStandIn(relation))) return false;
  visitor?.statement({ statement, world, context, facts, place });
  return true;
}

/** `unsure`: why what does not parse may not be what runs. */
function runEmbedded(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  embedded: EmbeddedSql,
  place: Place,
  unsure: string | null = null,
): World {
  let after = world;
  for (const one of parseEmbedded(unitRun.run.parser, embedded.sql))
    after = runEmbeddedStatement(unitRun, after, body, embedded, one, place, unsure);
  return after;
}

function runEmbeddedStatement(
  unitRun: UnitRun,
  world: World,
  body: RunningBody,
  embedded: EmbeddedSql,
  { source, tokens, result: parsed }: EmbeddedStatement,
  place: Place,
  unsure: string | null = null,
): World {
  const { sql } = embedded;
  const toFile = (offset: number) => body.toFile(embedded.toFile(offset));
  // A routine of the history may be meant for the very table that this file creates: its name decides.
  const isUnknown = tokens.some((token) => isStandIn(textOf(sql, token)));
  // Where parts of the string are unknown, what does not parse says nothing about what will run.
  const reason = unsure ?? (isUnknown ? unknownString : null);
  const result =
    parsed.outcome === "syntax error" && reason !== null
      ? ({ outcome: "not understood", reason } as const)
      : parsed;
  const known = result.outcome === "statement" ? result.statement : null;
  const before = known === null || (isUnknown && mayTakeParts(known)) ? doubtWorld(world) : world;
  const isElsewhere = place.isElsewhere || body.isElsewhere;
  const own: Place = {
    ...place,
    text: sql,
    shown: sql,
    span: isElsewhere ? place.span : moveSpan(source, toFile),
    toFile,
    depth: place.depth + 1,
    isLast: false,
    isElsewhere,
    // What is for one round is not for the others.
    usesVariables: place.round !== undefined || namesAny(sql, tokens, body.variables),
    variables: body.variables,
    values: embedded.values ?? new Map(),
  };
  if (!isUnknown || !body.isElsewhere) return runResult(unitRun, before, result, tokens, own);
  // What no query waits for needs no judging, whichever table it is for.
  if (known !== null && idle.has(known.kind)) return before;
  if (!judgeNameless(unitRun, before, known, own)) {
    const why = known === null ? unknownString : "EXECUTE for a table that is named at run time";
    const span = moveSpan(embedded.span, body.toFile);
    unitRun.visitor?.notUnderstood(span, why, before, unitRun.facts, { sql });
  }
  return leaveUnread(before);
}

import { withGap, withSearchPath } from "../analysis/schema.ts";
import { enterBody, isInTransaction, leaveBody, searchPathOf } from "../analysis/session.ts";
import { refusalOf } from "../analysis/session-refusals.ts";
import { foldWorld, type World } from "../analysis/world.ts";
import type { Statement } from "../model/statement.ts";
import type { ParseResult } from "../parse/parser.ts";
import type { Token } from "../sql/token.ts";
import { bodiesOf, hasLeftOut, isTooDeep, noteRoutine, tellDeep } from "./bodies.ts";
import { callsOf } from "./calls.ts";
import { createContext } from "./context.ts";
import { tellBrokenBody } from "./defined-bodies.ts";
import { doubtWorld, isToldToChange, isUnread } from "./doubt.ts";
import { noteEmptied } from "./emptied.ts";
import { isNewRelation } from "./new-relations.ts";
import { type Place, placeOf } from "./place.ts";
import { isRefused, leaveRefused, noteRefused } from "./refused.ts";
import { runBody } from "./run-body.ts";
import type { RunState, UnitRun } from "./run-state.ts";
import { endSwallowed } from "./swallowed.ts";

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
    unitRun.hasRefused.is ||= visitor?.leavesRefused === true;
    visitor?.syntaxError({ kind: "syntax error", message, at, span, tokens, text }, world, facts, place);
    return doubtWorld(endSwallowed(world, tokens, { text, ...facts }));
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
  if (place.guard !== null) {
    const { effects } = context;
    const fails = refusalOf(statement, effects, world.session, place.text);
    const isSure = effects.uncertain === null && !world.schema.hasUnread && fails?.lacks === undefined;
    if (fails !== null) noteRefused(place, fails.sqlstate, isSure);
  }
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
    ...(place.values !== undefined && { values: place.values }),
    isNew: (relation, schema) => isNewRelation(relation, schema, facts),
  });
  visitor?.moved?.(next);
  const isLeft =
    visitor?.leavesRefused === true &&
    place.depth === 0 &&
    place.mayBeSkipped !== true &&
    (isRefused(context.effects) || visitor.hasStopped?.() === true);
  if (!isLeft) return next;
  unitRun.hasRefused.is = true;
  return leaveRefused(world, next);
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
  const calls = callsOf(statement);
  let after = calls.some((call) => isUnread(call, world.schema)) ? doubtWorld(world) : world;
  if (calls.some((call) => isToldToChange(call, world.schema)))
    after = { ...after, schema: withGap(after.schema) };
  for (const body of bodiesOf(unitRun, world, statement, place)) {
    const inner = along({ ...after, session: enterBody(after.session, body.settings) });
    const end = runBody({ unitRun, body, runResult }, inner, place);
    after = along({ ...end, session: leaveBody(end.session, after.session, body.settings) });
  }
  return hasLeftOut(unitRun, place) ? doubtWorld(after) : after;
}

/** The world with names looked up as its session does. */
function along(world: World): World {
  const schema = withSearchPath(world.schema, searchPathOf(world.session));
  return schema === world.schema ? world : { ...world, schema };
}

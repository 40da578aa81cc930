import { sqlstateOf } from "../analysis/facts/conditions.ts";
import type { World } from "../analysis/world.ts";
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
import { readExpression } from "./body-expressions.ts";
import { endTransaction } from "./body-transactions.ts";
import { namesAny } from "./body-variables.ts";
import {
  asksForVersion,
  changesNames,
  doubtWorld,
  leaveUnread,
  looksUp,
  mayTakeParts,
  mayTakeViews,
} from "./doubt.ts";
import { joinQueries, loopOf, queryOf } from "./loops.ts";
import { muted } from "./muted.ts";
import { judgeNameless } from "./nameless.ts";
import { fillOpen } from "./open-strings.ts";
import type { Place } from "./place.ts";
import { noteRefused } from "./refused.ts";
import { isCutShort, type UnitRun } from "./run-state.ts";
import { type RunningBody, unknownString, whyUnsure } from "./running-body.ts";
import { isHeard } from "./visit.ts";

/** A body on its way through the loop, as it is handed over. */
type StartedBody = Omit<BodyRun, "left" | "isHandler">;

interface BodyRun {
  readonly unitRun: UnitRun;
  readonly body: RunningBody;
  /** Whether some way through what ran so far has left the body. */
  readonly left: { mayHave: boolean };
  /** Whether it runs a handler. */
  readonly isHandler: boolean;
  /** Judges and runs a statement of it, which may run bodies in its turn. */
  readonly runResult: (
    unitRun: UnitRun,
    world: World,
    result: ParseResult,
    tokens: readonly Token[],
    place: Place,
  ) => World;
}

/** What no query waits for. */
const idle: ReadonlySet<Statement["kind"]> = new Set(["grant", "revoke", "comment"]);

/** The world behind a body that the statement at this place runs. */
export function runBody(started: StartedBody, world: World, place: Place): World {
  const run = { left: { mayHave: false }, ...started, isHandler: false };
  const asksVersion = place.asksVersion ?? asksForVersion(run.unitRun.fileText, place.outer);
  const isReadLate = place.depth > 0;
  return runSteps(run, world, run.body.steps, { ...place, asksVersion, isReadLate });
}

function runSteps(run: BodyRun, world: World, steps: readonly BodyStep[], place: Place): World {
  let after = world;
  for (const [k, step] of steps.entries()) {
    // A body may be as long as a file.
    if (isCutShort(run.unitRun, after, place.outer)) break;
    const before = after;
    after = runStep(run, after, step, place);
    if (step.kind === "return") run.left.mayHave ||= place.mayBeSkipped;
    if (leaves(step)) break;
    const rest = steps.slice(k + 1);
    const passed = step.kind === "branch" && rest.length > 0 ? passBy(run, before, after, step, place) : null;
    if (passed === null) continue;
    // Behind the body any of it may be there.
    runSteps(run, passed, rest, place);
    return runSteps(muted(run), after, rest, place);
  }
  return after;
}

/** The world without what the arms of a branch made and dropped before they left the body: what follows runs where none did. */
function passBy(
  run: BodyRun,
  before: World,
  after: World,
  { arms }: StepOf<"branch">,
  place: Place,
): World | null {
  const left = arms.filter((arm) => !arm.some(leaves));
  if (left.length === arms.length || after.schema === before.schema || !isHeard(run.unitRun.visitor))
    return null;
  const inner = { ...place, mayBeSkipped: true };
  return left.reduce((world, arm) => runSteps(muted(run), world, arm, inner), before);
}

/** Arms of a branch may run, handlers too: their statements are judged one after the other, as if all of them did. */
function runStep(run: BodyRun, world: World, step: BodyStep, place: Place): World {
  const { body } = run;
  switch (step.kind) {
    case "sql":
    case "perform":
    case "call":
      return runEmbedded(run, world, step.sql, place);
    case "execute":
      if (step.sql === null) return tell(run, world, step.span, unknownString);
      return runEmbedded(run, world, step.sql, { ...place, isReadLate: true }, whyUnsure(step, body, place));
    case "branch": {
      const inner = { ...place, mayBeSkipped: true };
      const asked = step.conditions.reduce(
        (before, sql, k) => runExpression(run, before, sql, k > 0 ? inner : place),
        world,
      );
      const end = step.arms.reduce((before, arm, way) => {
        const isDeep = inner.ways.length >= mostWays;
        const own = isDeep ? inner : { ...inner, ways: [...inner.ways, { branch: step.span.start, way }] };
        if (way === 0 || isDeep || !isHeard(run.unitRun.visitor)) return runSteps(run, before, arm, own);
        // It is judged as if no other arm ran: what these make and lock it does not find.
        runSteps(run, asked, arm, own);
        return runSteps(muted(run), before, arm, own);
      }, asked);
      const isGuard = place.depth > 0 || looksUp(run.unitRun.fileText, place.outer);
      return end.schema === asked.schema || isGuard ? end : leaveUnread(end);
    }
    case "loop":
      return runLoop(run, world, step, place);
    case "block":
      return runBlock(run, world, step, place);
    case "commit":
    case "rollback":
      return endTransaction(run.unitRun, body, world, step.kind, place);
    case "opaque":
      return tell(run, world, step.span, step.reason);
    case "expression":
    case "return":
      return step.sql === null ? world : runExpression(run, world, step.sql, place);
    case "raise":
      if (step.level === "exception" && !run.isHandler) raise(run, step.condition, place);
      return world;
  }
}

/** Branches in branches are judged twice at each level: so deep, and no deeper. */
const mostWays = 8;

/** A block with EXCEPTION is a subtransaction: where a statement of it is refused, what a handler waits for, nothing of it is left. */
function runBlock(run: BodyRun, world: World, step: StepOf<"block">, place: Place): World {
  if (step.handlers.length === 0) return runSteps(run, world, step.body, place);
  const conditions = step.handlers.flatMap((handler) => handler.conditions);
  const guard = { conditions, mayBeSkipped: place.mayBeSkipped, around: place.guard, isRefused: false };
  // A handler that raises in its turn lets the error pass.
  const quiet = step.handlers.filter(({ body }) => !body.some(isException));
  const handled = [...(place.handled ?? []), ...quiet.flatMap((handler) => handler.conditions)];
  const main = runSteps(run, world, step.body, { ...place, guard, handled });
  const skipped = { ...place, mayBeSkipped: true };
  return step.handlers.reduce(
    (before, handler) => runSteps({ ...run, isHandler: true }, before, handler.body, skipped),
    guard.isRefused ? world : main,
  );
}

function isException(step: BodyStep): boolean {
  return step.kind === "raise" && step.level === "exception";
}

function raise({ unitRun, left }: BodyRun, condition: string | null, place: Place): void {
  if (condition === null) return;
  const sqlstate = sqlstateOf(condition);
  if (sqlstate !== null) noteRefused(place, sqlstate, !left.mayHave);
  unitRun.visitor?.raised?.(sqlstate, {
    ...place,
    mayBeSkipped: place.mayBeSkipped || left.mayHave,
  });
}

/** A loop over a list that is written out runs round by round, any other as if it had one. */
function runLoop(run: BodyRun, world: World, step: StepOf<"loop">, place: Place): World {
  const start = step.source === null ? world : runStep(run, world, step.source, place);
  const inner = {
    ...place,
    loop: loopOf(step, place.loop, world, place.handled !== null),
    mayCommit: run.body.mayCommit,
    loopOver: joinQueries(place.loopOver, queryOf(step.source)),
    mayBeSkipped: place.mayBeSkipped || step.isSure !== true,
  };
  if (step.rounds === undefined) return runSteps(run, start, step.body, inner);
  const rounds = [step.body, ...step.rounds];
  // In a loop around it, each round has rounds of its own.
  const first = (place.round ?? 0) * rounds.length;
  return rounds.reduce(
    (before, steps, k) => runSteps(run, before, steps, { ...inner, round: first + k }),
    start,
  );
}

/** An expression is worked out by a query of its own: what it reads, and the routines that it calls, count. */
function runExpression(run: BodyRun, world: World, embedded: EmbeddedSql, place: Place): World {
  const read = readExpression(embedded.sql, world, run.unitRun.run.parser);
  return read === null ? world : runEmbeddedStatement(run, world, embedded, read, place);
}

function tell({ unitRun, body }: BodyRun, world: World, span: Span, reason: string): World {
  unitRun.visitor?.notUnderstood(moveSpan(span, body.toFile), reason, world, unitRun.facts, { sql: null });
  unitRun.facts.unread.is = true;
  return doubtWorld(world);
}

/** `unsure`: why what does not parse may not be what runs. */
function runEmbedded(
  run: BodyRun,
  world: World,
  embedded: EmbeddedSql,
  place: Place,
  unsure: string | null = null,
): World {
  const { parser } = run.unitRun.run;
  const { sql, open } = embedded;
  const filled = unsure === null || open === undefined ? null : fillOpen(sql, open, parser);
  const read = filled === null ? embedded : { ...embedded, sql: filled };
  // What it is can be told, what else it says cannot.
  const own = filled === null ? place : { ...place, guess: unsure, shown: sql };
  let after = filled === null ? world : doubtWorld(world);
  for (const one of parseEmbedded(parser, read.sql))
    after = runEmbeddedStatement(run, after, read, one, own, unsure);
  if (filled !== null) run.unitRun.facts.unread.is = true;
  return after;
}

function runEmbeddedStatement(
  run: BodyRun,
  world: World,
  embedded: EmbeddedSql,
  { source, tokens, result: parsed }: EmbeddedStatement,
  place: Place,
  unsure: string | null = null,
): World {
  const { unitRun, body } = run;
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
  const isTaking = known === null || (isUnknown && mayTakeParts(known));
  const before = isTaking ? doubtWorld(world, known === null || mayTakeViews(known)) : world;
  const isElsewhere = place.isElsewhere || body.isElsewhere;
  const own: Place = {
    ...place,
    text: sql,
    shown: place.guess === null ? sql : place.shown,
    span: isElsewhere ? place.span : moveSpan(source, toFile),
    toFile,
    depth: place.depth + 1,
    isLast: false,
    isElsewhere,
    mayBeSkipped: place.mayBeSkipped || run.left.mayHave,
    // What is for one round is not for the others.
    usesVariables: place.round !== undefined || place.guess !== null || namesAny(sql, tokens, body.variables),
    variables: body.variables,
    values: embedded.values ?? new Map(),
  };
  if (!isUnknown || !body.isElsewhere) {
    const after = run.runResult(unitRun, before, result, tokens, own);
    if (!isUnknown || (known !== null && !changesNames(known))) return after;
    unitRun.facts.unread.is = true;
    return known === null ? after : leaveUnread(after);
  }
  // What no query waits for needs no judging, whichever table it is for.
  if (known !== null && idle.has(known.kind)) return before;
  if (!judgeNameless(unitRun, before, known, own)) {
    const why = known === null ? unknownString : "EXECUTE for a table that is named at run time";
    const span = moveSpan(embedded.span, body.toFile);
    unitRun.visitor?.notUnderstood(span, why, before, unitRun.facts, { sql });
  }
  unitRun.facts.unread.is = true;
  return leaveUnread(before);
}

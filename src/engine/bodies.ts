import type { UserFunction } from "../analysis/entities.ts";
import { searchPathOf } from "../analysis/session.ts";
import type { World } from "../analysis/world.ts";
import type { Call } from "../model/expression.ts";
import type { Statement } from "../model/statement.ts";
import { parseBody } from "../parse/plpgsql.ts";
import { variablesOf } from "./body-variables.ts";
import { callsOf, givenValues } from "./calls.ts";
import { doubtWorld } from "./doubt.ts";
import type { Place } from "./place.ts";
import type { UnitRun } from "./run-state.ts";
import type { RunningBody } from "./running-body.ts";

/** Bodies in bodies are followed this deep: blocks that make blocks, routines that call each other. */
const deepest = 4;

/** So many bodies of routines are followed for one statement: where each calls many, that grows with every level. */
const mostRoutines = 200;

/** Whether the bodies of a statement at this place are not followed any more. */
export function isTooDeep({ depth }: Place): boolean {
  return depth >= deepest;
}

/** Whether routines that the statement of the file runs were left out: there were too many. */
export function hasLeftOut({ followed }: UnitRun, { outer }: Place): boolean {
  return followed.by === outer && followed.count > mostRoutines;
}

/** What is not followed could do anything; only routines that the statement has run already hide nothing. */
export function tellDeep(unitRun: UnitRun, world: World, statement: Statement, place: Place): World {
  const isHidden = (call: Call) => {
    const routine = routineOf(world, call);
    return routine !== null && !unitRun.followed.routines.has(routine.body);
  };
  if (statement.kind !== "do" && !callsOf(statement).some(isHidden)) return world;
  const reason = `it lies in more than ${deepest} bodies, one in the other`;
  unitRun.visitor?.notUnderstood(place.span, reason, world, unitRun.facts, { sql: null });
  unitRun.facts.unread.is = true;
  return doubtWorld(world);
}

/** Keeps where the unit makes a routine: what a call of it does is told there. */
export function noteRoutine(
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

/** The bodies that a statement runs, in order: that of a DO block, and those of the routines that it calls. */
export function* bodiesOf(
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
      settings: [],
      mayCommit: true,
      toFile: place.toFile,
    };
    return;
  }
  for (const call of callsOf(statement)) {
    const routine = routineOf(world, call);
    if (routine === null) continue;
    if (!mayFollow(unitRun, place, world, routine)) return;
    yield routineBody(unitRun, routine, givenValues(call, routine, world, place.values), place);
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
    visitor?.notUnderstood(outer, reason, world, facts, { sql: null });
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
  const settings = routine.settings ?? [];
  if (here !== undefined && fileText.slice(here.start, here.end) === routine.body) {
    const steps = parseBody(fileText, here, routine.language, given);
    return {
      steps,
      isElsewhere: false,
      isOfCall,
      variables: variablesOf(steps, routine),
      settings,
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
    settings,
    mayCommit,
    toFile: () => place.span.start,
  };
}

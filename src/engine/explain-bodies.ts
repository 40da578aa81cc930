import { mayCatch } from "../analysis/facts/conditions.ts";
import type { Schema } from "../analysis/schema.ts";
import type { Expression } from "../model/expression.ts";
import { isAtLeast } from "../model/locks.ts";
import type { Statement } from "../model/statement.ts";
import type { Span } from "../text/span.ts";
import { isUnread } from "./doubt.ts";
import type { ExplainedLock, ExplainedStatement } from "./explanation.ts";
import type { Place } from "./place.ts";

/** A statement of the file while the bodies that it runs are shown, and what they have done so far. */
export interface RunningStatement {
  readonly own: ExplainedStatement;
  /** Where it stands among the explained statements. */
  readonly index: number;
  readonly span: Span;
  /** The schema before it: what its bodies make was not there for anybody to wait for. */
  readonly schema: Schema;
  readonly locks: Map<string, ExplainedLock>;
  readonly rewrites: Set<string>;
  readonly scans: Set<string>;
  readonly buildsIndexes: Set<string>;
  fails: ExplainedStatement["fails"];
  /** What the first of them that is not certain depends on. */
  doubt: string | undefined;
  hasBody: boolean;
  /** Whether a body surely stops it with an error of its own. */
  isStopped: boolean;
  /** Whether it does nothing but run bodies. */
  readonly isBare: boolean;
}

/** How much a statement in a body says of the statement that runs the body. */
export type BodyPlace = Pick<Place, "mayBeSkipped" | "handled">;

/** What a statement depends on that stands where it may not run. */
export const ofBranches = "which of its statements run";

/** A statement that runs a body, before the first statement of the body has run. */
export function startRunning(
  own: ExplainedStatement,
  index: number,
  span: Span,
  schema: Schema,
  isBare: boolean,
): RunningStatement {
  return {
    own,
    index,
    span,
    schema,
    locks: new Map(own.locks.map((lock) => [lock.relation, lock])),
    rewrites: new Set(own.rewrites),
    scans: new Set(own.scans),
    buildsIndexes: new Set(own.buildsIndexes),
    fails: own.fails,
    doubt: undefined,
    hasBody: false,
    isStopped: false,
    isBare,
  };
}

/**
 * Adds what a statement in a body does: the one that runs it takes the locks, does the work, and fails with it. `ids` are the
 * identities of the relations that `inner` locks, in their order; null where the history does not know one.
 */
export function addToRunning(
  running: RunningStatement,
  inner: ExplainedStatement,
  ids: readonly (number | null)[],
  { mayBeSkipped, handled }: BodyPlace,
): void {
  running.hasBody = true;
  inner.locks.forEach((lock, k) => {
    const id = ids[k] ?? null;
    if (id !== null && running.schema.relationById(id) === undefined) return;
    const known = running.locks.get(lock.relation);
    if (known === undefined || !isAtLeast(known.mode, lock.mode)) running.locks.set(lock.relation, lock);
  });
  for (const relation of inner.rewrites) running.rewrites.add(relation);
  for (const relation of inner.scans) running.scans.add(relation);
  for (const index of inner.buildsIndexes) running.buildsIndexes.add(index);
  const doubt = mayBeSkipped ? ofBranches : inner.on;
  const { fails } = inner;
  const isCaught = fails !== null && handled?.some((condition) => mayCatch(condition, fails.sqlstate));
  if (doubt === undefined && !isCaught) running.fails ??= fails;
  running.doubt ??= doubt;
}

/** Adds an error that a body ends with by itself. */
export function stopRunning(
  running: RunningStatement,
  fails: ExplainedStatement["fails"],
  { mayBeSkipped, handled }: BodyPlace,
): void {
  running.hasBody = true;
  const isCaught = handled?.some((condition) => mayCatch(condition, fails?.sqlstate ?? "")) === true;
  if (isCaught) return;
  if (mayBeSkipped) running.doubt ??= ofBranches;
  else {
    running.fails ??= fails;
    running.isStopped = true;
  }
}

/** The statement with all that its bodies did. Of a block nothing else is known; nor of a procedure whose body was read. */
export function settleRunning({
  own,
  hasBody,
  doubt,
  isBare,
  ...done
}: RunningStatement): ExplainedStatement {
  const { certainty, on, ...known } = own;
  const isByBody = own.kind === "do" || (isBare && hasBody);
  const inDoubt = isByBody ? doubt : (on ?? doubt);
  return {
    ...known,
    locks: [...done.locks.values()],
    rewrites: [...done.rewrites],
    scans: [...done.scans],
    buildsIndexes: [...done.buildsIndexes],
    fails: done.fails,
    ...(inDoubt !== undefined && { certainty: certainty ?? "depends", on: inDoubt }),
  };
}

/** CALL p(), SELECT f(1): nothing but calls of routines whose bodies are read, each made once. */
export function isBareCall(statement: Statement, schema: Schema): boolean {
  if (statement.kind === "call") return true;
  if (statement.kind !== "select" || statement.query.kind !== "select") return false;
  const { from, where, targets, with: common } = statement.query;
  if (from.length > 0 || where !== null || common.length > 0) return false;
  return targets.every(
    ({ value }) => value.kind === "call" && value.arguments.every(isGiven) && !isUnread(value, schema),
  );
}

/** A literal, or a variable of the body around it: no FROM has columns. */
function isGiven(value: Expression): boolean {
  const given = value.kind === "cast" ? value.argument : value;
  return given.kind === "constant" || given.kind === "column" || given.kind === "parameter";
}

import type { Statement } from "../model/statement.ts";
import { foldDeferral } from "./deferral.ts";
import type { Effects, Lock } from "./effect.ts";
import type { Origin, Relation } from "./entities.ts";
import { foldPrepared } from "./prepared.ts";
import { noSavepoints, type Savepoints, savepointsTo, withSavepoint } from "./savepoints.ts";
import { foldSchema, type Schema, withSearchPath } from "./schema.ts";
import { openSession, type Session, type Settings, searchPathOf } from "./session.ts";
import { foldSession } from "./session-fold.ts";

/** Everything that is known just before a statement: the schema, the session, and what a ROLLBACK goes back to. */
export interface World {
  readonly schema: Schema;
  readonly session: Session;
  readonly rolledBack: Schema;
  readonly savepoints: Savepoints<Schema>;
}

export interface FoldWorldContext {
  readonly unit: number;
  readonly release: number;
  readonly version: number;
  /** Whether the statement stands where it may never run. */
  readonly mayBeSkipped?: boolean;
  /** As those of the fold of a schema. */
  readonly mayBeUndone?: boolean;
  readonly where?: () => string;
  /** The text that the statement's spans refer to. */
  readonly text: string;
  /** What the variables of the body around it hold, as far as it is known. */
  readonly values?: ReadonlyMap<string, string>;
  /** Whether nobody can wait for a relation yet, by all that the history proves; without it, by how it was made. */
  readonly isNew?: (relation: Relation, schema: Schema) => boolean;
}

/** The world at the start of a unit: the schema so far, and a session: a fresh one, or one that goes on with its settings. */
export function openWorld(
  schema: Schema,
  base: "autocommit" | "runner" | "implicit",
  transactionNumber: number,
  defaults: Settings,
  settings: Settings = defaults,
): World {
  const session = openSession(base, transactionNumber, defaults, settings);
  const seen = withSearchPath(schema, searchPathOf(session));
  return { schema: seen, session, rolledBack: seen, savepoints: noSavepoints() };
}

/** What is told of every object that is made now: its unit, transaction and release. */
function originOf(world: World, context: FoldWorldContext): Origin {
  return {
    unit: context.unit,
    transaction: world.session.transactionNumber,
    release: context.release,
  };
}

/** The world after a statement. A statement that is bound to fail changes nothing. */
export function foldWorld(
  world: World,
  statement: Statement,
  effects: Effects | null,
  context: FoldWorldContext,
): World {
  const existed = (lock: Lock) => existedBefore(world.schema, lock, context);
  const session = keepPrepared(
    deferChecks(
      foldSession(world.session, statement, effects, existed, context.values),
      world,
      statement,
      effects,
      context,
    ),
    world,
    statement,
    context,
  );
  if (statement.kind === "transaction") {
    if (session === world.session) return world;
    return foldTransaction({ ...world, session }, world, statement);
  }
  const folded = foldSchema(world.schema, statement, {
    origin: originOf(world, context),
    searchPath: searchPathOf(world.session),
    version: context.version,
    mayBeSkipped: context.mayBeSkipped === true,
    mayBeUndone: context.mayBeUndone === true,
    ...(context.where !== undefined && { where: context.where }),
    text: context.text,
  });
  // Names are looked up along the path of the session as it is from here on.
  const schema =
    session.settings === world.session.settings ? folded : withSearchPath(folded, searchPathOf(session));
  if (schema === world.schema && session === world.session) return world;
  const rolledBack = session.transaction === "autocommit" ? schema : world.rolledBack;
  return { ...world, schema, session, rolledBack };
}

function foldTransaction(next: World, before: World, statement: Statement & { kind: "transaction" }): World {
  const { schema } = before;
  switch (statement.action) {
    case "begin":
      return before.session.transaction === "autocommit"
        ? { ...next, rolledBack: schema, savepoints: noSavepoints() }
        : next;
    case "commit":
    case "prepare":
      return { ...next, rolledBack: schema, savepoints: noSavepoints() };
    case "rollback":
      return { ...next, schema: before.rolledBack, savepoints: noSavepoints() };
    case "savepoint":
      return { ...next, savepoints: withSavepoint(before.savepoints, statement.savepoint ?? "", schema) };
    case "rollback to": {
      const latest = savepointsTo(before.savepoints, statement.savepoint)?.latest ?? null;
      return latest === null ? next : { ...next, schema: latest.value };
    }
    case "release":
    case "commit prepared":
    case "rollback prepared":
      return next;
  }
}

function keepPrepared(
  session: Session,
  { schema, session: before }: World,
  statement: Statement,
  { text }: FoldWorldContext,
): Session {
  const prepared = foldPrepared(session.prepared, statement, {
    text,
    schema,
    searchPath: searchPathOf(before),
  });
  return prepared === session.prepared ? session : { ...session, prepared };
}

/** Outside a transaction no check can wait longer than its statement. */
function deferChecks(
  session: Session,
  world: World,
  statement: Statement,
  effects: Effects | null,
  { text }: FoldWorldContext,
): Session {
  if (session.transaction === "autocommit") return session;
  const path = searchPathOf(world.session);
  const deferral = foldDeferral(session.deferral, statement, {
    text,
    schema: world.schema,
    searchPath: path,
    settings: world.session.settings,
    locks: effects?.locks ?? [],
  });
  return deferral === session.deferral ? session : { ...session, deferral };
}

function existedBefore(schema: Schema, lock: Lock, { unit, release, isNew }: FoldWorldContext): boolean {
  const found = lock.id === null ? undefined : schema.relationById(lock.id);
  if (found !== undefined && isNew !== undefined) return !isNew(found, schema);
  if (found === undefined || found.origin === null || !found.isCertainlyNew) return true;
  return found.origin.unit !== unit && found.origin.release !== release;
}

import type { LockMode } from "../model/locks.ts";
import { strongest } from "../model/locks.ts";
import type { SetStatement, Statement, Transaction } from "../model/statement.ts";
import type { Span } from "../text/span.ts";
import type { Effects, Lock } from "./effect.ts";
import { settingsOfQuery } from "./set-config.ts";

/**
 * How a statement runs: by itself, between BEGIN and COMMIT, in the runner's transaction, in the implicit one of several
 * statements in one message, or in the body of a DO block or routine that is no part of any other.
 */
export type TransactionState = "autocommit" | "explicit" | "runner" | "implicit" | "body";

export interface Setting {
  readonly value: string;
  /** Where it ends: with the transaction or with the session; or it holds before the session begins. */
  readonly scope: "transaction" | "session" | "role" | "configured";
  /** The statement that made it; null where it holds before the session begins. */
  readonly at: Span | null;
}

export interface HeldLock {
  readonly relation: string;
  readonly kind: Lock["kind"];
  readonly mode: LockMode;
  /** Whether the relation existed before this unit: only then others can wait for it. */
  readonly existed: boolean;
}

type Settings = ReadonlyMap<string, Setting>;
type Locks = ReadonlyMap<string, HeldLock>;

interface Savepoint {
  readonly name: string;
  readonly settings: Settings;
  readonly locks: Locks;
}

/** What the server connection is like just before a statement. Immutable. */
export interface Session {
  /** How the next statement runs. */
  readonly transaction: TransactionState;
  /** Counts transactions: equal numbers are one transaction. */
  readonly transactionNumber: number;
  /** Settings in force, lower-case names: `lock_timeout`, `search_path`, `timezone`, ... */
  readonly settings: Settings;
  /** Relations locked so far in the open transaction, with the strongest mode each; key: `schema.name`. */
  readonly locks: Locks;
  /** What the settings fall back to when the transaction ends (commit, rollback). */
  readonly committed: Settings;
  readonly rolledBack: Settings;
  /** What RESET goes back to. */
  readonly defaults: Settings;
  readonly savepoints: readonly Savepoint[];
  /** Where the explicit transaction began; null where none is open. */
  readonly begunAt: Span | null;
  /** What a BEGIN-less statement runs in: the unit's mode. After the runner's own transaction was ended: autocommit. */
  readonly base: TransactionState;
}

const noLocks: Locks = new Map();

/** A fresh connection. `defaults` hold before the first statement: the configuration's and ALTER ROLE ... SET. */
export function openSession(
  base: "autocommit" | "runner" | "implicit",
  transactionNumber: number,
  defaults: Settings = new Map(),
): Session {
  return {
    transaction: base,
    transactionNumber,
    settings: defaults,
    locks: noLocks,
    committed: defaults,
    rolledBack: defaults,
    defaults,
    savepoints: [],
    begunAt: null,
    base,
  };
}

/**
 * The session when a new message begins: several statements in one message share an implicit transaction, a single one
 * is none. An explicit transaction goes on over messages.
 */
export function startMessage(session: Session, statements: number): Session {
  const base = statements > 1 ? "implicit" : "autocommit";
  if (session.transaction === "explicit") return { ...session, base };
  return {
    ...session,
    base,
    transaction: base,
    transactionNumber: session.transactionNumber + 1,
    settings: session.committed,
    rolledBack: session.committed,
    locks: noLocks,
    savepoints: [],
  };
}

/** The session inside a DO block or routine: all of it is one transaction, until it commits by itself. */
export function enterBody(session: Session): Session {
  return session.transaction === "autocommit" ? { ...session, transaction: "body" } : session;
}

/** The session after a body: what it set without LOCAL stays, its locks go where nothing holds them. */
export function leaveBody(session: Session, before: Session): Session {
  if (before.transaction !== "autocommit") return session;
  return { ...session, transaction: "autocommit", settings: session.committed, locks: noLocks };
}

/** COMMIT or ROLLBACK in a body: allowed only where nothing is around it; elsewhere the server refuses it. */
export function foldBodyCommit(session: Session): Session {
  if (session.transaction !== "body") return session;
  return {
    ...session,
    transactionNumber: session.transactionNumber + 1,
    settings: session.committed,
    rolledBack: session.committed,
    locks: noLocks,
  };
}

export function isInTransaction(session: Session): boolean {
  return session.transaction !== "autocommit";
}

/** Seconds, or null where the setting is absent or cannot be read. 0 means: no limit. */
export function timeoutSeconds(session: Session, name: string): number | null {
  const setting = session.settings.get(name);
  return setting === undefined ? null : parseDuration(setting.value);
}

const unitSeconds: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  d: 86400,
};

/** A duration of PostgreSQL's settings in seconds; a bare number is milliseconds. Null: not a duration. */
export function parseDuration(value: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  if (match === null) return null;
  const factor = unitSeconds[match[2] ?? "ms"];
  return factor === undefined ? null : Number(match[1]) * factor;
}

/** The schemas that unqualified names are looked up in. */
export function searchPathOf(session: Session): readonly string[] {
  const setting = session.settings.get("search_path");
  if (setting === undefined) return ["public"];
  const path = setting.value
    .split(",")
    .map((part) => part.trim().replace(/^"(.*)"$/, "$1"))
    .filter((part) => part !== "" && part !== "$user");
  return path.length === 0 ? ["public"] : path;
}

/** The session after a statement. `effects` are what the statement did; only its locks are remembered here. */
export function foldSession(
  session: Session,
  statement: Statement,
  effects: Effects | null,
  existed: (lock: Lock) => boolean = () => true,
): Session {
  switch (statement.kind) {
    case "transaction":
      return foldTransaction(session, statement);
    case "set":
      return endStatement(foldSet(session, statement));
    case "select":
      return endStatement(holdLocks(foldSetConfig(session, statement), effects, existed));
    default:
      return endStatement(holdLocks(session, effects, existed));
  }
}

/** Outside a transaction every statement is one: its locks go, and the next has another number. */
function endStatement(session: Session): Session {
  if (session.transaction !== "autocommit") return session;
  return { ...session, locks: noLocks, transactionNumber: session.transactionNumber + 1 };
}

function holdLocks(session: Session, effects: Effects | null, existed: (lock: Lock) => boolean): Session {
  if (effects === null || effects.locks.length === 0 || session.transaction === "autocommit") return session;
  const locks = new Map(session.locks);
  for (const lock of effects.locks) {
    const held = locks.get(lock.relation);
    const mode = held === undefined ? lock.mode : strongest(held.mode, lock.mode);
    locks.set(lock.relation, {
      relation: lock.relation,
      kind: lock.kind,
      mode,
      existed: held?.existed ?? existed(lock),
    });
  }
  return { ...session, locks };
}

function foldTransaction(session: Session, statement: Transaction): Session {
  switch (statement.action) {
    case "begin":
      // In a transaction a second BEGIN is only warned about; an implicit transaction becomes explicit.
      if (session.transaction === "explicit" || session.transaction === "runner") return session;
      return {
        ...session,
        transaction: "explicit",
        begunAt: statement.head,
        rolledBack: session.settings,
        committed: session.settings,
      };
    case "commit":
    case "prepare":
      return endTransaction(session, session.committed, statement.chain);
    case "rollback":
      return endTransaction(session, session.rolledBack, statement.chain);
    case "savepoint": {
      if (statement.savepoint === null) return session;
      const { settings, locks } = session;
      return {
        ...session,
        savepoints: [...session.savepoints, { name: statement.savepoint, settings, locks }],
      };
    }
    case "release":
      return {
        ...session,
        savepoints: session.savepoints.slice(0, lastSavepoint(session, statement.savepoint)),
      };
    case "rollback to": {
      const index = lastSavepoint(session, statement.savepoint);
      const savepoint = session.savepoints[index];
      if (savepoint === undefined) return session;
      const { settings, locks } = savepoint;
      return { ...session, settings, locks, savepoints: session.savepoints.slice(0, index + 1) };
    }
    case "commit prepared":
    case "rollback prepared":
      return session;
  }
}

function lastSavepoint(session: Session, name: string | null): number {
  for (let index = session.savepoints.length - 1; index >= 0; index--) {
    if (session.savepoints[index]?.name === name) return index;
  }
  return session.savepoints.length;
}

function endTransaction(session: Session, settings: Settings, chain: boolean): Session {
  const wasOpen = isInTransaction(session);
  // The runner's transaction is gone once the file ends it; the implicit one of a message begins anew.
  const after = session.transaction === "runner" ? "autocommit" : session.base;
  return {
    ...session,
    transaction: chain && wasOpen ? session.transaction : after,
    transactionNumber: session.transactionNumber + 1,
    settings,
    committed: settings,
    rolledBack: settings,
    locks: noLocks,
    savepoints: [],
    begunAt: chain && wasOpen ? session.begunAt : null,
    base: after,
  };
}

function foldSet(session: Session, statement: SetStatement): Session {
  if (statement.name === "all") {
    return { ...session, settings: session.defaults, committed: session.defaults };
  }
  return setValue(session, statement.name, statement.value, statement.local, statement.span);
}

function setValue(session: Session, name: string, value: string | null, local: boolean, at: Span): Session {
  // Outside a transaction SET LOCAL is warned about and does nothing.
  if (local && session.transaction === "autocommit") return session;
  const settings = assign(
    session.settings,
    session.defaults,
    name,
    value,
    local ? "transaction" : "session",
    at,
  );
  if (local) return { ...session, settings };
  const committed = assign(session.committed, session.defaults, name, value, "session", at);
  const rolledBack = session.transaction === "autocommit" ? settings : session.rolledBack;
  return { ...session, settings, committed, rolledBack };
}

function assign(
  settings: Settings,
  defaults: Settings,
  name: string,
  value: string | null,
  scope: Setting["scope"],
  at: Span,
): Settings {
  const next = new Map(settings);
  const fallback = defaults.get(name);
  if (value !== null) next.set(name, { value, scope, at });
  else if (fallback !== undefined) next.set(name, fallback);
  else next.delete(name);
  return next;
}

function foldSetConfig(session: Session, statement: Statement & { kind: "select" }): Session {
  let next = session;
  for (const { name, value, local } of settingsOfQuery(statement.query))
    next = setValue(next, name, value, local, statement.span);
  return next;
}

import type { OwnSetting } from "../model/statement.ts";
import type { Span } from "../text/span.ts";
import { type Deferral, noDeferral } from "./deferral.ts";
import { type Locks, noLocks } from "./held-locks.ts";
import { nonePrepared, type Prepared } from "./prepared.ts";
import { noSavepoints, type Savepoints } from "./savepoints.ts";

export type { HeldLock } from "./held-locks.ts";

/**
 * How a statement runs: by itself, between BEGIN and COMMIT, in the runner's transaction, in the implicit one of several
 * statements in one message, or in the body of a DO block or routine that is no part of any other.
 */
type TransactionState = "autocommit" | "explicit" | "runner" | "implicit" | "body";

export interface Setting {
  readonly value: string;
  /** Where it ends: with the transaction or with the session; or it holds before the session begins. */
  readonly scope: "transaction" | "session" | "role" | "configured";
  /** The statement that made it; null where it holds before the session begins. */
  readonly at: Span | null;
}

export type Settings = ReadonlyMap<string, Setting>;

/** What ROLLBACK TO goes back to. */
interface SessionThen {
  readonly settings: Settings;
  readonly locks: Locks;
  readonly deferral: Deferral;
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
  /** Checks that wait for the end of the open transaction. */
  readonly deferral: Deferral;
  readonly savepoints: Savepoints<SessionThen>;
  /** Statements that PREPARE keeps; they outlive the transaction. */
  readonly prepared: Prepared;
  /** Whether a statement of the open transaction has looked at data: from then on its isolation level stands. */
  readonly hasQuery: boolean;
  /** Where the explicit transaction began; null where none is open. */
  readonly begunAt: Span | null;
  /** What a statement runs in once the open transaction has ended; the runner's own is then gone. */
  readonly base: TransactionState;
}

/**
 * A fresh connection. `defaults` hold before the first statement: the configuration's and ALTER ROLE ... SET; with
 * `settings` it is one that goes on.
 */
export function openSession(
  base: "autocommit" | "runner" | "implicit",
  transactionNumber: number,
  defaults: Settings = new Map(),
  settings: Settings = defaults,
): Session {
  return {
    transaction: base,
    transactionNumber,
    settings,
    locks: noLocks,
    committed: settings,
    rolledBack: settings,
    defaults,
    deferral: noDeferral,
    savepoints: noSavepoints(),
    prepared: nonePrepared,
    hasQuery: false,
    begunAt: null,
    base,
  };
}

/** The settings that a session keeps when the runner has committed what is open. */
export function leftBehind(session: Session): Settings {
  return isInTransaction(session) ? session.committed : session.settings;
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
    deferral: noDeferral,
    savepoints: noSavepoints(),
  };
}

/**
 * The session inside a DO block or routine: all of it is one transaction, until it commits by itself. `own` are the settings of the
 * routine, which hold while it runs.
 */
export function enterBody(session: Session, own: readonly OwnSetting[]): Session {
  const inside: Session =
    session.transaction === "autocommit" ? { ...session, transaction: "body" } : session;
  if (own.length === 0) return inside;
  const settings = new Map(session.settings);
  for (const { name, value } of own)
    if (value !== null) settings.set(name, { value, scope: "transaction", at: null });
  return { ...inside, settings };
}

/** The session after a body: what it set without LOCAL stays, its locks go where nothing holds them. */
export function leaveBody(session: Session, before: Session, own: readonly OwnSetting[]): Session {
  if (before.transaction !== "autocommit") return withoutOwn(session, before, own);
  return {
    ...session,
    transaction: "autocommit",
    settings: session.committed,
    locks: noLocks,
    deferral: noDeferral,
    hasQuery: false,
  };
}

/** SET without LOCAL takes the place of a setting of the routine's own, SET LOCAL goes with it. */
function withoutOwn(session: Session, before: Session, own: readonly OwnSetting[]): Session {
  if (own.length === 0) return session;
  const settings = new Map(session.settings);
  for (const { name } of own) {
    if (settings.get(name)?.scope !== "transaction") continue;
    const outside = before.settings.get(name);
    if (outside === undefined) settings.delete(name);
    else settings.set(name, outside);
  }
  return { ...session, settings };
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
    deferral: noDeferral,
  };
}

/** Whether the next statement runs in a transaction that others share: a block, a runner's, or a message's. */
export function isInTransaction(session: Session): boolean {
  return session.transaction !== "autocommit";
}

/** Seconds, or null where the setting is absent or cannot be read. 0 means: no limit. */
export function timeoutSeconds(session: Session, name: string): number | null {
  const setting = session.settings.get(name);
  return setting === undefined ? null : parseDuration(setting.value);
}

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ["us", 1e-6],
  ["ms", 1e-3],
  ["s", 1],
  ["min", 60],
  ["h", 3600],
  ["d", 86400],
]);

/** A duration of PostgreSQL's settings in seconds; a bare number is milliseconds. Null: not a duration. */
export function parseDuration(value: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?$/.exec(value.trim());
  if (match === null) return null;
  const factor = unitSeconds.get(match[2] ?? "ms");
  return factor === undefined ? null : Number(match[1]) * factor;
}

/** The schemas that unqualified names are looked up in. */
export function searchPathOf(session: Session): readonly string[] {
  const setting = session.settings.get("search_path");
  if (setting === undefined) return usualPath;
  if (setting !== lastSetting) {
    lastSetting = setting;
    const path = parseSearchPath(setting.value);
    // What another file, a role or the configuration has set may be set anew where the tool connects again.
    const isOwn = setting.at !== null || setting.scope === "transaction";
    lastPath = hidesAll(path) && !isOwn ? usualPath : path;
  }
  return lastPath;
}

const usualPath: readonly string[] = ["public"];

/** Asked several times for each statement: the path that was read last is kept. */
let lastSetting: Setting | null = null;
let lastPath = usualPath;

/** Whether a search path leads nowhere but to the server's own relations and to temporary tables. */
export function hidesAll(path: readonly string[]): boolean {
  return path.every((name) => name === "pg_catalog" || name === "pg_temp");
}

/** The schemas that a value of `search_path` names. Empty: no name is found without its schema, but for temporary tables. */
export function parseSearchPath(value: string): readonly string[] {
  const named = value
    .split(",")
    .map((part) => part.trim().replace(/^"(.*)"$/, "$1"))
    .filter((part) => part !== "");
  const path = named.filter((part) => part !== "$user");
  // The schema of the role's own name is nobody's, most often.
  return path.length === 0 && named.length > 0 ? usualPath : path;
}

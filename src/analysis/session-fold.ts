import { accessMode } from "../model/access-mode.ts";
import type { Rename, SetSchema, SetStatement, Statement, Transaction } from "../model/statement.ts";
import { splitQualified, truncateName } from "../sql/names.ts";
import type { Span } from "../text/span.ts";
import { accessSetting, defaultAccess } from "./access-mode.ts";
import { noDeferral } from "./deferral.ts";
import { type Effects, type Lock, labelOf } from "./effect.ts";
import { holdLocks, noLocks, renameLock } from "./held-locks.ts";
import { noSavepoints, savepointsTo, withSavepoint } from "./savepoints.ts";
import { partsOf } from "./schema/name-parts.ts";
import { isInTransaction, type Session, type Setting, type Settings } from "./session.ts";
import { settingsOfQuery } from "./set-config.ts";

/** The session after a statement. `effects` are what the statement did; only its locks are remembered here. */
export function foldSession(
  session: Session,
  statement: Statement,
  effects: Effects | null,
  existed: (lock: Lock) => boolean = () => true,
  values: ReadonlyMap<string, string> = new Map(),
): Session {
  const after = foldStatement(session, statement, effects, existed, values);
  const isFirst = after.transaction !== "autocommit" && !after.hasQuery && takesSnapshot(statement);
  return isFirst ? { ...after, hasQuery: true } : after;
}

/** Statements that look at nothing in the database. */
const blind: ReadonlySet<string> = new Set(["set", "transaction", "lock"]);
const blindCommands = new Set([
  "show",
  "set constraints",
  "listen",
  "notify",
  "unlisten",
  "checkpoint",
  "fetch",
]);

function takesSnapshot(statement: Statement): boolean {
  return !blind.has(statement.kind) && !(statement.kind === "other" && blindCommands.has(statement.command));
}

function foldStatement(
  session: Session,
  statement: Statement,
  effects: Effects | null,
  existed: (lock: Lock) => boolean,
  values: ReadonlyMap<string, string>,
): Session {
  switch (statement.kind) {
    case "transaction":
      return foldTransaction(session, statement);
    case "set":
      return endStatement(foldSet(session, statement));
    case "select":
      return endStatement(hold(foldSetConfig(session, statement, values), effects, existed));
    case "rename":
    case "set schema":
      return endStatement(follow(hold(session, effects, existed), statement, effects));
    default:
      return endStatement(hold(session, effects, existed));
  }
}

/** The lock of what is renamed or moved is held under its new name from then on. */
function follow(session: Session, statement: Rename | SetSchema, effects: Effects | null): Session {
  if (effects === null || (statement.kind === "rename" && statement.part !== null)) return session;
  const { schema, name } = partsOf(statement.target);
  const named = effects.locks
    .map(({ relation }) => ({ relation, ...splitQualified(relation) }))
    .find((one) => one.name === name && (schema === null || one.schema === schema));
  if (named === undefined) return session;
  const to = truncateName(statement.to.name);
  const after = statement.kind === "rename" ? { ...named, name: to } : { ...named, schema: to };
  const locks = renameLock(session.locks, named.relation, labelOf(after));
  return locks === session.locks ? session : { ...session, locks };
}

/** Outside a transaction every statement is one: its locks go, and the next has another number. */
function endStatement(session: Session): Session {
  if (session.transaction !== "autocommit") return session;
  return { ...session, locks: noLocks, transactionNumber: session.transactionNumber + 1 };
}

function hold(session: Session, effects: Effects | null, existed: (lock: Lock) => boolean): Session {
  if (effects === null || effects.locks.length === 0 || session.transaction === "autocommit") return session;
  const locks = holdLocks(session.locks, effects.locks, existed);
  return locks === session.locks ? session : { ...session, locks };
}

function foldTransaction(session: Session, statement: Transaction): Session {
  switch (statement.action) {
    case "begin":
      // In a transaction a second BEGIN is only warned about; an implicit transaction becomes explicit.
      if (session.transaction === "explicit" || session.transaction === "runner") return session;
      return {
        ...session,
        ...(statement.access !== null && {
          settings: new Map(session.settings).set(accessSetting, {
            value: statement.access,
            scope: "transaction",
            at: statement.head,
          }),
        }),
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
      const { settings, locks, deferral } = session;
      return {
        ...session,
        savepoints: withSavepoint(session.savepoints, statement.savepoint, { settings, locks, deferral }),
      };
    }
    case "release": {
      const { latest } = savepointsTo(session.savepoints, statement.savepoint) ?? session.savepoints;
      if (latest === null || latest.name !== statement.savepoint) return session;
      return { ...session, savepoints: latest.before };
    }
    case "rollback to": {
      const savepoints = savepointsTo(session.savepoints, statement.savepoint);
      if (savepoints === undefined || savepoints.latest === null) return session;
      return { ...session, ...savepoints.latest.value, savepoints };
    }
    case "commit prepared":
    case "rollback prepared":
      return session;
  }
}

function endTransaction(session: Session, settings: Settings, chain: boolean): Session {
  const wasOpen = isInTransaction(session);
  // The runner's transaction is gone once the file ends it; the implicit one of a message begins anew.
  const after = session.base === "runner" ? "autocommit" : session.base;
  const access = chain && wasOpen ? session.settings.get(accessSetting) : undefined;
  return {
    ...session,
    transaction: chain && wasOpen ? session.transaction : after,
    transactionNumber: session.transactionNumber + 1,
    settings: access === undefined ? settings : new Map(settings).set(accessSetting, access),
    committed: settings,
    rolledBack: settings,
    locks: noLocks,
    deferral: noDeferral,
    savepoints: noSavepoints(),
    hasQuery: false,
    begunAt: chain && wasOpen ? session.begunAt : null,
    base: after,
  };
}

function foldSet(session: Session, statement: SetStatement): Session {
  if (statement.name === "all") {
    return { ...session, settings: session.defaults, committed: session.defaults };
  }
  const { name, value, local, span } = statement;
  const mode = accessMode(value ?? "");
  if (name === "transaction")
    return mode === null ? session : setValue(session, accessSetting, mode, true, span);
  if (name === "session characteristics")
    return mode === null ? session : setValue(session, defaultAccess, mode, false, span);
  return setValue(session, name, value, local, span);
}

function setValue(session: Session, name: string, value: string | null, local: boolean, at: Span): Session {
  const isLocal = local || name === accessSetting;
  // Outside a transaction SET LOCAL is warned about and does nothing.
  if (isLocal && session.transaction === "autocommit") return session;
  const settings = assign(
    session.settings,
    session.defaults,
    name,
    value,
    isLocal ? "transaction" : "session",
    at,
  );
  if (isLocal) return { ...session, settings };
  if (name === defaultAccess) return setAccess(session, value, at);
  const committed = assign(session.committed, session.defaults, name, value, "session", at);
  const rolledBack = session.transaction === "autocommit" ? settings : session.rolledBack;
  return { ...session, settings, committed, rolledBack };
}

/** What transactions begin with is nothing to the one that is open. */
function setAccess(session: Session, value: string | null, at: Span): Session {
  const { defaults } = session;
  const both = (settings: Settings) =>
    [defaultAccess, accessSetting].reduce(
      (held, name) => assign(held, defaults, name, value ?? "off", "session", at),
      settings,
    );
  const isAlone = session.transaction === "autocommit";
  const committed = both(session.committed);
  return isAlone
    ? { ...session, settings: committed, committed, rolledBack: committed }
    : { ...session, committed };
}

/** PostgreSQL has some 400 of its own; a file that makes up thousands shall not make each step dear. */
const mostSettings = 1000;

function assign(
  settings: Settings,
  defaults: Settings,
  name: string,
  value: string | null,
  scope: Setting["scope"],
  at: Span,
): Settings {
  if (settings.size >= mostSettings && !settings.has(name)) return settings;
  const next = new Map(settings);
  const fallback = defaults.get(name);
  if (value !== null) next.set(name, { value, scope, at });
  else if (fallback !== undefined) next.set(name, fallback);
  else next.delete(name);
  return next;
}

function foldSetConfig(
  session: Session,
  statement: Statement & { kind: "select" },
  values: ReadonlyMap<string, string>,
): Session {
  let next = session;
  for (const { name, value, local } of settingsOfQuery(statement.query, values))
    next = setValue(next, name, value, local, statement.span);
  return next;
}

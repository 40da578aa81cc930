import type { Action } from "../model/action.ts";
import type { AlterTable, Statement } from "../model/statement.ts";
import { quoteName } from "../sql/names.ts";
import type { Effects } from "./effect.ts";
import { alterTable } from "./effects/alter-table.ts";
import { refuseCatalog } from "./effects/catalog-refusals.ts";
import { refuseOptions } from "./effects/command-options.ts";
import { command } from "./effects/commands.ts";
import { copy } from "./effects/copy.ts";
import { createFunction } from "./effects/create-function.ts";
import { createSchema } from "./effects/create-schema.ts";
import { createTable } from "./effects/create-table.ts";
import { changeData } from "./effects/data.ts";
import { drop } from "./effects/drop.ts";
import { refuseCallOf } from "./effects/function-refusals.ts";
import { refuseGone } from "./effects/gone.ts";
import { goneRelation } from "./effects/gone-lookup.ts";
import { refuseInUse } from "./effects/in-use.ts";
import { createIndex, reindex } from "./effects/indexes.ts";
import { refuseKind } from "./effects/kind-refusals.ts";
import {
  closeLedger,
  depend,
  type EffectsWorld,
  fail,
  findRelation,
  type Ledger,
  lock,
  openLedger,
} from "./effects/ledger.ts";
import { cluster, lockTables, truncate, vacuum } from "./effects/maintenance.ts";
import { refuseNamedThing } from "./effects/named-things.ts";
import { refuseNowhere } from "./effects/nowhere.ts";
import {
  comment,
  createRule,
  createTrigger,
  grant,
  lockNamed,
  policy,
  rename,
  setSchema,
} from "./effects/objects.ts";
import { lockOwned, moveAll } from "./effects/owned.ts";
import { publication } from "./effects/publications.ts";
import { readQuery } from "./effects/queries.ts";
import { refuseQueryShape } from "./effects/query-shape.ts";
import { refuseReadOnly, refuseWriting } from "./effects/read-only.ts";
import { runSelect } from "./effects/select.ts";
import { alterSequence, createSequence } from "./effects/sequences.ts";
import { refuseSetting } from "./effects/settings.ts";
import { refusesTransaction } from "./effects/transaction-refusal.ts";
import { refuseNewDomain, refuseType } from "./effects/type-refusals.ts";
import { alterDomain, alterEnum, alterType } from "./effects/types.ts";
import { refuseStatistics } from "./effects/upkeep-refusals.ts";
import { checkActionVersion, checkVersion } from "./effects/versions.ts";
import { createTableAs, createView, refresh } from "./effects/views.ts";
import { restsOnGap } from "./schema/gaps.ts";
import type { Schema } from "./schema.ts";

export type { EffectsWorld } from "./effects/ledger.ts";

/**
 * What a statement does on the server, given what the history knows just before it: locks on relations that existed
 * before, table rewrites, scans, index builds, refusals. Every case of test/postgres is predicted by it, for 12 to 18.
 */
export function effectsOf(statement: Statement, world: EffectsWorld): Effects {
  return foresee(world, (ledger) => {
    checkVersion(ledger, statement);
    refuseReadOnly(ledger, statement);
    refuseGone(ledger, statement);
    refuseNowhere(ledger, statement);
    refuseQueryShape(ledger, statement);
    refuseInUse(ledger, statement, false);
    refuseKind(ledger, statement);
    refuseCatalog(ledger, statement);
    refuseNamedThing(ledger, statement);
    collect(ledger, statement);
    refuseInUse(ledger, statement, true);
    refuseWriting(ledger, statement);
    if (refusesTransaction(statement, world.text, world.version)) ledger.refusesTransaction = true;
  });
}

/** The same for one action of an ALTER TABLE by itself; the others count only as far as they change what it does. */
export function effectsOfAction(action: Action, statement: AlterTable, world: EffectsWorld): Effects {
  return foresee(world, (ledger) => {
    checkActionVersion(ledger, action);
    // A table that is gone is told once.
    if (statement.actions[0] === action || goneRelation(ledger, statement.table) === undefined)
      refuseGone(ledger, statement, action);
    // All of them are refused for it: it is told once.
    if (statement.actions[0] === action) {
      refuseReadOnly(ledger, statement);
      refuseInUse(ledger, statement, false);
    }
    alterTable(ledger, statement, [action]);
  });
}

/** Nothing is refused for what somebody may have changed whom nobody reads. */
function foresee(world: EffectsWorld, gather: (ledger: Ledger) => void): Effects {
  const ledger = openLedger(world, runInRoutine);
  gather(ledger);
  const effects = closeLedger(ledger);
  if (effects.fails === null || !world.schema.hasGap) return effects;
  const again = (schema: Schema) => gather(openLedger({ ...world, schema }, runInRoutine));
  return restsOnGap(world.schema, effects.fails, again) ? { ...effects, fails: null } : effects;
}

function runInRoutine(ledger: Ledger, statement: Statement): void {
  refuseGone(ledger, statement);
  collect(ledger, statement);
}

function collect(ledger: Ledger, statement: Statement): void {
  switch (statement.kind) {
    case "alter table":
      for (const action of statement.actions) checkActionVersion(ledger, action);
      alterTable(ledger, statement, statement.actions);
      return;
    case "create table":
      createTable(ledger, statement);
      return;
    case "create table as":
      createTableAs(ledger, statement);
      return;
    case "create index":
      createIndex(ledger, statement);
      return;
    case "reindex":
      reindex(ledger, statement);
      return;
    case "drop":
      drop(ledger, statement);
      return;
    case "rename":
      rename(ledger, statement);
      return;
    case "set schema":
      setSchema(ledger, statement);
      return;
    case "create view":
      createView(ledger, statement);
      return;
    case "refresh materialized view":
      refresh(ledger, statement);
      return;
    case "create sequence":
      createSequence(ledger, statement);
      return;
    case "alter sequence":
      alterSequence(ledger, statement);
      return;
    case "create type":
      refuseType(ledger, statement);
      return;
    case "create domain":
      refuseNewDomain(ledger, statement);
      return;
    case "alter domain":
      alterDomain(ledger, statement);
      return;
    case "alter type":
      alterType(ledger, statement);
      return;
    case "alter enum":
      alterEnum(ledger, statement);
      return;
    case "create trigger":
      createTrigger(ledger, statement);
      return;
    case "create rule":
      createRule(ledger, statement);
      return;
    case "create policy":
    case "alter policy":
      policy(ledger, statement);
      return;
    case "grant":
    case "revoke":
      grant(ledger, statement);
      return;
    case "comment":
      comment(ledger, statement);
      return;
    case "vacuum":
    case "analyze":
      vacuum(ledger, statement);
      return;
    case "cluster":
      cluster(ledger, statement);
      return;
    case "truncate":
      truncate(ledger, statement);
      return;
    case "lock":
      lockTables(ledger, statement);
      return;
    case "create statistics":
      refuseStatistics(ledger, statement);
      lockNamed(ledger, statement.table, "SHARE UPDATE EXCLUSIVE");
      return;
    case "create publication":
    case "alter publication":
      publication(ledger, statement);
      return;
    case "create schema":
      createSchema(ledger, statement, collect);
      return;
    case "set":
      refuseSetting(ledger, statement);
      return;
    case "create function":
      createFunction(ledger, statement);
      return;
    default:
      collectData(ledger, statement);
      return;
  }
}

function collectData(ledger: Ledger, statement: Statement): void {
  switch (statement.kind) {
    case "insert":
    case "update":
    case "delete":
    case "merge":
      changeData(ledger, statement);
      return;
    case "select":
      runSelect(ledger, statement.query);
      return;
    case "declare cursor":
      readQuery(ledger, statement.query, "runs");
      // Rows are read when they are fetched.
      ledger.scans.clear();
      return;
    case "copy":
      copy(ledger, statement);
      return;
    case "explain":
      refuseOptions(ledger, "explain", statement.span);
      explain(ledger, statement.statement, statement.analyze);
      return;
    case "prepare":
      if (ledger.world.prepared?.has(statement.name) === true)
        fail(ledger, "42P05", `a statement ${quoteName(statement.name)} is prepared already`);
      explain(ledger, statement.statement, false);
      // Nothing is planned yet: indexes are looked at when it runs.
      for (const [label, { kind }] of ledger.locks) if (kind === "index") ledger.locks.delete(label);
      return;
    case "alter object depends":
      if (statement.object === "trigger" && statement.target !== null)
        lockNamed(ledger, statement.target, "ACCESS SHARE");
      if (statement.object === "index" || statement.object === "materialized view") {
        const found = statement.target === null ? undefined : findRelation(ledger.world, statement.target);
        if (found !== undefined) lock(ledger, found, "ACCESS EXCLUSIVE");
      }
      return;
    case "alter all in tablespace":
      moveAll(ledger, statement);
      return;
    case "drop owned":
    case "reassign owned":
      lockOwned(ledger);
      return;
    case "other":
      command(ledger, statement);
      return;
    case "transaction":
      // COMMIT and ROLLBACK of a body are no statements.
      if (ledger.world.isInBody === true)
        fail(ledger, "0A000", "a function or block has no savepoints and transactions of its own");
      return;
    case "do":
      depend(ledger, "what the block does");
      return;
    case "call":
      refuseCallOf(ledger, statement.call, "procedure");
      depend(ledger, `what ${statement.call.name}() does`);
      return;
    default:
      return;
  }
}

/** EXPLAIN plans; only ANALYZE runs the statement. */
function explain(ledger: Ledger, statement: Statement, runs: boolean): void {
  const kinds = ["select", "insert", "update", "delete", "merge", "create table as"];
  const isExecute = statement.kind === "other" && statement.command === "execute";
  if (!runs && !isExecute && !kinds.includes(statement.kind)) return;
  ledger.isPlan = !runs;
  collect(ledger, statement);
  if (!runs) ledger.scans.clear();
}

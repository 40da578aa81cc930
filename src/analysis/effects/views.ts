import type { CreateTableAs, CreateView, RefreshMaterializedView } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import type { View } from "../entities.ts";
import { changeData } from "./data.ts";
import type { Ledger } from "./ledger.ts";
import { fail, findRelation, labelOfName, lock, lockTarget, shortName, targetOf } from "./ledger.ts";
import { refuseRefresh, refuseTypeName, refuseView } from "./object-refusals.ts";
import { readQuery, readRelation } from "./queries.ts";
import { changesOf, namesOf } from "./reads.ts";

/** CREATE VIEW looks at what it reads; OR REPLACE locks the view that is there. */
export function createView(ledger: Ledger, statement: CreateView): void {
  const { world } = ledger;
  readQuery(ledger, statement.query, "plans");
  const target = targetOf(world, statement.view);
  refuseView(ledger, statement, target.known);
  if (target.known === null) {
    const label = labelOfName(world, statement.view);
    if (statement.persistence !== "temporary")
      refuseTypeName(ledger, label.slice(0, label.indexOf(".")), statement.view.name.name, "view");
    return;
  }
  if (statement.orReplace) {
    lockTarget(ledger, target, "view", "ACCESS EXCLUSIVE");
    if (target.known.kind === "view") keepColumns(ledger, statement, target.known);
  } else if (statement.persistence !== "temporary" && target.label === labelOfName(world, statement.view))
    fail(ledger, "42P07", `relation ${shortName(world, target.label)} already exists`);
}

/** A view can be replaced by one that has the same columns first, and more behind them. */
function keepColumns(ledger: Ledger, statement: CreateView, view: View): void {
  const { query } = statement;
  if (view.outputs === null || query.kind !== "select") return;
  const names = query.targets.map(({ value, alias }, index) => {
    const own = value.kind === "column" ? (value.path.at(-1) ?? "*") : "?";
    return statement.columns[index] ?? alias ?? own;
  });
  if (names.includes("*")) return;
  const isKept = view.outputs.every((name, index) => names[index] === name || names[index] === "?");
  if (!isKept)
    fail(
      ledger,
      "42P16",
      `columns of view ${quoteName(view.name)} cannot be dropped or renamed by replacing it`,
    );
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW run their query, unless WITH NO DATA. */
export function createTableAs(ledger: Ledger, statement: CreateTableAs): void {
  const { world } = ledger;
  const label = labelOfName(world, statement.table);
  const existing = statement.persistence === "temporary" ? undefined : findRelation(world, statement.table);
  if (existing !== undefined && label === labelOf(existing)) {
    if (!statement.ifNotExists) fail(ledger, "42P07", `relation ${shortName(world, label)} already exists`);
    if (statement.query !== null) readQuery(ledger, statement.query, "plans");
    return;
  }
  if (statement.query === null) return;
  readQuery(ledger, statement.query, statement.withData ? "runs" : "plans");
  for (const change of changesOf(statement.query)) changeData(ledger, change, namesOf(statement.query));
}

/** REFRESH MATERIALIZED VIEW: readers wait, unless CONCURRENTLY. */
export function refresh(ledger: Ledger, statement: RefreshMaterializedView): void {
  const { world } = ledger;
  const target = targetOf(world, statement.view);
  const view = target.known?.kind === "materialized view" ? target.known : null;
  const { concurrently, withData } = statement;
  refuseRefresh(ledger, statement);
  lockTarget(ledger, target, "materialized view", concurrently ? "EXCLUSIVE" : "ACCESS EXCLUSIVE");
  if (concurrently && !withData)
    fail(ledger, "42601", "CONCURRENTLY and WITH NO DATA cannot be used together");
  if (view === null) {
    ledger.scans.add(target.label);
    if (!concurrently && withData) ledger.rewrites.add(target.label);
    return;
  }
  const indexes = world.schema.indexesOf(view.id);
  const isKeyed = indexes.some((index) => index.unique && !index.isPartial && !index.hasExpression);
  if (concurrently && !view.withData)
    fail(ledger, "0A000", `${shortName(world, target.label)} holds no data yet`);
  if (concurrently && !isKeyed && view.origin !== null && !world.schema.mayHaveMore(view))
    fail(ledger, "55000", `${shortName(world, target.label)} has no unique index without a condition`);
  if (withData) readView(ledger, view);
  for (const index of indexes) lock(ledger, index, concurrently ? "ROW EXCLUSIVE" : "ACCESS EXCLUSIVE");
  if (concurrently) ledger.scans.add(target.label);
  else if (withData) {
    ledger.rewrites.add(target.label);
    for (const index of indexes) ledger.buildsIndexes.add(index.name);
    if (indexes.length > 0) ledger.scans.add(target.label);
  }
}

function readView(ledger: Ledger, view: View): void {
  for (const read of view.reads) {
    const known = read.id === null ? undefined : ledger.world.schema.relationById(read.id);
    const name = known === undefined ? read : { schema: known.schema, name: known.name };
    readRelation(ledger, { ...name, locksRows: false, isBounded: false }, "runs");
  }
}

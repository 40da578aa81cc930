import type { TypeDescription } from "../../model/name.ts";
import type { Query } from "../../model/query.ts";
import type { CreateTableAs, CreateView, RefreshMaterializedView } from "../../model/statement.ts";
import { quoteName, splitQualified } from "../../sql/names.ts";
import { labelOf } from "../effect.ts";
import { isTable, type Relation, type View } from "../entities.ts";
import { isKnownType } from "../facts/casts.ts";
import { readQuery as readOutputs, startReading } from "../schema/scope.ts";
import { changeData } from "./data.ts";
import { execute } from "./execute.ts";
import type { Ledger } from "./ledger.ts";
import {
  fail,
  failSeen,
  findRelation,
  labelOfName,
  lock,
  lockTarget,
  shortName,
  targetOf,
} from "./ledger.ts";
import { refuseRefresh, refuseView } from "./object-refusals.ts";
import { readQuery, readRelation } from "./queries.ts";
import { changesOf, isChange, namesOf, readsOf } from "./reads.ts";
import { refuseTypeName } from "./type-refusals.ts";
import { hasWords } from "./words.ts";

/** CREATE VIEW looks at what it reads; OR REPLACE locks the view that is there. */
export function createView(ledger: Ledger, statement: CreateView): void {
  const { world } = ledger;
  readQuery(ledger, statement.query, "plans");
  const target = targetOf(world, statement.view);
  // A temporary one is made beside what is there.
  const before = statement.persistence === "temporary" ? null : target.known;
  refuseView(ledger, statement, before);
  if (before === null) {
    const label = labelOfName(world, statement.view);
    if (statement.persistence !== "temporary")
      refuseTypeName(ledger, splitQualified(label).schema, statement.view.name.name, "view");
    return;
  }
  if (statement.orReplace) {
    lockTarget(ledger, target, "view", "ACCESS EXCLUSIVE");
    if (before.kind === "view") keepColumns(ledger, statement, before);
  } else if (target.label === labelOfName(world, statement.view))
    fail(ledger, "42P07", `relation ${shortName(world, target.label)} already exists`);
}

/** A view can be replaced by one that has the same columns first, of the same types, and more behind them. */
function keepColumns(ledger: Ledger, statement: CreateView, view: View): void {
  const { query } = statement;
  const { world } = ledger;
  if (view.outputs === null || query.kind !== "select") return;
  const stars = query.targets.filter(({ value }) => value.kind === "column" && value.path.at(-1) === "*");
  // USING makes one of two columns, and behind a star nobody counts what has no name of its own.
  const isPlain = ({ value, alias }: (typeof query.targets)[number]) =>
    alias !== null || value.kind === "column";
  const isAlone = query.from.length === 1 && query.from[0]?.kind === "relation";
  const isQualified = stars.every(({ value }) => value.kind === "column" && value.path.length > 1);
  if (stars.length > 0 && !(query.targets.every(isPlain) && (isQualified || isAlone))) return;
  const reading = startReading((schema, name) => findRelation(world, { schema, name }));
  const outputs = readOutputs(reading, query);
  if (outputs === null) return;
  for (const [k, name] of view.outputs.entries()) {
    const own = statement.columns[k] ?? outputs[k]?.name;
    const target = stars.length === 0 ? query.targets[k] : undefined;
    // What an expression without a name is called is the server's to say.
    const isUnnamed =
      statement.columns[k] === undefined && target?.alias === null && target.value.kind !== "column";
    if (own !== name && !isUnnamed)
      fail(
        ledger,
        "42P16",
        `columns of view ${quoteName(view.name)} cannot be dropped or renamed by replacing it`,
      );
    const [old, next] = [view.outputTypes?.[k] ?? null, outputs[k]?.type ?? null];
    if (old !== null && next !== null && !isSameType(old, next))
      fail(
        ledger,
        "42P16",
        `the type of column ${quoteName(name)} of view ${quoteName(view.name)} cannot be changed by replacing it`,
      );
  }
}

/** Types of schemas, and what they were called before, are up to the history. */
function isSameType(left: TypeDescription, right: TypeDescription): boolean {
  if (left.schema !== null || right.schema !== null) return true;
  if (!isKnownType(left.name) || !isKnownType(right.name) || left.fields !== right.fields) return true;
  return (
    left.name === right.name &&
    left.dimensions > 0 === right.dimensions > 0 &&
    left.modifiers.join() === right.modifiers.join()
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
  if (statement.query === null) {
    if (hasWords(ledger, statement.span, "execute")) execute(ledger, statement.span);
    return;
  }
  refuseColumns(ledger, statement, statement.query);
  const isHolder = statement.object === "materialized view";
  if (isHolder && statement.persistence === "unlogged")
    fail(ledger, "0A000", "a materialized view cannot be unlogged");
  if (isHolder && statement.query.with.some(({ query }) => isChange(query)))
    fail(ledger, "0A000", "a materialized view cannot change data in WITH");
  if (isHolder && readsOf(statement.query, world).some((read) => isTemporary(findRelation(world, read))))
    fail(ledger, "0A000", "a materialized view cannot read a temporary table");
  readQuery(ledger, statement.query, statement.withData ? "runs" : "plans");
  for (const change of changesOf(statement.query)) changeData(ledger, change, namesOf(statement.query));
}

/** The columns of a table made of a query have a name each. */
function refuseColumns(ledger: Ledger, statement: CreateTableAs, query: Query): void {
  const { world } = ledger;
  const outputs = readOutputs(
    startReading((schema, name) => findRelation(world, { schema, name })),
    query,
  );
  if (outputs === null) return;
  if (statement.columns.length > outputs.length)
    failSeen(ledger, "42601", "it names more columns than its query gives");
  const names = outputs.map(({ name }, k) => statement.columns[k] ?? name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) fail(ledger, "42701", `column ${quoteName(twice)} is given twice`);
}

function isTemporary(relation: Relation | undefined): boolean {
  return isTable(relation) && relation.persistence === "temporary";
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
    readRelation(ledger, { locksRows: false, ...name, isBounded: false }, "runs");
  }
}

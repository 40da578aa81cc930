import { type Expression, walkExpression } from "../../model/expression.ts";
import type { DataChange, Delete, Merge, Query, Select, Source, Update } from "../../model/query.ts";
import type { Relation } from "../entities.ts";
import type { Ledger } from "./ledger.ts";
import { findRelation } from "./ledger.ts";
import { isChange, type Read, readsOf } from "./reads.ts";
import { isBounded, isJoined, leadingColumns } from "./selectivity.ts";
import { hasWords } from "./words.ts";

/** UPDATE ... FROM batch WHERE batch.id = t.id: the batch is a query of WITH that is cut by LIMIT. */
export function isBatch(change: DataChange, where: Expression): boolean {
  const sources = change.kind === "update" ? change.from : change.kind === "delete" ? change.using : [];
  const isCut = sources.some(
    (source) =>
      source.kind === "relation" &&
      change.with.some(
        ({ name, query }) => name === source.name && query.kind === "select" && query.limit !== null,
      ),
  );
  const parts = where.kind === "and" ? where.arguments : [where];
  return (
    isCut &&
    parts.some(
      (part) =>
        part.kind === "operator" &&
        part.name === "=" &&
        part.left?.kind === "column" &&
        part.right.kind === "column",
    )
  );
}

/** WHERE CURRENT OF: the row that a cursor stands on. */
export function isAtCursor(ledger: Ledger, change: DataChange): boolean {
  return hasWords(ledger, change.span, "where", "current", "of");
}

/** The names that WITH gives to the source of a change. */
export function withNamesOf(change: DataChange): ReadonlySet<string> {
  return new Set(change.with.map((table) => table.name));
}

function sourcesOf(change: DataChange): readonly Source[] {
  return change.kind === "update" ? change.from : change.kind === "delete" ? change.using : [];
}

function conditionOf(change: DataChange): Expression | null {
  return change.kind === "update" || change.kind === "delete" ? (change.where?.value ?? null) : null;
}

/** The names of those that take part of which the condition by itself leaves few rows. */
function fewNamed(ledger: Ledger, change: DataChange, where: Expression): ReadonlySet<string> {
  const known = few.get(ledger);
  if (known?.change === change && known.where === where) return known.names;
  const names = findFew(ledger, change, where);
  few.set(ledger, { change, where, names });
  return names;
}

/** Each of the tables that take part asks for all of them: the last answer is kept. */
const few = new WeakMap<
  Ledger,
  { readonly change: DataChange; readonly where: Expression; readonly names: ReadonlySet<string> }
>();

function findFew(ledger: Ledger, change: DataChange, where: Expression): ReadonlySet<string> {
  const { world } = ledger;
  const names = new Set<string>();
  const tables = new Map(change.with.map((one) => [one.name, one.query]));
  const own = change.alias ?? change.table.name.name;
  if (isBounded(where, findRelation(world, change.table), world, own)) names.add(own);
  for (const source of sourcesOf(change)) {
    if (source.kind === "subquery" && source.alias !== null && isSmallQuery(ledger, source.query))
      names.add(source.alias);
    if (source.kind !== "relation") continue;
    const name = source.alias ?? source.name;
    const query = source.schema === null ? tables.get(source.name) : undefined;
    const isSmall =
      query === undefined
        ? isBounded(where, findRelation(world, source), world, name)
        : isSmallQuery(ledger, query);
    if (isSmall) names.add(name);
  }
  return names;
}

/** A query or change of WITH that gives few rows. */
function isSmallQuery(ledger: Ledger, query: Query | DataChange): boolean {
  const { world } = ledger;
  if (!isChange(query)) {
    const reads = readsOf(query, world);
    // What reads no table may give any number of rows: generate_series().
    return query.kind === "values" || (reads.length > 0 && reads.every((read) => read.isBounded));
  }
  const where = conditionOf(query);
  const name = query.alias ?? query.table.name.name;
  return where !== null && isBounded(where, findRelation(world, query.table), world, name);
}

/** Whether few rows of the table that is changed are read. */
export function isTargetBounded(
  ledger: Ledger,
  change: DataChange,
  where: Expression,
  relation: Relation | undefined,
): boolean {
  const { world } = ledger;
  const name = change.alias ?? change.table.name.name;
  return (
    isBounded(where, relation, world, name) ||
    isJoined(where, relation, name, fewNamed(ledger, change, where), world)
  );
}

/** The same of a table that the change only reads. */
export function isSourceBounded(
  ledger: Ledger,
  change: DataChange,
  source: Extract<Source, { readonly kind: "relation" }>,
): boolean {
  const where = conditionOf(change);
  if (where === null) return false;
  const { world } = ledger;
  const name = source.alias ?? source.name;
  const relation = findRelation(world, source);
  return (
    isBounded(where, relation, world, name) ||
    isJoined(where, relation, name, fewNamed(ledger, change, where), world)
  );
}

/** MERGE of few rows, joined to the target by its key. */
export function isMergeBounded(ledger: Ledger, change: Merge): boolean {
  const { world } = ledger;
  const { source, on } = change;
  const name = change.alias ?? change.table.name.name;
  const target = belowView(ledger, findRelation(world, change.table));
  if (isBounded(on, target, world, name)) return true;
  if (source.kind !== "subquery" || source.alias === null || !isSmallQuery(ledger, source.query))
    return false;
  return isJoined(on, target, name, new Set([source.alias]), world);
}

function belowView(ledger: Ledger, relation: Relation | undefined): Relation | undefined {
  if (relation?.kind !== "view" || relation.reads.length !== 1) return relation;
  const id = relation.reads[0]?.id ?? null;
  return id === null ? undefined : ledger.world.schema.relationById(id);
}

/** Whether the change is about few rows, so that what it works out for each is worked out a few times. */
export function isFew(ledger: Ledger, change: Update | Delete): boolean {
  const where = change.where?.value ?? null;
  return where !== null && fewNamed(ledger, change, where).has(change.alias ?? change.table.name.name);
}

/** IN (SELECT key FROM ...), (SELECT ... WHERE key = t.id): for few rows each is looked up. */
export function isOfKey(ledger: Ledger, read: Read, expression: Expression): boolean {
  let isKey = false;
  walkExpression(expression, (node) => {
    if (node.kind !== "subquery" || node.query.kind !== "select") return;
    if (node.use === "scalar" || node.use === "exists") isKey ||= isLookUp(ledger, read, node.query);
    if (node.use !== "in") return;
    const [target, ...others] = node.query.targets;
    const [from] = node.query.from;
    if (others.length > 0 || target?.value.kind !== "column" || from?.kind !== "relation") return;
    if (from.name !== read.name) return;
    const columns = leadingColumns(findRelation(ledger.world, read), ledger.world);
    isKey ||= columns.has(target.value.path.at(-1) ?? "");
  });
  return isKey;
}

/** A query of one relation that is asked for the rows of which a key equals what the row outside holds. */
function isLookUp(ledger: Ledger, read: Read, { from: [from, ...others], where }: Select): boolean {
  if (from?.kind !== "relation" || others.length > 0 || from.name !== read.name || where === null)
    return false;
  const name = from.alias ?? from.name;
  const columns = leadingColumns(findRelation(ledger.world, read), ledger.world);
  return (where.kind === "and" ? where.arguments : [where]).some((part) => {
    if (part.kind !== "operator" || part.name !== "=" || part.left === null) return false;
    const sides = [part.left, part.right].filter((side) => side.kind === "column");
    const own = sides.find(({ path }) => (path.at(-2) ?? name) === name && columns.has(path.at(-1) ?? ""));
    return own !== undefined && sides.some(({ path }) => path.length > 1 && path.at(-2) !== name);
  });
}

import { childrenOf, type Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { CommonTable, DataChange, Query, Select, Source } from "../../model/query.ts";
import { append } from "../../text/append.ts";
import { type Joined, merges, outputsOfAll, outputsOfItem, sharedNames } from "./joined.ts";
import { nameOfOutput } from "./naming.ts";
import type { Output, Reading, ScopeSource } from "./reading.ts";
import {
  expandStar,
  hasOutput,
  note,
  renamed,
  renamedSource,
  resolve,
  type Scope,
  sourceOf,
} from "./scope-names.ts";

const emptyScope: Scope = { sources: [], outer: null, tables: new Map() };

/** A reading of queries that has seen nothing yet; `find` looks relations up, `isGone` those that went. */
export function startReading(find: Reading["find"], isGone: Reading["isGone"] = () => false): Reading {
  return { relations: new Map(), columns: new Map(), isUnsure: false, find, isGone, missing: [] };
}

/** Reads a query that stands alone. The columns that it gives; null where they cannot be told. */
export function readQuery(reading: Reading, query: Query): readonly Output[] | null {
  return walkQuery(reading, query, emptyScope);
}

/** Reads an expression over one relation: a policy's, a trigger's. */
export function readExpression(reading: Reading, expression: Expression, source: ScopeSource): void {
  walkExpression(reading, expression, { ...emptyScope, sources: [source] });
}

function walkQuery(reading: Reading, query: Query, outer: Scope): readonly Output[] | null {
  const tables = walkCommonTables(reading, query.with, outer);
  const scope: Scope = { ...outer, tables };
  switch (query.kind) {
    case "select":
      return walkSelect(reading, query, scope);
    case "set operation": {
      const left = walkQuery(reading, query.left, scope);
      walkQuery(reading, query.right, scope);
      return left;
    }
    case "values":
      for (const row of query.rows) for (const value of row) walkExpression(reading, value, scope);
      return query.rows[0]?.map((_, k) => ({ name: `column${k + 1}`, type: null })) ?? null;
  }
}

function walkCommonTables(
  reading: Reading,
  commonTables: readonly CommonTable[],
  outer: Scope,
): ReadonlyMap<string, readonly Output[] | null> {
  if (commonTables.length === 0) return outer.tables;
  const tables = new Map(outer.tables);
  for (const { name, query, recursive, columns } of commonTables) {
    // A recursive one sees itself; what it gives is what its first half gives.
    if (recursive) tables.set(name, null);
    const scope: Scope = { ...outer, tables: new Map(tables) };
    const outputs = isQuery(query) ? walkQuery(reading, query, scope) : null;
    tables.set(name, renamed(outputs, columns));
  }
  return tables;
}

function isQuery(query: Query | DataChange): query is Query {
  return query.kind === "select" || query.kind === "values" || query.kind === "set operation";
}

function walkSelect(reading: Reading, select: Select, outer: Scope): readonly Output[] | null {
  const sources: ScopeSource[] = [];
  const scope: Scope = {
    sources,
    outer: outer.sources.length > 0 ? outer : outer.outer,
    tables: outer.tables,
  };
  const items: (ScopeSource | Joined)[] = [];
  // A loop, and no callback: subqueries stand in one another, and the stack ends.
  for (const source of select.from) items.push(walkSource(reading, source, scope, sources));
  const outputs: Output[] = [];
  let isKnown = true;
  for (const { value, alias } of select.targets) {
    const star = value.kind === "column" && value.path.at(-1) === "*" ? value.path.at(-2) : null;
    if (star !== null) {
      const expanded = expandStar(reading, scope, star ?? null);
      const given = star === undefined && items.some(merges) ? outputsOfAll(items) : expanded;
      if (given === null) isKnown = false;
      else append(outputs, given);
    } else {
      const type = walkExpression(reading, value, scope);
      outputs.push({ name: alias ?? nameOfOutput(value), type });
    }
  }
  const aliases = new Set(outputs.map((output) => output.name));
  for (const clause of [select.where, select.having, select.limit, select.offset]) {
    if (clause !== null) walkExpression(reading, clause, scope);
  }
  for (const clause of [...select.groupBy, ...select.orderBy])
    walkExpression(reading, clause, scope, aliases);
  return isKnown ? outputs : null;
}

/** Notes what stands in FROM, and gives back what a star would take its columns from. */
function walkSource(
  reading: Reading,
  source: Source,
  scope: Scope,
  sources: ScopeSource[],
): ScopeSource | Joined {
  if (source.kind === "join" && source.alias === undefined) return walkJoin(reading, source, scope, sources);
  const named = sourceIn(reading, source, scope);
  sources.push(named);
  return named;
}

function sourceIn(reading: Reading, source: Source, scope: Scope): ScopeSource {
  switch (source.kind) {
    case "relation":
      return relationSource(reading, source, scope);
    case "subquery": {
      // LATERAL may look at its neighbours; without it the names would not be there.
      const outputs = renamed(walkQuery(reading, source.query, scope), source.columns);
      return { alias: source.alias, schema: null, relation: null, outputs };
    }
    case "function": {
      if (source.call !== null) {
        for (const argument of source.call.arguments) walkExpression(reading, argument, scope);
      }
      const alias = source.alias ?? source.call?.name ?? null;
      return { alias, schema: null, relation: null, outputs: null };
    }
    case "join": {
      // Outside its brackets the join has one name.
      const inside: ScopeSource[] = [];
      const outputs = outputsOfItem(walkJoin(reading, source, { ...scope, sources: inside }, inside));
      if (outputs === null && inside.some(({ relation }) => relation !== null)) reading.isUnsure = true;
      const alias = source.alias ?? null;
      return { alias, schema: null, relation: null, outputs: renamed(outputs, source.columns) };
    }
    case "other":
      reading.isUnsure = true;
      return { alias: null, schema: null, relation: null, outputs: null };
  }
}

function walkJoin(
  reading: Reading,
  join: Extract<Source, { kind: "join" }>,
  scope: Scope,
  sources: ScopeSource[],
): Joined {
  const left = walkSource(reading, join.left, scope, sources);
  const right = walkSource(reading, join.right, scope, sources);
  const isNatural = join.on === null && join.using.length === 0 && join.type !== "cross";
  const joined = { left, right, merged: isNatural ? sharedNames(left, right) : join.using };
  for (const column of joined.merged ?? []) {
    for (const own of sources) if (hasOutput(reading, own, column) !== false) note(reading, own, column);
  }
  if (join.on !== null) walkExpression(reading, join.on, scope);
  return joined;
}

function relationSource(
  reading: Reading,
  source: Extract<Source, { kind: "relation" }>,
  scope: Scope,
): ScopeSource {
  const common = source.schema === null ? scope.tables.get(source.name) : undefined;
  if (common !== undefined) {
    const outputs = renamed(common, source.columns);
    return { alias: source.alias ?? source.name, schema: null, relation: null, outputs };
  }
  const relation = reading.find(source.schema, source.name);
  const { schema, name } = relation ?? source;
  reading.relations.set(`${relation?.id ?? schema ?? ""}\0${name}`, {
    id: relation?.id ?? null,
    schema,
    name,
  });
  if (relation !== undefined) return renamedSource(reading, sourceOf(relation, source.alias), source.columns);
  return { alias: source.alias ?? source.name, schema: source.schema, relation: null, outputs: null };
}

/** The type where it is plain to see. */
function walkExpression(
  reading: Reading,
  expression: Expression,
  scope: Scope,
  aliases?: ReadonlySet<string>,
): TypeDescription | null {
  if (expression.kind === "column") return resolve(reading, expression.path, scope, aliases);
  if (expression.kind === "subquery") walkQuery(reading, expression.query, scope);
  for (const child of childrenOf(expression)) walkExpression(reading, child, scope);
  return expression.kind === "cast" ? expression.type : null;
}

import { childrenOf, type Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { CommonTable, DataChange, Query, Select, Source } from "../../model/query.ts";
import { append } from "../../text/append.ts";
import { isTable, type Relation } from "../entities.ts";
import { nameOfOutput } from "./naming.ts";
import type { Output, Reading, ScopeSource } from "./reading.ts";

interface Scope {
  readonly sources: readonly ScopeSource[];
  readonly outer: Scope | null;
  readonly tables: ReadonlyMap<string, readonly Output[] | null>;
}

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

/** What a relation offers to a query. */
export function sourceOf(relation: Relation, alias: string | null): ScopeSource {
  const schema = alias === null ? relation.schema : null;
  return { alias: alias ?? relation.name, schema, relation, outputs: outputsOf(relation) };
}

function outputsOf(relation: Relation): readonly Output[] | null {
  if (isTable(relation)) return relation.isComplete ? relation.columns : null;
  if (relation.kind !== "view" && relation.kind !== "materialized view") return null;
  return relation.outputs?.map((name, k) => ({ name, type: relation.outputTypes?.[k] ?? null })) ?? null;
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
  for (const { name, query, recursive } of commonTables) {
    // A recursive one sees itself; what it gives is what its first half gives.
    if (recursive) tables.set(name, null);
    const scope: Scope = { ...outer, tables: new Map(tables) };
    tables.set(name, isQuery(query) ? walkQuery(reading, query, scope) : null);
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
  for (const source of select.from) walkSource(reading, source, scope, sources);
  const outputs: Output[] = [];
  let isKnown = true;
  for (const { value, alias } of select.targets) {
    const star = value.kind === "column" && value.path.at(-1) === "*" ? value.path.at(-2) : null;
    if (star !== null) {
      const expanded = expandStar(reading, scope, star ?? null);
      if (expanded === null || (star === undefined && select.from.some(mergesColumns))) isKnown = false;
      else append(outputs, expanded);
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

/** USING and NATURAL: of the columns that both sides have, a star gives one. */
function mergesColumns(source: Source): boolean {
  if (source.kind !== "join") return false;
  const isNatural = source.on === null && source.type !== "cross";
  return isNatural || mergesColumns(source.left) || mergesColumns(source.right);
}

function walkSource(reading: Reading, source: Source, scope: Scope, sources: ScopeSource[]): void {
  switch (source.kind) {
    case "relation":
      sources.push(relationSource(reading, source, scope));
      break;
    case "subquery": {
      // LATERAL may look at its neighbours; without it the names would not be there.
      const outputs = walkQuery(reading, source.query, scope);
      sources.push({ alias: source.alias, schema: null, relation: null, outputs });
      break;
    }
    case "function":
      if (source.call !== null) {
        for (const argument of source.call.arguments) walkExpression(reading, argument, scope);
      }
      sources.push({
        alias: source.alias ?? source.call?.name ?? null,
        schema: null,
        relation: null,
        outputs: null,
      });
      break;
    case "join":
      walkSource(reading, source.left, scope, sources);
      walkSource(reading, source.right, scope, sources);
      for (const column of source.using) {
        for (const own of sources) if (hasOutput(reading, own, column) !== false) note(reading, own, column);
      }
      if (source.on !== null) walkExpression(reading, source.on, scope);
      break;
    case "other":
      reading.isUnsure = true;
      sources.push({ alias: null, schema: null, relation: null, outputs: null });
  }
}

function relationSource(
  reading: Reading,
  source: Extract<Source, { kind: "relation" }>,
  scope: Scope,
): ScopeSource {
  const common = source.schema === null ? scope.tables.get(source.name) : undefined;
  if (common !== undefined) {
    return { alias: source.alias ?? source.name, schema: null, relation: null, outputs: common };
  }
  const relation = reading.find(source.schema, source.name);
  const { schema, name } = relation ?? source;
  reading.relations.set(`${relation?.id ?? schema ?? ""}\0${name}`, {
    id: relation?.id ?? null,
    schema,
    name,
  });
  if (relation !== undefined) return sourceOf(relation, source.alias);
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

function resolve(
  reading: Reading,
  path: readonly string[],
  scope: Scope,
  aliases?: ReadonlySet<string>,
): TypeDescription | null {
  const column = path.at(-1) ?? "";
  const qualifier = path.at(-2) ?? null;
  // A whole row, `f(t.*)`: the server notes no dependency on single columns, and lets them be dropped.
  if (column === "*") return null;
  const lacking: Relation[] = [];
  const asked: ScopeSource[] = [];
  for (let level: Scope | null = scope; level !== null; level = level.outer) {
    const meant = level.sources.filter((source) => isMeant(source, qualifier, path.at(-3) ?? null));
    const sure = meant.find((source) => hasOutput(reading, source, column) === true);
    if (sure !== undefined) return note(reading, sure, column);
    const open = meant.filter((source) => hasOutput(reading, source, column) === null);
    const [only] = open;
    append(
      lacking,
      meant.flatMap(({ relation }) => relation ?? []),
    );
    append(asked, meant);
    if (open.length === 0 || only === undefined) continue;
    if (qualifier === null && aliases?.has(column)) return null;
    // Of several that may have it, or of one while an outer query may have it as well, nobody can tell which.
    const above = qualifier === null ? sourcesAbove(level) : [];
    const others = [
      ...open.slice(1),
      ...above.filter((source) => hasOutput(reading, source, column) !== false),
    ];
    const matters = [only, ...others].some((source) => source.relation !== null);
    if (others.length > 0 && matters) reading.isUnsure = true;
    return note(reading, only, column);
  }
  if (aliases?.has(column) !== true && !isRow(column, scope))
    reading.missing.push({ column, relations: lacking, names: namesOf(asked) });
  return null;
}

/** Null: one of them is no relation, and may give its columns other names. */
function namesOf(sources: readonly ScopeSource[]): readonly string[] | null {
  const names = sources.flatMap(({ alias, relation }) => (relation === null ? [] : (alias ?? [])));
  return names.length < sources.length ? null : names;
}

/** The name of a source stands for its whole row. */
function isRow(name: string, scope: Scope): boolean {
  return [...scope.sources, ...sourcesAbove(scope)].some(({ alias }) => alias === name);
}

function sourcesAbove(scope: Scope): readonly ScopeSource[] {
  const sources: ScopeSource[] = [];
  for (let level = scope.outer; level !== null; level = level.outer) append(sources, level.sources);
  return sources;
}

function isMeant(source: ScopeSource, qualifier: string | null, schema: string | null): boolean {
  if (qualifier === null) return true;
  return source.alias === qualifier && (schema === null || source.schema === schema);
}

/** Null: not known. */
function hasOutput(reading: Reading, source: ScopeSource, column: string): boolean | null {
  if (source.outputs !== null) return source.outputs.some((output) => output.name === column);
  if (source.relation !== null && isTable(source.relation)) {
    if (source.relation.columns.some((own) => own.name === column)) return true;
    return reading.isGone(source.relation, column) ? false : null;
  }
  return null;
}

function note(reading: Reading, source: ScopeSource, column: string): TypeDescription | null {
  const { relation } = source;
  if (relation !== null) reading.columns.set(`${relation.id}\0${column}`, { table: relation.id, column });
  return source.outputs?.find((output) => output.name === column)?.type ?? null;
}

/** All columns of the source of that alias, or of all sources. */
function expandStar(reading: Reading, scope: Scope, alias: string | null): readonly Output[] | null {
  const outputs: Output[] = [];
  let isKnown = true;
  for (const source of scope.sources) {
    if (alias !== null && source.alias !== alias) continue;
    if (source.outputs === null) {
      isKnown = false;
      if (source.relation !== null) reading.isUnsure = true;
      continue;
    }
    for (const output of source.outputs) note(reading, source, output.name);
    append(outputs, source.outputs);
  }
  return isKnown ? outputs : null;
}

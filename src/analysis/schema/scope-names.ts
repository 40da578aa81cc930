import type { TypeDescription } from "../../model/name.ts";
import { append } from "../../text/append.ts";
import { isTable, type Relation } from "../entities.ts";
import type { Output, Reading, ScopeSource } from "./reading.ts";

/** What the names in a query may mean: its own sources, those of the queries around it, and the tables of WITH. */
export interface Scope {
  readonly sources: readonly ScopeSource[];
  readonly outer: Scope | null;
  readonly tables: ReadonlyMap<string, readonly Output[] | null>;
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

/** What a source offers by the names that a query gives its columns, from the first on. */
export function renamed(
  outputs: readonly Output[] | null,
  names: readonly string[] | undefined,
): readonly Output[] | null {
  if (outputs === null || names === undefined) return outputs;
  return outputs.map((output, k) => {
    const name = names[k];
    return name === undefined ? output : { ...output, name, column: output.column ?? output.name };
  });
}

/** Which column a new name stands for can be told where all of them are known. */
export function renamedSource(
  reading: Reading,
  source: ScopeSource,
  names: readonly string[] | undefined,
): ScopeSource {
  if (names === undefined) return source;
  if (source.outputs !== null) return { ...source, outputs: renamed(source.outputs, names) };
  reading.isUnsure = true;
  return { ...source, relation: null };
}

/** Notes which column a name in an expression means; its type where that is known. */
export function resolve(
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
export function hasOutput(reading: Reading, source: ScopeSource, column: string): boolean | null {
  if (source.outputs !== null) return source.outputs.some((output) => output.name === column);
  if (source.relation !== null && isTable(source.relation)) {
    if (source.relation.columns.some((own) => own.name === column)) return true;
    return reading.isGone(source.relation, column) ? false : null;
  }
  return null;
}

export function note(reading: Reading, source: ScopeSource, column: string): TypeDescription | null {
  const output = source.outputs?.find(({ name }) => name === column);
  const relation = output?.of ?? source.relation;
  const own = output?.column ?? column;
  if (relation !== null) reading.columns.set(`${relation.id}\0${own}`, { table: relation.id, column: own });
  return output?.type ?? null;
}

/** All columns of the source of that alias, or of all sources. */
export function expandStar(reading: Reading, scope: Scope, alias: string | null): readonly Output[] | null {
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

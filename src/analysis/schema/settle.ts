import { isTable, type Relation } from "../entities.ts";
import type { Draft } from "./draft.ts";
import { edgesOf, ownPart } from "./edges.ts";
import { keyOf } from "./name-parts.ts";
import { emptyTrie, getFrom, removeFrom, setIn, type Trie } from "./trie.ts";

/*
 * A statement puts the same table many times: CREATE TABLE for each column and constraint. What others look up through
 * its edges and constraint names moves once, when somebody looks, or when the statement is through.
 */

/** Moves the edges and constraint names of what the statement has put so far. */
export function settle(draft: Draft): void {
  const { unsettled } = draft;
  if (unsettled === null) return;
  draft.unsettled = null;
  for (const [id, before] of unsettled) {
    const after = draft.written?.get(id) ?? getFrom(draft.relations, id);
    moveEdges(draft, id, edgesOf(draft, before, after), edgesOf(draft, after, before), after);
    moveConstraintNames(draft, before, after);
  }
}

/** Takes what the statement has put so far into the map of all relations. */
export function storeWritten(draft: Draft): void {
  if (draft.written === null) return;
  for (const [id, relation] of draft.written) draft.relations = setIn(draft.relations, id, relation);
  draft.written = null;
}

const noIds: Trie<number, true> = emptyTrie();

/**
 * Moves the edges of what has this id. `before` and `after` may leave out what both have in common; then `relation` is
 * what it is now.
 */
export function moveEdges(
  draft: Draft,
  id: number,
  before: readonly string[],
  after: readonly string[],
  relation?: Relation,
): void {
  if (before.length === 0 && after.length === 0) return;
  const wanted = new Set(after);
  const had = new Set(before);
  let all: ReadonlySet<string> | null = null;
  for (const edge of had) {
    if (wanted.has(edge)) continue;
    // What is left out because it did not change may still need the edge.
    all ??= new Set(edgesOf(draft, relation, undefined));
    if (all.has(edge)) continue;
    const rest = removeFrom(getFrom(draft.edges, edge) ?? noIds, id);
    draft.edges = rest.size === 0 ? removeFrom(draft.edges, edge) : setIn(draft.edges, edge, rest);
  }
  for (const edge of wanted) {
    if (had.has(edge)) continue;
    draft.edges = setIn(draft.edges, edge, setIn(getFrom(draft.edges, edge) ?? noIds, id, true));
  }
}

/** Keeps the count of constraint names right when a relation is replaced by a changed one. */
export function moveConstraintNames(
  draft: Draft,
  before: Relation | undefined,
  after: Relation | undefined,
): void {
  const old = before !== undefined && isTable(before) ? before : undefined;
  const now = after !== undefined && isTable(after) ? after : undefined;
  recountConstraints(draft, old, now);
}

/** What bears constraints in a schema: a table, or a domain. */
interface Bearer {
  readonly schema: string;
  readonly constraints: readonly { readonly name: string }[];
}

/** The same for whatever bears constraints, domains too. */
export function recountConstraints(
  draft: Draft,
  before: Bearer | undefined,
  after: Bearer | undefined,
): void {
  const old = before?.constraints ?? [];
  const now = after?.constraints ?? [];
  if (old === now && before?.schema === after?.schema) return;
  const isSame = before?.schema === after?.schema;
  const gone = isSame ? ownPart(old, now) : old;
  const come = isSame ? ownPart(now, old) : now;
  for (const { name } of gone) countConstraint(draft, before?.schema ?? "", name, -1);
  for (const { name } of come) countConstraint(draft, after?.schema ?? "", name, 1);
}

function countConstraint(draft: Draft, schema: string, name: string, step: 1 | -1): void {
  draft.constraintNames = count(draft.constraintNames, keyOf(schema, name), step);
}

/** One relation more or less in the schema that no statement made and that is taken to be there. */
export function countAssumed(draft: Draft, schema: string, step: 1 | -1): void {
  draft.assumed = count(draft.assumed, schema, step);
}

function count(counts: Trie<string, number>, key: string, step: 1 | -1): Trie<string, number> {
  const sum = (getFrom(counts, key) ?? 0) + step;
  return sum <= 0 ? removeFrom(counts, key) : setIn(counts, key, sum);
}

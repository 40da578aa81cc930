import type { TypeDescription } from "../../model/name.ts";
import {
  type Column,
  isTable,
  type Relation,
  type Table,
  type TableConstraint,
  type UserType,
} from "../entities.ts";
import { keyOf } from "./name-parts.ts";
import { sharedStart } from "./places.ts";
import type { EdgeRole, State } from "./state.ts";
import { getFrom } from "./trie.ts";

/** What belongs to a relation, and goes where it goes. */
export const ownedRoles = ["free index", "attached index", "sequence"] as const;

const NONE: readonly string[] = [];

/**
 * What a relation depends on, as keys of `State.edges`. `other` is the same relation before or after: what it has in
 * common with a table need not be compared and is left out.
 */
export function edgesOf(
  state: State,
  relation: Relation | undefined,
  other: Relation | undefined,
): readonly string[] {
  if (relation === undefined) return NONE;
  if (isTable(relation)) {
    return edgesOfTable(state, relation, other !== undefined && isTable(other) ? other : undefined);
  }
  switch (relation.kind) {
    case "index": {
      const { table, partitionOf } = relation;
      if (partitionOf === null) return [edge("free index", table)];
      return [edge("attached index", table), edge("partition index", partitionOf)];
    }
    case "sequence":
      return relation.ownedBy === null ? NONE : [edge("sequence", relation.ownedBy.table)];
    case "view":
    case "materialized view":
      return relation.reads.flatMap((read) => (read.id === null ? [] : [edge("view", read.id)]));
    default:
      return NONE;
  }
}

/** A domain depends on its base type, a composite on the types of its attributes. */
export function edgesOfType(state: State, type: UserType | undefined): readonly string[] {
  if (type === undefined) return NONE;
  const parts = type.base === null ? (type.attributes ?? []).map((one) => one.type) : [type.base];
  return parts.flatMap((part) => {
    const base = typeIdOf(state, part);
    if (base !== undefined) return [edge("domain", base)];
    const row = rowIdOf(state, part);
    return row === undefined ? [] : [edge("row type", row)];
  });
}

/** The id of the table whose row type a stored type name means. */
function rowIdOf(state: State, type: TypeDescription): number | undefined {
  return type.schema === null ? undefined : getFrom(state.relationNames, keyOf(type.schema, type.name));
}

/** The id of a user type that a stored type name means; stored names carry their schema where the type is known. */
function typeIdOf(state: State, type: TypeDescription): number | undefined {
  return type.schema === null ? undefined : getFrom(state.typeNames, keyOf(type.schema, type.name));
}

function edgesOfTable(state: State, table: Table, other: Table | undefined): readonly string[] {
  const edges: string[] = [];
  if (table.partitionOf !== null) edges.push(edge("partition", table.partitionOf.parent));
  if (table.ofType !== undefined) edges.push(edge("typed table", table.ofType));
  for (const parent of ownPart(table.inherits, other?.inherits ?? [])) edges.push(edge("child", parent));
  addConstraintEdges(edges, ownPart(table.constraints, other?.constraints ?? []));
  addColumnEdges(edges, state, ownPart(table.columns, other?.columns ?? []));
  return edges;
}

/** What a list does not have in common with another at their ends: of long lists mostly one end changes. */
export function ownPart<Item>(own: readonly Item[], other: readonly Item[]): readonly Item[] {
  if (own === other) return [];
  if (other.length === 0) return own;
  let [first, last, otherLast] = [sharedStart(own, other), own.length, other.length];
  while (first < last && first < otherLast && own[first] === other[first]) first += 1;
  while (last > first && otherLast > first && own[last - 1] === other[otherLast - 1]) {
    last -= 1;
    otherLast -= 1;
  }
  return own.slice(first, last);
}

function addConstraintEdges(edges: string[], constraints: readonly TableConstraint[]): void {
  for (const constraint of constraints)
    if (constraint.kind === "foreign key" && constraint.references.id !== null)
      edges.push(edge("reference", constraint.references.id));
}

function addColumnEdges(edges: string[], state: State, columns: readonly Column[]): void {
  for (const { type } of columns) {
    // Of the server's own types nobody keeps users.
    if (type === null || type.schema === null) continue;
    const id = typeIdOf(state, type);
    const row = id === undefined ? rowIdOf(state, type) : undefined;
    if (id !== undefined) edges.push(edge("type user", id));
    else if (row !== undefined) edges.push(edge("row user", row));
  }
}

function edge(role: EdgeRole, id: number): string {
  return `${role}:${id}`;
}

/** Spares wide tables the work where nothing moved that others look up. */
export function hasSameEdges(before: Relation | undefined, after: Relation): boolean {
  if (before === undefined || !isTable(before) || !isTable(after)) return false;
  return (
    before.schema === after.schema &&
    before.columns === after.columns &&
    before.constraints === after.constraints &&
    before.partitionOf === after.partitionOf &&
    before.inherits === after.inherits
  );
}

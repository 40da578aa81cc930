import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { QualifiedName } from "../../model/name.ts";
import { isPartType, isRelationType } from "../../model/object-types.ts";
import { type DataChange, type Query, type Source, valuesSet } from "../../model/query.ts";
import type { AlterTable, Statement } from "../../model/statement.ts";
import type { Constraint } from "../../model/table.ts";
import { append } from "../../text/append.ts";
import type { NameLike } from "../schema.ts";
import { policyValues } from "./definition-values.ts";
import type { EffectsWorld } from "./ledger.ts";
import { isChange, readsIn, readsOf } from "./reads.ts";

/** A relation that has to be there for a statement to work. */
interface Needed {
  readonly name: NameLike;
  /** Whether a query or a data change reads or writes it: these are looked up in their own way. */
  readonly isInQuery: boolean;
}

/** The relations that a statement needs, in the order in which the server looks them up; `only`: one action of it. */
export function neededRelations(
  statement: Statement,
  world: EffectsWorld,
  only: Action | null = null,
): readonly Needed[] {
  switch (statement.kind) {
    case "drop":
      return needNamed(dropped(statement));
    case "rename":
    case "set schema":
      return needNamed(!statement.ifExists && isOfRelation(statement) ? [statement.target] : []);
    case "alter table":
      if (statement.ifExists) return [];
      return needNamed([statement.table, ...actionsOf(statement, only).flatMap(namedByAction)]);
    case "create table": {
      const own = statement.table.name.name;
      const referenced = [...statement.columns.flatMap((one) => one.constraints), ...statement.constraints];
      const isOther = ({ name }: QualifiedName) => name.name !== own;
      return needNamed([
        ...(statement.partitionOf === null ? [] : [statement.partitionOf.parent]),
        ...statement.inherits,
        ...statement.likes.map(({ table }) => table),
        ...referenced.flatMap(referencedBy).filter(isOther),
      ]);
    }
    case "alter sequence":
      return statement.ifExists ? [] : needNamed([statement.sequence, ...ownerOf(statement.ownedBy)]);
    case "create sequence":
      return needNamed(ownerOf(statement.ownedBy));
    case "create policy":
    case "alter policy":
      return [
        ...needNamed([statement.table]),
        ...policyValues(statement).flatMap((one) => readBy(one, world)),
      ];
    case "create trigger":
      return needNamed([statement.table, ...(statement.from === null ? [] : [statement.from])]);
    case "comment":
    case "grant":
    case "revoke":
      return needNamed(toldOf(statement));
    default:
      return needNamed(namedAlone(statement)).concat(neededByQuery(statement, world));
  }
}

/** The actions that are meant. */
export function actionsOf({ actions }: AlterTable, only: Action | null): readonly Action[] {
  return only === null ? actions : [only];
}

/** Statements that name nothing but the relations that they are about. */
function namedAlone(statement: Statement): readonly QualifiedName[] {
  switch (statement.kind) {
    case "create index":
    case "create rule":
      return [statement.table];
    case "truncate":
    case "lock":
    case "vacuum":
    case "analyze":
    case "create publication":
      return statement.tables;
    case "cluster":
    case "copy":
    case "create statistics":
      return statement.table === null ? [] : [statement.table];
    case "refresh materialized view":
      return [statement.view];
    case "reindex": {
      const isOne = statement.object === "table" || statement.object === "index";
      return isOne && statement.target !== null ? [statement.target] : [];
    }
    default:
      return [];
  }
}

function neededByQuery(statement: Statement, world: EffectsWorld): readonly Needed[] {
  switch (statement.kind) {
    case "create view":
    case "select":
    case "declare cursor":
      return readOf(statement.query, world);
    case "create table as":
      return statement.query === null ? [] : readOf(statement.query, world);
    case "copy":
      if (statement.query === null) return [];
      return isChange(statement.query)
        ? neededByChange(statement.query, world)
        : readOf(statement.query, world);
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return neededByChange(statement, world);
    case "explain":
    case "prepare":
      return neededRelations(statement.statement, world);
    default:
      return [];
  }
}

function dropped(statement: Statement & { readonly kind: "drop" }): readonly QualifiedName[] {
  if (statement.ifExists) return [];
  if (isPartType(statement.object)) return statement.on === null ? [] : [statement.on];
  return isRelationType(statement.object) ? statement.names : [];
}

function isOfRelation(statement: Statement & { readonly kind: "rename" | "set schema" }): boolean {
  return isRelationType(statement.object) || (statement.kind === "rename" && isPartType(statement.object));
}

/** COMMENT and GRANT. A comment on a constraint may be one on that of a domain. */
function toldOf(statement: Statement): readonly QualifiedName[] {
  if (statement.kind === "comment") {
    const isMeant = isRelationType(statement.object) || isPartType(statement.object);
    return isMeant && statement.target !== null ? [statement.target] : [];
  }
  if (statement.kind !== "grant" && statement.kind !== "revoke") return [];
  return isRelationType(statement.object) ? statement.names : [];
}

function namedByAction(action: Action): readonly QualifiedName[] {
  switch (action.kind) {
    case "attach partition":
    case "detach partition":
      return [action.partition];
    case "inherit":
    case "no inherit":
      return [action.parent];
    case "add constraint":
      return referencedBy(action.constraint);
    case "add column":
      return action.column.constraints.flatMap(referencedBy);
    default:
      return [];
  }
}

function referencedBy(constraint: Constraint): readonly QualifiedName[] {
  return constraint.kind === "foreign key" ? [constraint.references] : [];
}

function ownerOf(owner: { readonly table: QualifiedName } | "none" | null): readonly QualifiedName[] {
  return owner === null || owner === "none" ? [] : [owner.table];
}

/** A data change with all that it reads. Names of WITH are no relations. */
function neededByChange(
  change: DataChange,
  world: EffectsWorld,
  outer: ReadonlySet<string> = new Set(),
): readonly Needed[] {
  const names = new Set([...outer, ...change.with.map(({ name }) => name)]);
  const isRelation = ({ name: { schema, name } }: Needed) =>
    schema !== null || typeof name !== "string" || !names.has(name);
  const needed: Needed[] = change.with.flatMap(({ query }) =>
    isChange(query) ? neededByChange(query, world, names) : readOf(query, world, names),
  );
  needed.push({ name: change.table, isInQuery: true });
  for (const source of sourcesOf(change)) append(needed, neededBySource(source, world, names));
  if (change.kind === "insert" && change.source !== null) append(needed, readOf(change.source, world, names));
  for (const expression of expressionsOf(change)) append(needed, readBy(expression, world));
  return needed.filter(isRelation);
}

function sourcesOf(change: DataChange): readonly Source[] {
  if (change.kind === "update") return change.from;
  if (change.kind === "delete") return change.using;
  return change.kind === "merge" ? [change.source] : [];
}

function expressionsOf(change: DataChange): readonly Expression[] {
  const where = change.kind === "update" || change.kind === "delete" ? change.where : null;
  const assigned = change.kind === "insert" || change.kind === "update" ? change.assignments : [];
  return [...(where === null ? [] : [where.value]), ...valuesSet(assigned)];
}

function neededBySource(source: Source, world: EffectsWorld, names: ReadonlySet<string>): readonly Needed[] {
  if (source.kind === "relation") return [{ name: source, isInQuery: true }];
  if (source.kind === "subquery") return readOf(source.query, world, names);
  if (source.kind !== "join") return [];
  return [...neededBySource(source.left, world, names), ...neededBySource(source.right, world, names)];
}

function readOf(query: Query, world: EffectsWorld, names?: ReadonlySet<string>): readonly Needed[] {
  return readsOf(query, world, names).map((name) => ({ name, isInQuery: true }));
}

function readBy(expression: Expression, world: EffectsWorld): readonly Needed[] {
  return readsIn(expression, world).map((name) => ({ name, isInQuery: true }));
}

function needNamed(names: readonly QualifiedName[]): readonly Needed[] {
  return names.map((name) => ({ name, isInQuery: false }));
}

import { isRoutineType } from "../../model/object-types.ts";
import type { Rename, SetSchema } from "../../model/statement.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import { type Index, isTable, type Relation, type TableConstraint, type UserType } from "../entities.ts";
import type { ViewHook } from "../table-parts.ts";
import { type Draft, findRelation, findTable, findType, placeOf, relationById } from "./draft.ts";
import { dependents, putRelation, putType, rewordTable, usersIn } from "./draft-edits.ts";
import { ownedRoles } from "./edges.ts";
import { renameFunctions } from "./functions.ts";
import { findGone, noteGonePart, noteGoneUnknown, noteMade } from "./gone.ts";
import type { GoneThing } from "./gone-names.ts";
import { renameThing } from "./made.ts";
import { indexesOf } from "./own-indexes.ts";
import { renamePublication } from "./publications.ts";
import { renameColumn } from "./rename-column.ts";
import { dependentsOf } from "./state.ts";
import { moveStatistics, renameStatistics } from "./statistics.ts";
import { changeTable, familyOf, isGone, noteUnknown, tableFor } from "./tables.ts";
import { entriesOf, getFrom } from "./trie.ts";
import { forgetAttributes, renameLabel } from "./types.ts";

/** ALTER ... RENAME of an object, or of a part of one. */
export function foldRename(draft: Draft, statement: Rename): void {
  const to = truncateName(statement.to.name);
  const part = statement.part === null ? null : truncateName(statement.part.name);
  switch (statement.object) {
    case "table":
    case "foreign table":
    case "view":
    case "materialized view":
    case "index":
    case "sequence": {
      const relation = relationNamed(draft, statement);
      if (relation !== undefined) renameRelation(draft, relation, to);
      break;
    }
    case "attribute": {
      const type = findType(draft, statement.target);
      if (type !== undefined) forgetAttributes(draft, type);
      break;
    }
    case "column": {
      const relation = relationNamed(draft, statement);
      if (relation !== undefined && part !== null) renameColumn(draft, relation.id, part, to);
      break;
    }
    case "constraint": {
      const relation = relationNamed(draft, statement);
      if (relation === undefined || part === null) break;
      for (const member of familyOf(draft, relation.id)) renameConstraint(draft, member, part, to);
      break;
    }
    case "trigger":
    case "policy":
    case "rule":
      if (part !== null) renamePart(draft, statement, part, to);
      break;
    case "statistics":
      renameStatistics(draft, statement.target, to);
      break;
    case "publication":
      renamePublication(draft, truncateName(statement.target.name.name), to);
      renameThing(draft, statement, to);
      break;
    case "role":
    case "server":
    case "subscription":
    case "event trigger":
      renameThing(draft, statement, to);
      break;
    case "schema":
      renameThing(draft, statement, to);
      renameSchema(draft, truncateName(statement.target.name.name), to);
      break;
    case "function":
    case "procedure":
    case "routine":
    case "aggregate":
      renameFunctions(draft, statement.target, { name: to });
      break;
    default:
      renameTypePart(draft, statement, part, to);
  }
}

/** ALTER ... SET SCHEMA; what belongs to a table moves with it. */
export function foldSetSchema(draft: Draft, statement: SetSchema): void {
  const schema = truncateName(statement.to.name);
  // Into a schema that is gone nothing moves: the server refuses it.
  if (findGone(draft, draft.path, "schema", { schema: null, name: schema }) !== undefined) return;
  if (isRoutineType(statement.object) || statement.object === "aggregate") {
    renameFunctions(draft, statement.target, { schema });
    return;
  }
  if (statement.object === "type" || statement.object === "domain") {
    const type = findType(draft, statement.target);
    if (type !== undefined) moveType(draft, { ...type, schema });
    return;
  }
  if (statement.object === "statistics") {
    moveStatistics(draft, statement.target, schema);
    return;
  }
  const relation = relationNamed(draft, statement);
  if (relation === undefined) return;
  putRelation(draft, { ...relation, schema });
  if (isTable(relation)) retellReferences(draft, relation.id);
  for (const role of ownedRoles) {
    for (const own of dependents(draft, role, relation.id)) putRelation(draft, { ...own, schema });
  }
}

function relationNamed(draft: Draft, statement: Rename | SetSchema): Relation | undefined {
  const found = findRelation(draft, statement.target);
  // What went away before has no name to give away.
  if (found !== undefined || isGone(draft, statement.target)) return found;
  const isTableToo = ["table", "column", "constraint", "foreign table"].includes(statement.object);
  if (!statement.ifExists && isTableToo) return tableFor(draft, statement.target);
  if (statement.kind === "set schema" || statement.part === null) noteGivenAway(draft, statement, "relation");
  if (statement.ifExists) return undefined;
  if (statement.object !== "attribute") noteUnknown(draft, statement.target);
  return undefined;
}

/** The name of a thing that the history never made, once it is given away. */
function noteGivenAway(draft: Draft, statement: Rename | SetSchema, thing: GoneThing): void {
  const to = truncateName(statement.to.name);
  noteGoneUnknown(draft, thing, statement.target, statement.ifExists);
  const { schema, name } = placeOf(draft, statement.target);
  // What it is called now may be there, whether the history knows the thing or not.
  noteMade(draft, thing, statement.kind === "rename" ? { schema, name: to } : { schema: to, name });
}

/** Whatever points at the relation does so by its id and follows. An index takes its constraint along. */
function renameRelation(draft: Draft, relation: Relation, name: string): void {
  if (relation.kind === "index" && relation.constraint !== null) {
    renameConstraint(draft, relation.table, relation.constraint, name);
    return;
  }
  putRelation(draft, { ...relation, name });
  if (isTable(relation)) retellReferences(draft, relation.id);
}

/** Foreign keys know the referenced table by its id, and by its name for people. */
function retellReferences(draft: Draft, referenced: number): void {
  const target = relationById(draft, referenced);
  if (target === undefined) return;
  for (const table of dependents(draft, "reference", referenced)) {
    if (!isTable(table)) continue;
    const references = { id: referenced, schema: target.schema, name: target.name };
    const constraints = table.constraints.map((constraint) =>
      constraint.kind === "foreign key" && constraint.references.id === referenced
        ? { ...constraint, references }
        : constraint,
    );
    rewordTable(draft, { ...table, constraints });
  }
}

function renameConstraint(draft: Draft, id: number, from: string, to: string): void {
  noteGonePart(draft, "constraint", id, from, `renamed to ${quoteName(to)}`);
  const rename = (constraint: TableConstraint): TableConstraint =>
    constraint.name === from ? { ...constraint, name: to } : constraint;
  changeTable(draft, id, (table) => ({ constraints: table.constraints.map(rename) }));
  for (const index of indexesOf(draft, id)) {
    if (index.constraint !== from) continue;
    putRelation<Index>(draft, { ...index, name: to, constraint: to });
  }
}

function renamePart(draft: Draft, statement: Rename, from: string, to: string): void {
  const { object } = statement;
  const view = findRelation(draft, statement.target);
  if (view?.kind === "view" && view.hooks !== undefined) {
    const isOwn = (hook: ViewHook) => hook.kind === object && hook.name === from;
    putRelation(draft, {
      ...view,
      hooks: view.hooks.map((hook) => (isOwn(hook) ? { ...hook, name: to } : hook)),
    });
    return;
  }
  const table = findTable(draft, statement.target);
  if (table === undefined) return;
  const rename = <Part extends { readonly name: string }>(parts: readonly Part[]): readonly Part[] =>
    parts.map((own) => (own.name === from ? { ...own, name: to } : own));
  if (object === "trigger" || object === "policy" || object === "rule")
    noteGonePart(draft, object, table.id, from, `renamed to ${quoteName(to)}`);
  changeTable(draft, table.id, (current) => {
    if (statement.object === "trigger") return { triggers: rename(current.triggers) };
    const [part, named] = [`${statement.object} ${from}`, `${statement.object} ${to}`];
    const uses = current.uses?.map((one) => (one.part === part ? { ...one, part: named } : one));
    const rest = uses === undefined ? {} : { uses };
    if (statement.object === "policy") return { policies: rename(current.policies), ...rest };
    return { rules: current.rules.map((rule) => (rule === from ? to : rule)), ...rest };
  });
}

function renameTypePart(draft: Draft, statement: Rename, part: string | null, to: string): void {
  const type = findType(draft, statement.target);
  if (type === undefined) {
    if (part === null) noteGivenAway(draft, statement, "type");
    return;
  }
  if (statement.object === "domain constraint") {
    const constraints = type.constraints.map((own) => (own.name === part ? { ...own, name: to } : own));
    putType(draft, { ...type, constraints });
  } else if (statement.object === "enum value") {
    renameLabel(draft, type, part, to);
  } else if (part === null) {
    moveType(draft, { ...type, name: to });
  }
}

/** Columns and domains hold their types by name: they are told. */
function moveType(draft: Draft, type: UserType): void {
  const users = dependentsOf(draft, "type user", type.id);
  const domains = dependentsOf(draft, "domain", type.id);
  const before = getFrom(draft.types, type.id);
  putType(draft, type);
  const isMeant = (name: { schema: string | null; name: string } | null): boolean =>
    name !== null && name.schema === before?.schema && name.name === before?.name;
  for (const id of users) {
    changeTable(draft, id, (table) => ({
      columns: table.columns.map((column) =>
        column.type !== null && isMeant(column.type)
          ? { ...column, type: { ...column.type, schema: type.schema, name: type.name } }
          : column,
      ),
    }));
  }
  for (const id of domains) {
    const domain = getFrom(draft.types, id);
    if (domain === undefined || domain.base === null || !isMeant(domain.base)) continue;
    putType(draft, { ...domain, base: { ...domain.base, schema: type.schema, name: type.name } });
  }
}

/** ALTER SCHEMA ... RENAME: everything in it moves at once. */
function renameSchema(draft: Draft, from: string, to: string): void {
  for (const [, type] of entriesOf(draft.types)) {
    if (type.schema === from) moveType(draft, { ...type, schema: to });
  }
  for (const relation of usersIn(draft, "in", from)) {
    const current = relationById(draft, relation.id) ?? relation;
    putRelation(draft, { ...current, schema: to });
    if (isTable(current)) retellReferences(draft, current.id);
  }
  for (const [, functions] of entriesOf(draft.functions)) {
    const first = functions[0];
    if (first?.schema === from) {
      renameFunctions(draft, { schema: from, name: first.name }, { schema: to });
    }
  }
}

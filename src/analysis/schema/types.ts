import type { TypeDescription } from "../../model/name.ts";
import type { AlterDomain, AlterEnum, AlterType, CreateDomain, CreateType } from "../../model/statement.ts";
import type { Constraint } from "../../model/table.ts";
import { truncateName } from "../../sql/names.ts";
import { isTable, type UserType } from "../entities.ts";
import { knownType } from "./columns.ts";
import { type Draft, findType, MAX_PARTS, originOf, placeOf, takeId } from "./draft.ts";
import { chooseConstraintName, dependents, putRelation, putType, removeType } from "./draft-edits.ts";
import { dropColumn, dropRelation } from "./drop.ts";
import { dividesBy } from "./expressions.ts";
import { noteGonePart } from "./gone.ts";
import { placeIn, withNext, withPlace } from "./places.ts";
import { dependentsOf } from "./state.ts";
import { getFrom } from "./trie.ts";

const blankType = { labels: [], base: null, notNull: false, default: null, constraints: [] } as const;

/** CREATE TYPE: enum, composite, range or base. */
export function foldCreateType(draft: Draft, statement: CreateType): void {
  const place = placeOf(draft, statement.type);
  const before = findType(draft, place);
  putType(draft, {
    kind: statement.form === "shell" ? "base" : statement.form,
    ...blankType,
    ...place,
    id: before?.id ?? takeId(draft),
    origin: originOf(draft),
    isCertainlyNew: true,
    labels: statement.values.map((name) => ({ name, origin: null })),
    ...(statement.form === "composite" && {
      attributes: statement.attributes.flatMap(({ name, type }) =>
        type === null ? [] : [{ name: truncateName(name.name), type: knownType(draft, type) }],
      ),
    }),
  });
}

/** ALTER TYPE of a composite: what it is now is not followed, nor are the columns of the tables made of it. */
export function foldAlterType(draft: Draft, statement: AlterType): void {
  const type = findType(draft, statement.type);
  if (type !== undefined) forgetAttributes(draft, type);
}

/** The attributes of a composite type are in doubt from now on, and with them tables of that type. */
export function forgetAttributes(draft: Draft, type: UserType): void {
  if (type.attributes === undefined) return;
  const { attributes: _, ...rest } = type;
  putType(draft, rest);
  for (const table of dependents(draft, "typed table", type.id))
    if (isTable(table)) putRelation(draft, { ...table, isComplete: false });
}

/** ALTER TYPE ... ADD VALUE and RENAME VALUE; an enum that nobody made is taken to be there. */
export function foldAlterEnum(draft: Draft, statement: AlterEnum): void {
  const type = findType(draft, statement.type) ?? assumeType(draft, statement);
  const { labels } = type;
  if (statement.action === "rename value") {
    const { value, newName } = statement;
    if (newName !== null) renameLabel(draft, type, value, newName);
    return;
  }
  if (placeIn(labels, statement.value) !== -1 || labels.length >= MAX_PARTS) return;
  const { position } = statement;
  const neighbour = position === null ? -1 : placeIn(labels, position.neighbour);
  const at = neighbour === -1 ? labels.length : position?.before === true ? neighbour : neighbour + 1;
  const label = { name: statement.value, origin: originOf(draft) };
  const isLast = at === labels.length;
  putType(draft, { ...type, labels: isLast ? withNext(labels, label) : labels.toSpliced(at, 0, label) });
}

/** Gives the label another name in its place; nothing happens where it is not known. */
export function renameLabel(draft: Draft, type: UserType, from: string | null, to: string): void {
  const { labels } = type;
  const at = from === null ? -1 : placeIn(labels, from);
  const label = labels[at];
  if (label === undefined || from === null) return;
  noteGonePart(draft, "value", type.id, from, `renamed to '${to}'`);
  putType(draft, { ...type, labels: withPlace(labels, at, { ...label, name: to }) });
}

/** An enum that was there before the history: what it had is not known. */
function assumeType(draft: Draft, statement: AlterEnum): UserType {
  const place = placeOf(draft, statement.type);
  return putType(draft, {
    kind: "enum",
    ...blankType,
    ...place,
    id: takeId(draft),
    origin: null,
    isCertainlyNew: false,
  });
}

/** CREATE DOMAIN with its constraints, their names chosen as the server chooses them. */
export function foldCreateDomain(draft: Draft, statement: CreateDomain): void {
  const place = placeOf(draft, statement.domain);
  const before = findType(draft, place);
  let type: UserType = putType(draft, {
    kind: "domain",
    ...blankType,
    ...place,
    id: before?.id ?? takeId(draft),
    origin: originOf(draft),
    isCertainlyNew: true,
    base: knownType(draft, statement.type),
    notNull: statement.notNull,
    default: statement.default?.value ?? null,
  });
  for (const constraint of statement.constraints) type = addDomainConstraint(draft, type, constraint);
}

/** ALTER DOMAIN; one that the history does not know stays unknown. */
export function foldAlterDomain(draft: Draft, statement: AlterDomain): void {
  const type = findType(draft, statement.domain);
  if (type === undefined) return;
  const name = statement.name === null ? null : truncateName(statement.name.name);
  switch (statement.action) {
    case "add constraint":
      if (statement.constraint !== null) addDomainConstraint(draft, type, statement.constraint);
      break;
    case "drop constraint":
      putType(draft, { ...type, constraints: type.constraints.filter((own) => own.name !== name) });
      break;
    case "validate constraint": {
      const constraints = type.constraints.map((own) =>
        own.name === name ? { ...own, validated: true } : own,
      );
      putType(draft, { ...type, constraints });
      break;
    }
    case "set not null":
    case "drop not null":
      putType(draft, { ...type, notNull: statement.action === "set not null" });
      break;
    case "drop default":
      putType(draft, { ...type, default: null });
      break;
    case "set default":
      // The model does not carry the expression; that there is one is not known any more.
      break;
  }
}

function addDomainConstraint(draft: Draft, type: UserType, constraint: Constraint): UserType {
  if (constraint.kind === "not null") return putType(draft, { ...type, notNull: true });
  if (constraint.kind !== "check" || type.constraints.length >= MAX_PARTS) return type;
  const given = constraint.name === null ? null : truncateName(constraint.name.name);
  const name = given ?? chooseConstraintName(draft, type.schema, [type.name, null, "check"]);
  const added = { name, expression: constraint.expression.value, validated: !constraint.notValid };
  return putType(draft, { ...type, constraints: [...type.constraints, added] });
}

/** DROP TYPE and DROP DOMAIN: columns, attributes and domains of the type go with it, and tables that are made of it. */
export function dropType(draft: Draft, type: UserType): void {
  // Domains over domains may be as many as a file can hold: so no function that calls itself.
  const doomed = new Map([[type.id, type]]);
  for (const one of doomed.values()) {
    for (const id of dependentsOf(draft, "domain", one.id)) {
      const user = getFrom(draft.types, id);
      if (user?.kind === "domain") doomed.set(id, user);
    }
  }
  for (const one of [...doomed.values()].reverse()) dropUsers(draft, one, one === type || draft.cascades);
}

/** `isSure`: the type is gone for certain; what is of the type, with CASCADE only. */
function dropUsers(draft: Draft, type: UserType, isSure: boolean): void {
  const isOfType = (other: TypeDescription | null) =>
    other !== null && other.schema === type.schema && other.name === type.name;
  for (const table of dependents(draft, "typed table", type.id))
    dropRelation(draft, table.id, draft.cascades);
  for (const relation of dependents(draft, "type user", type.id)) {
    if (!isTable(relation)) continue;
    for (const column of relation.columns) {
      if (!isOfType(column.type)) continue;
      // Without a column of its key, a partitioned table is none.
      if (dividesBy(relation.partitionBy, column.name)) dropRelation(draft, relation.id, draft.cascades);
      else dropColumn(draft, relation.id, column.name, false, draft.cascades);
    }
  }
  for (const id of dependentsOf(draft, "domain", type.id)) {
    const user = getFrom(draft.types, id);
    if (user?.attributes === undefined) continue;
    putType(draft, { ...user, attributes: user.attributes.filter((one) => !isOfType(one.type)) });
  }
  removeType(draft, type.id, isSure);
}

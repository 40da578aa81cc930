import type { TypeDescription } from "../../model/name.ts";
import type { AlterDomain, AlterEnum, AlterType } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { isSureOfKind } from "../assumed.ts";
import { attributeChanges } from "../attributes.ts";
import { labelOf } from "../effect.ts";
import type { Table, UserType } from "../entities.ts";
import { placeIn } from "../schema/places.ts";
import type { Schema } from "../schema.ts";
import { familyOf, hasStorage } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { depend, fail, lock, shortName, targetOf } from "./ledger.ts";
import { refuseNeighbour } from "./object-refusals.ts";
import { refuseDomain, refuseLabel } from "./type-refusals.ts";
import { hasWords } from "./words.ts";

/** ALTER DOMAIN: a constraint that is to hold now is checked in every table that uses the domain, while writers wait. */
export function alterDomain(ledger: Ledger, statement: AlterDomain): void {
  const { schema } = ledger.world;
  const { action, constraint } = statement;
  refuseDomain(ledger, statement);
  const isChecking =
    action === "set not null" ||
    action === "validate constraint" ||
    (action === "add constraint" && constraint !== null && !constraint.notValid);
  if (!isChecking) return;
  const domain = schema.findType(statement.domain);
  if (domain === undefined) {
    depend(ledger, `the tables that use the domain ${quoteName(statement.domain.name.name)}`);
    return;
  }
  // What is so already is not checked again; VALIDATE CONSTRAINT does not ask.
  if (action === "set not null" && domain.notNull) return;
  for (const table of tablesOf(ledger, domain)) {
    refuseNested(ledger, table, domain);
    lock(ledger, table, "SHARE", `uses the domain ${quoteName(domain.name)}`);
    ledger.scans.add(labelOf(table));
  }
}

/** The server does not look into arrays and composites for values of the domain: it refuses. */
function refuseNested(ledger: Ledger, table: Table, domain: UserType): void {
  const { schema } = ledger.world;
  if (table.columns.some(({ type }) => type !== null && isInside(schema, type, domain.id)))
    fail(ledger, "0A000", `${quoteName(table.name)} holds values of the domain inside of others`);
}

/** Types that are made of one another deeper than that are nobody's. */
const deepest = 10;

/** Whether values of the type hold some of the domain as elements or attributes. */
function isInside(
  schema: Schema,
  type: TypeDescription,
  domain: number,
  isPart = type.dimensions > 0,
  depth = 0,
): boolean {
  if (type.schema === null || depth > deepest) return false;
  const found = schema.findType(type);
  if (found === undefined || found.id === domain) return found !== undefined && isPart;
  const below = (part: TypeDescription, is: boolean) =>
    isInside(schema, part, domain, is || part.dimensions > 0, depth + 1);
  if (found.base !== null) return below(found.base, isPart);
  return (found.attributes ?? []).some((one) => below(one.type, true));
}

/** ALTER TYPE of an enum locks no table. */
export function alterEnum(ledger: Ledger, statement: AlterEnum): void {
  const type = ledger.world.schema.findType(statement.type);
  if (type === undefined) return;
  const { labels } = type;
  const has = (label: string) => placeIn(labels, label) !== -1;
  const { action, value, newName } = statement;
  if (type.kind !== "enum") fail(ledger, "42809", `${quoteName(type.name)} is not an enum`);
  refuseLabel(ledger, action === "rename value" ? (newName ?? value) : value);
  if (action === "add value" && has(value) && !statement.ifNotExists)
    fail(ledger, "42710", `enum value ${value} already exists`);
  // Of an enum that is older than the history not all values are known.
  if (type.origin !== null) refuseNeighbour(ledger, statement, has);
  if (action === "rename value" && type.origin !== null && !has(value))
    fail(ledger, "22023", `${value} is not a value of the enum`);
  if (action === "rename value" && newName !== null && has(newName))
    fail(ledger, "42710", `enum value ${newName} already exists`);
}

/** Tables with rows that hold values of the type, partitions among them. */
function tablesOf(ledger: Ledger, type: UserType): readonly Table[] {
  const { schema } = ledger.world;
  const found = new Map<number, Table>();
  for (const table of schema.tablesUsingType(type.id))
    for (const member of familyOf(schema, table)) if (hasStorage(member)) found.set(member.id, member);
  return [...found.values()];
}

/** ALTER TYPE of a composite: tables made OF it follow with CASCADE; columns of it forbid another attribute type. */
export function alterType(ledger: Ledger, statement: AlterType): void {
  const { schema } = ledger.world;
  const type = schema.findType(statement.type);
  const hasChange = (word: string) => hasWords(ledger, statement.span, word, "attribute");
  const isOfAttributes = hasChange("add") || hasChange("drop") || hasChange("alter");
  const row = type === undefined ? targetOf(ledger.world, statement.type).known : null;
  if (isOfAttributes && row !== null && isSureOfKind(row))
    fail(ledger, "42809", `${quoteName(row.name)} is a relation, and no type of its own`);
  if (type === undefined) {
    if (statement.cascade) depend(ledger, `the tables made of type ${quoteName(statement.type.name.name)}`);
    return;
  }
  // An attribute that gets another type is looked up before anything else, others behind what the type is used for.
  if (hasChange("alter")) refuseAttributes(ledger, statement, type);
  const [holder] = schema.tablesUsingType(type.id);
  if (holder !== undefined && hasChange("alter"))
    fail(ledger, "0A000", `${shortName(ledger.world, labelOf(holder))} has a column of the type`);
  if (isOfAttributes) cascadeToTyped(ledger, type, statement.cascade, hasChange("alter"));
  refuseAttributes(ledger, statement, type);
}

/** Attributes that are there are dropped and altered, others added. */
function refuseAttributes(ledger: Ledger, statement: AlterType, { attributes, name }: UserType): void {
  if (attributes === undefined) return;
  const names = new Set(attributes.map((one) => one.name));
  for (const { verb, attribute, ifExists } of attributeChanges(ledger.world.text, statement)) {
    if (verb === "add" && names.has(attribute))
      fail(ledger, "42701", `type ${quoteName(name)} has an attribute ${quoteName(attribute)} already`);
    if (verb !== "add" && !ifExists && !names.has(attribute))
      fail(ledger, "42703", `type ${quoteName(name)} has no attribute ${quoteName(attribute)}`);
    if (verb === "add") names.add(attribute);
    else if (verb === "drop") names.delete(attribute);
  }
}

/** Tables made OF a type change with it, if CASCADE says so; an attribute's new type is taken to need new values. */
export function cascadeToTyped(ledger: Ledger, type: UserType, cascade: boolean, isRewritten: boolean): void {
  for (const table of ledger.world.schema.typedTables(type.id)) {
    if (!cascade) fail(ledger, "2BP01", `${quoteName(table.name)} is made of type ${quoteName(type.name)}`);
    lock(ledger, table, "ACCESS EXCLUSIVE", `of type ${quoteName(type.name)}`);
    if (!isRewritten) continue;
    ledger.rewrites.add(labelOf(table));
    ledger.scans.add(labelOf(table));
    for (const index of ledger.world.schema.indexesOf(table.id)) {
      lock(ledger, index, "ACCESS EXCLUSIVE");
      ledger.buildsIndexes.add(index.name);
    }
  }
}

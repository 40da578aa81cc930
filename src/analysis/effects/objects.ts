import type { LockMode } from "../../model/locks.ts";
import { isPartType, isRelationType } from "../../model/object-types.ts";
import type {
  CommentOn,
  CreateTrigger,
  Grant,
  Policy,
  Rename,
  SetSchema,
  StatementOf,
} from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { type Lock, labelOf } from "../effect.ts";
import { isTable } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { policyValues } from "./definition-values.ts";
import { familyOf, hasChildren, isInheritedColumn, isPartitioned, lockDescendants } from "./family.ts";
import type { Ledger } from "./ledger.ts";
import { fail, lock, lockTarget, needVersion, schemaOf, shortName, targetOf } from "./ledger.ts";
import { lockMentioned } from "./mentions.ts";
import { isMissing } from "./missing.ts";
import {
  refuseColumnComment,
  refuseComment,
  refuseDomainWord,
  refuseGrant,
  refuseKind,
  refusePolicy,
  refuseRule,
  refuseWord,
} from "./object-refusals.ts";
import { readRelation } from "./queries.ts";
import { readsIn } from "./reads.ts";
import { refuseColumnName, refuseConstraintName } from "./rename-refusals.ts";
import { refuseTakenName, refuseTakenPart } from "./taken-names.ts";
import { refuseCopy, refuseTrigger } from "./trigger-refusals.ts";
import { refuseTypeName } from "./type-refusals.ts";
import { cascadeToTyped } from "./types.ts";
import { hasWords, isOnly } from "./words.ts";

function kindOf(object: string): Lock["kind"] {
  return object === "view" || object === "materialized view" || object === "index" || object === "sequence"
    ? object
    : "table";
}

/** RENAME of a relation or of a part of one. Types, schemas and functions lock no relation. */
export function rename(ledger: Ledger, statement: Rename): void {
  const { world } = ledger;
  const { object } = statement;
  const isPart = statement.part !== null;
  if (!isPart && !isRelationType(object)) {
    if (object === "type") refuseKind(ledger, statement);
    refuseDomainWord(ledger, object, statement.target);
    refuseTakenName(ledger, statement);
    return;
  }
  if (isPart && (object === "attribute" || object === "enum value" || object === "domain constraint")) {
    const type = object === "attribute" ? world.schema.findType(statement.target) : undefined;
    if (type?.attributes?.some(({ name }) => name === statement.to.name) === true)
      fail(
        ledger,
        "42701",
        `type ${quoteName(type.name)} has an attribute ${quoteName(statement.to.name)} already`,
      );
    if (type !== undefined)
      cascadeToTyped(ledger, type, hasWords(ledger, statement.span, statement.to.name, "cascade"), false);
    return;
  }
  const target = targetOf(world, statement.target);
  if (target.known === null && statement.ifExists && isMissing(ledger, target.label)) return;
  // ALTER INDEX ... RENAME is gentle; ALTER TABLE on an index is not.
  refuseKind(ledger, statement);
  const isIndex = object === "index" && !isPart && (target.known === null || target.known.kind === "index");
  lockTarget(ledger, target, kindOf(object), isIndex ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE");
  if (!isPart) {
    const taken = world.schema.findRelation({ schema: schemaOf(target), name: statement.to.name });
    if (taken !== undefined) fail(ledger, "42P07", `relation ${quoteName(statement.to.name)} already exists`);
    if (target.known !== null) refuseTypeName(ledger, schemaOf(target), statement.to.name, target.known.kind);
    return;
  }
  if (object === "column" && world.version < 13 && hasWords(ledger, statement.span, "alter", "view"))
    needVersion(ledger, 13, "ALTER VIEW ... RENAME COLUMN");
  const table = isTable(target.known) ? target.known : null;
  if (table === null) return;
  const part = statement.part?.name ?? "";
  if (object === "column") {
    refuseColumnName(ledger, statement, table);
    if (table.isComplete && !table.columns.some((column) => column.name === part))
      fail(ledger, "42703", `column ${quoteName(part)} of ${shortName(world, target.label)} does not exist`);
    if (isInheritedColumn(world.schema, table, part))
      fail(ledger, "42P16", `column ${quoteName(part)} is inherited`);
    if (isOnly(ledger, statement.span, statement.target)) {
      if (hasChildren(world.schema, table))
        fail(ledger, "42P16", `column ${quoteName(part)} must be renamed in the child tables too`);
    } else lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
  }
  if (object === "constraint") {
    const constraint = table.constraints.find((one) => one.name === part);
    refuseConstraintName(ledger, statement, table, part);
    if (constraint?.kind === "check" || constraint?.kind === "not null")
      if (!constraint.noInherit) lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
    const index = world.schema
      .indexesOf(table.id)
      .find((one) => one.name === part && one.constraint !== null);
    if (index !== undefined) lock(ledger, index, "SHARE UPDATE EXCLUSIVE");
  }
  refuseTakenPart(ledger, statement, table);
  if (object === "trigger") refuseCopy(ledger, table, part);
  if (object === "trigger" && isPartitioned(table) && world.version >= 15)
    lockDescendants(ledger, table, "ACCESS EXCLUSIVE");
}

/** SET SCHEMA takes owned sequences along. */
export function setSchema(ledger: Ledger, statement: SetSchema): void {
  if (!isRelationType(statement.object)) {
    refuseDomainWord(ledger, statement.object, statement.target);
    refuseTakenName(ledger, statement);
    return;
  }
  const target = targetOf(ledger.world, statement.target);
  if (target.known === null && statement.ifExists && isMissing(ledger, target.label)) return;
  if (target.known !== null) refuseWord(ledger, statement.object, target.known);
  if (target.known?.kind === "index") fail(ledger, "42809", "the schema of an index is that of its table");
  if (target.known?.kind === "sequence" && target.known.ownedBy !== null)
    fail(ledger, "0A000", "an owned sequence moves with its table");
  if (isTable(target.known) && target.known.persistence === "temporary")
    fail(ledger, "0A000", "a temporary table stays in the schema of its session");
  lockTarget(ledger, target, kindOf(statement.object), "ACCESS EXCLUSIVE");
  const taken = { schema: statement.to.name, name: statement.target.name.name };
  const other = ledger.world.schema.findRelation(taken);
  if (other !== undefined && other.id !== target.known?.id)
    fail(
      ledger,
      "42P07",
      `relation ${quoteName(taken.name)} already exists in schema ${quoteName(taken.schema)}`,
    );
  if (isTable(target.known)) {
    // Its indexes go along.
    for (const { name, id } of ledger.world.schema.indexesOf(target.known.id)) {
      const namesake = ledger.world.schema.findRelation({ schema: statement.to.name, name });
      if (namesake !== undefined && namesake.id !== id)
        fail(
          ledger,
          "42P07",
          `relation ${quoteName(name)} already exists in schema ${quoteName(taken.schema)}`,
        );
    }
    for (const sequence of ledger.world.schema.sequencesOf(target.known.id))
      lock(ledger, sequence, "ACCESS EXCLUSIVE");
  }
}

/** COMMENT ON a relation or column waits behind VACUUM; on a part of a table hardly anything. */
export function comment(ledger: Ledger, statement: CommentOn): void {
  const { object, target: name } = statement;
  if (name === null) return;
  refuseDomainWord(ledger, object, name);
  const isRelation = isRelationType(object) || object === "column";
  if (!isRelation && !isPartType(object)) return;
  const target = targetOf(ledger.world, name);
  // A constraint of a domain.
  if (target.known === null && ledger.world.schema.findType(name) !== undefined) return;
  if (isRelation) refuseComment(ledger, statement);
  if (object === "column") refuseColumnComment(ledger, statement);
  lockTarget(ledger, target, kindOf(object), isRelation ? "SHARE UPDATE EXCLUSIVE" : "ACCESS SHARE");
}

/** GRANT and REVOKE lock the relations that they name since 18, so that they cannot be dropped meanwhile. */
export function grant(ledger: Ledger, statement: Grant): void {
  const { world } = ledger;
  refuseGrant(ledger, statement);
  for (const name of statement.names) refuseDomainWord(ledger, statement.object, name);
  if (world.version < 18) return;
  const { object } = statement;
  if (!isRelationType(object)) return;
  for (const name of statement.names)
    lockTarget(ledger, targetOf(world, name), kindOf(object), "ACCESS SHARE");
}

/** CREATE TRIGGER lets readers go on; a row trigger of a partitioned table is made on every partition. */
export function createTrigger(ledger: Ledger, statement: CreateTrigger): void {
  const { world } = ledger;
  const target = targetOf(world, statement.table);
  const kind = target.known?.kind === "view" ? "view" : "table";
  if (statement.orReplace) needVersion(ledger, 14, "CREATE OR REPLACE TRIGGER");
  refuseTrigger(ledger, statement);
  lockTarget(ledger, target, kind, "SHARE ROW EXCLUSIVE");
  if (statement.from !== null) lockTarget(ledger, targetOf(world, statement.from), "table", "ACCESS SHARE");
  const table = isTable(target.known) ? target.known : null;
  if (table?.triggers.some((one) => one.name === statement.name.name) === true && !statement.orReplace)
    fail(ledger, "42710", `trigger ${quoteName(statement.name.name)} already exists`);
  if (table === null || !isPartitioned(table) || !statement.forEachRow) return;
  if (statement.timing === "before" && world.version < 13)
    fail(
      ledger,
      "42809",
      `${shortName(world, labelOf(table))} is partitioned and cannot have BEFORE ROW triggers`,
    );
  lockDescendants(ledger, table, "SHARE ROW EXCLUSIVE");
  const name = statement.name.name;
  const other = familyOf(world.schema, table).find((one) => one !== table && itemNamed(one.triggers, name));
  if (other !== undefined && !statement.orReplace)
    fail(ledger, "42710", `partition ${quoteName(other.name)} has a trigger ${quoteName(name)} already`);
}

/** CREATE and ALTER POLICY lock the table, and look at what their conditions read. */
export function policy(ledger: Ledger, statement: Policy): void {
  const { world } = ledger;
  const target = targetOf(world, statement.table);
  const table = isTable(target.known) ? target.known : null;
  if (target.known !== null && table?.kind !== "table")
    fail(ledger, "42809", `${shortName(world, target.label)} is not a table`);
  const isThere = table?.policies.some((one) => one.name === statement.name.name) === true;
  if (statement.kind === "create policy" && isThere)
    fail(ledger, "42710", `policy ${quoteName(statement.name.name)} already exists`);
  if (statement.kind === "alter policy" && table?.isComplete === true && !isThere)
    fail(ledger, "42704", `policy ${quoteName(statement.name.name)} does not exist`);
  refusePolicy(ledger, statement, table);
  lockTarget(ledger, target, "table", "ACCESS EXCLUSIVE");
  for (const part of policyValues(statement))
    for (const read of readsIn(part, world)) readRelation(ledger, read, "plans");
}

/** CREATE RULE locks its table, and the tables of its actions as these would. */
export function createRule(ledger: Ledger, statement: StatementOf<"create rule">): void {
  const { text } = ledger.world;
  refuseRule(ledger, statement);
  lockMentioned(ledger, text, { start: statement.table.span.end, end: statement.span.end });
  lockNamed(ledger, statement.table, "ACCESS EXCLUSIVE");
}

/** Locks one table that a statement names. */
export function lockNamed(ledger: Ledger, name: Rename["target"] | null, mode: LockMode): void {
  if (name !== null) lockTarget(ledger, targetOf(ledger.world, name), "table", mode);
}

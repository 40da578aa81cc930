import type { QualifiedName, TypeDescription } from "../../model/name.ts";
import { isRoutineType } from "../../model/object-types.ts";
import type { CreateTable, Rename, SetSchema } from "../../model/statement.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import type { Table, UserFunction } from "../entities.ts";
import { fail, type Ledger } from "./ledger.ts";
import { hasRowType } from "./type-refusals.ts";

/** RENAME and SET SCHEMA of a type or a routine, to a name that one of its kind has there. */
export function refuseTakenName(ledger: Ledger, statement: Rename | SetSchema): void {
  const { schema } = ledger.world;
  const { object, target } = statement;
  if (statement.kind === "rename" && statement.part !== null) return;
  if (object === "type" || object === "domain") {
    const type = schema.findType(target);
    if (type !== undefined) refuseTypeAt(ledger, nextOf(type, statement), type.id);
  }
  if (isRoutineType(object)) refuseRoutineAt(ledger, target, statement);
}

function nextOf({ schema, name }: Place, statement: Rename | SetSchema): Place {
  const to = truncateName(statement.to.name);
  return statement.kind === "rename" ? { schema, name: to } : { schema: to, name };
}

interface Place {
  readonly schema: string;
  readonly name: string;
}

function refuseTypeAt(ledger: Ledger, place: Place, id: number): void {
  const { schema } = ledger.world;
  const other = schema.findType(place);
  const relation = schema.findRelation(place);
  const isOfRows = relation !== undefined && hasRowType(relation.kind, ledger.world.version);
  if ((other !== undefined && other.id !== id) || isOfRows)
    fail(ledger, "42710", `type ${quoteName(place.name)} already exists`);
}

/** Only where it cannot be mistaken which one is meant, nor what stands at the new place. */
function refuseRoutineAt(ledger: Ledger, target: QualifiedName, statement: Rename | SetSchema): void {
  const { schema } = ledger.world;
  const [own, ...others] = schema.findFunctions(target);
  if (own === undefined || others.length > 0) return;
  const next = nextOf(own, statement);
  if (schema.findFunctions(next).some((one) => one.id !== own.id && isSurelyAlike(ledger, own, one)))
    fail(ledger, "42723", `function ${quoteName(next.name)} with these arguments already exists`);
}

function isSurelyAlike({ world }: Ledger, own: UserFunction, other: UserFunction): boolean {
  if (!other.isCertainlyNew || other.hasTwin === true || own.hasTwin === true) return false;
  if (world.schema.mayBeGone({ since: other.id })) return false;
  const types = other.argumentTypes;
  return (
    own.argumentTypes.length === types.length && own.argumentTypes.every((type, k) => isEqual(type, types[k]))
  );
}

function isEqual(left: TypeDescription, right: TypeDescription | undefined): boolean {
  return left.schema === right?.schema && left.name === right.name && left.dimensions === right.dimensions;
}

/** The new name of a trigger, policy or rule is free in its table. */
export function refuseTakenPart(ledger: Ledger, { object, part, to }: Rename, table: Table): void {
  const name = truncateName(to.name);
  // From 15 on a trigger may be given the name that it has.
  const isSame = part !== null && truncateName(part.name) === name;
  if (object === "trigger" && isSame && ledger.world.version >= 15) return;
  const isTaken =
    object === "trigger"
      ? table.triggers.some((one) => one.name === name)
      : object === "policy"
        ? table.policies.some((one) => one.name === name)
        : object === "rule" && table.rules.includes(name);
  if (isTaken) fail(ledger, "42710", `${object} ${quoteName(name)} already exists`);
}

/** CREATE TABLE: the names of its keys are relations beside it. */
export function refuseTakenConstraints(ledger: Ledger, statement: CreateTable, schema: string): void {
  const own = [...statement.columns.flatMap((one) => one.constraints), ...statement.constraints];
  const table = truncateName(statement.table.name.name);
  /** By its name: the columns of each key. Equal ones are one to the server. */
  const keys = new Map<string, string>();
  for (const constraint of own) {
    const name = constraint.name === null ? null : truncateName(constraint.name.name);
    if (name === null) continue;
    if (constraint.kind === "unique" || constraint.kind === "primary key") {
      const columns = constraint.columns.map((column) => truncateName(column.name)).join("\0");
      const isOther = (keys.get(name) ?? columns) !== columns || name === table;
      const isTaken = isOther || ledger.world.schema.findRelation({ schema, name }) !== undefined;
      if (isTaken) fail(ledger, "42P07", `relation ${quoteName(name)} already exists`);
      keys.set(name, columns);
    }
  }
}

import type { Action } from "../../model/action.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName, truncateName } from "../../sql/names.ts";
import type { Relation } from "../entities.ts";
import { isTable } from "../entities.ts";
import { isOwnFunction } from "../own-functions.ts";
import { hasActionOn } from "../same-statement.ts";
import type { Gone } from "../schema/gone-names.ts";
import { itemNamed } from "../schema/places.ts";
import type { Reading } from "../schema/reading.ts";
import { readExpression, readQuery, startReading } from "../schema/scope.ts";
import { sourceOf } from "../schema/scope-names.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import { failGone, findRelation, type Ledger } from "./ledger.ts";
import { type NeededParts, neededExpressions, neededParts } from "./needed-parts.ts";
import { changesIn, neededQueries } from "./needed-queries.ts";

/** Refuses columns, constraints, triggers, policies and rules that the history has dropped or given another name. */
export function refuseGoneParts(ledger: Ledger, statement: Statement, only: Action | null): void {
  const { world } = ledger;
  for (const { table, part, names } of neededParts(ledger, statement, only)) {
    const relation = findRelation(world, table);
    if (!isTable(relation) || (part !== "column" && relation.partitionOf !== null)) continue;
    for (const written of names) {
      const name = truncateName(written);
      const gone = gonePart(ledger, relation, part, name);
      if (gone !== undefined) failPart(ledger, relation, part, name, gone);
    }
  }
  // What a body names may as well be one of its variables.
  if (world.isInBody === true && world.parameters === undefined) return;
  for (const { table, alias, value } of neededExpressions(statement, only)) {
    const relation = findRelation(world, table);
    if (!isTable(relation)) continue;
    const reading = read(ledger);
    readExpression(reading, value, sourceOf(relation, alias));
    failMissing(ledger, reading, statement);
  }
  for (const query of neededQueries(statement)) {
    const reading = read(ledger);
    readQuery(reading, query);
    failMissing(ledger, reading, statement);
  }
  for (const change of changesIn(statement)) refuseGoneParts(ledger, change, null);
}

function read(ledger: Ledger): Reading {
  const { world } = ledger;
  return startReading(
    (schema, name) => findRelation(world, { schema, name }),
    (relation, column) => gonePart(ledger, relation, "column", column) !== undefined,
  );
}

/** The first column that is nowhere, and that went away from a table which could have had it. */
function failMissing(ledger: Ledger, { missing }: Reading, statement: Statement): void {
  for (const { column, relations } of missing) {
    if (isSystemColumn(column) || isOtherwiseRead(ledger, column)) continue;
    if (statement.kind === "alter table" && hasActionOn(statement, "add column", column)) continue;
    for (const relation of relations) {
      const gone = gonePart(ledger, relation, "column", column);
      if (gone !== undefined) failPart(ledger, relation, "column", column, gone);
    }
  }
}

/** The name may be that of an argument; and `t.name` is also the call `name(t)`. */
function isOtherwiseRead({ world }: Ledger, column: string): boolean {
  if (world.parameters?.has(column) === true) return true;
  return isOwnFunction(world.schema, column);
}

function gonePart(
  { world }: Ledger,
  relation: Relation,
  part: NeededParts["part"],
  name: string,
): Gone | undefined {
  const isThere = isTable(relation) ? hasPart(relation, part, name) : hasOutput(relation, name);
  return isThere ? undefined : world.schema.findGonePart(part, relation.id, name);
}

/** Of a view: what it gives, where that is known. */
function hasOutput(relation: Relation, name: string): boolean {
  const isView = relation.kind === "view" || relation.kind === "materialized view";
  return !isView || relation.outputs === null || relation.outputs.includes(name);
}

function hasPart(
  table: Extract<Relation, { kind: "table" | "foreign table" }>,
  part: NeededParts["part"],
  name: string,
): boolean {
  switch (part) {
    case "column":
      return itemNamed(table.columns, name) !== undefined;
    case "constraint":
      // A constraint trigger has a constraint of its name.
      return (
        itemNamed(table.constraints, name) !== undefined || table.triggers.some((one) => one.name === name)
      );
    case "trigger":
      return table.triggers.some((one) => one.name === name);
    case "policy":
      return table.policies.some((one) => one.name === name);
    case "rule":
      return table.rules.includes(name);
  }
}

function failPart(
  ledger: Ledger,
  relation: Relation,
  part: NeededParts["part"],
  name: string,
  gone: Gone,
): void {
  const sqlstate = part === "column" ? "42703" : "42704";
  failGone(ledger, sqlstate, `${part} ${quoteName(name)} of ${quoteName(relation.name)}`, gone);
}

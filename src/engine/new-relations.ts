import type { Relation } from "../analysis/entities.ts";
import type { Schema } from "../analysis/schema.ts";
import type { Context } from "../rule.ts";
import type { UnitFacts } from "./facts.ts";

/** Whether the relation cannot hold rows that others wait for. */
export function isNewRelation(relation: Relation | undefined, schema: Schema, facts: UnitFacts): boolean {
  if (relation === undefined) return false;
  if (relation.kind === "table" && relation.persistence === "temporary") return true;
  if (relation.isCertainlyNew || facts.isRepeatable || !hasWholeHistory(relation.schema, schema, facts))
    return isNewEntity(relation, facts);
  return isNewEntity({ origin: relation.origin }, facts);
}

/** Whether a column, type, function or relation came to be in this file, or in this release. */
export function isNewEntity(entity: Parameters<Context["isNewEntity"]>[0], facts: UnitFacts): boolean {
  const { origin, isCertainlyNew } = entity;
  if (origin === null || isCertainlyNew === false) return false;
  return origin.unit === facts.unit || origin.release === facts.release;
}

/**
 * CREATE TABLE IF NOT EXISTS does not prove by itself that the table is new. A history does that has come so far without
 * a word of it; the file with which all begins does if it uses nothing in that schema that it did not create.
 */
function hasWholeHistory(name: string, schema: Schema, facts: UnitFacts): boolean {
  return facts.unit !== 0 || (facts.isBeginning && !schema.hasAssumed(name));
}

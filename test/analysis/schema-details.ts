import type { Relation, UserType } from "../../src/analysis/entities.ts";
import type { Schema } from "../../src/analysis/schema.ts";
import type { Expression } from "../../src/model/expression.ts";
import type { TypeName } from "../../src/model/name.ts";
import { renderExpression } from "../../src/model/render.ts";

/** All that a folded schema keeps, one line a thing: what the catalogues have in another form, or do not have at all. */
export function describeSchema(schema: Schema): string[] {
  return [...schema.relations(), ...schema.types()].flatMap((entity) => describeEntity(entity));
}

function describeEntity(entity: Relation | UserType): string[] {
  const lines = [`${entity.schema}.${entity.name} ${told(entity)}`];
  if (!("constraints" in entity) || !("columns" in entity)) return lines;
  const parts = [...entity.columns, ...entity.constraints, ...entity.policies, ...entity.triggers];
  return [...lines, ...parts.map((part) => `  ${part.name} ${told(part)}`)];
}

/** What stands elsewhere: names in front, parts on lines of their own, places in the text nowhere. */
const elsewhere = ["id", "schema", "name", "origin", "span", "policies", "triggers"];
const expressions = ["default", "expression", "expressions", "predicate"];

function told(thing: object): string {
  const words = Object.entries(thing).flatMap(([key, value]) => {
    if (elsewhere.includes(key) || isEmpty(value)) return [];
    const isPart =
      (key === "columns" || key === "constraints") && typeof value[0] === "object" && "name" in value[0];
    if (isPart && "triggers" in thing) return [];
    if (expressions.includes(key)) return [`${key}: ${[value].flat().map(sqlOf).join(", ")}`];
    if (key === "type" || key === "base") return [`${key}: ${(value as TypeName).name}`];
    if (value === true) return [key];
    return [`${key}: ${typeof value === "string" ? value : JSON.stringify(value, withoutPlaces)}`];
  });
  return words.join("; ");
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === false || (Array.isArray(value) && value.length === 0)
  );
}

function sqlOf(expression: Expression): string {
  return renderExpression(expression) ?? expression.kind;
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === "span" || key === "origin" || isEmpty(value) ? undefined : value;
}

import type { Rule } from "../rule.ts";
import { configurationShape, type Shape, severities } from "./shape.ts";

type DescribedRule = Pick<Rule, "id" | "summary" | "options">;

/** The JSON Schema of configuration files, with every rule by name: completion and hovers in editors. */
export function configurationSchema(rules: readonly DescribedRule[], runners: readonly string[]): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "lockwise configuration",
    allowTrailingCommas: true,
    ...toSchema(configurationShape, rules, runners),
    definitions: {
      setting: settingSchema({ type: "object" }),
    },
  };
}

/** A severity, or one with options. */
function settingSchema(options: object): object {
  const pair = { type: "array", items: [{ enum: severities }, options], minItems: 1, maxItems: 2 };
  return { oneOf: [{ enum: severities }, pair] };
}

function ruleSchema({ summary, options }: DescribedRule): object {
  if (options === undefined) return { description: summary, $ref: "#/definitions/setting" };
  const properties = Object.fromEntries(
    Object.entries(options).map(([key, { is, says }]) => [key, { type: is, description: says }]),
  );
  const object = { type: "object", additionalProperties: false, properties };
  return { description: summary, ...settingSchema(object) };
}

function toSchema(shape: Shape, rules: readonly DescribedRule[], runners: readonly string[]): object {
  const description = shape.says === undefined ? {} : { description: shape.says };
  const below = (inner: Shape) => toSchema(inner, rules, runners);
  switch (shape.is) {
    case "text":
      return { ...description, type: "string" };
    case "duration":
      return { ...description, type: "string", pattern: "^\\s*\\d+(\\.\\d+)?\\s*(us|ms|s|min|h|d)?\\s*$" };
    case "runner":
      return { ...description, enum: runners };
    case "integer":
      return { ...description, type: "integer", minimum: shape.from, maximum: shape.to };
    case "boolean":
      return { ...description, type: "boolean" };
    case "word":
      return { ...description, enum: shape.words };
    case "list": {
      const list = { type: "array", items: below(shape.of) };
      return { ...description, ...(shape.orOne ? { oneOf: [below(shape.of), list] } : list) };
    }
    case "tables":
      return { ...description, type: "object", additionalProperties: below(shape.of) };
    case "rules":
      return {
        ...description,
        type: "object",
        properties: Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
        // Ids of other linters and of plugins are welcome as well; the linter itself checks them.
        additionalProperties: { $ref: "#/definitions/setting" },
      };
    case "object":
      return {
        ...description,
        type: "object",
        additionalProperties: false,
        ...(shape.needs && { required: shape.needs }),
        properties: Object.fromEntries(
          Object.entries(shape.fields).map(([key, inner]) => [key, below(inner)]),
        ),
      };
  }
}

import { type Expression, walkExpression } from "../model/expression.ts";
import type { Query } from "../model/query.ts";
import { standIn } from "../model/stand-in.ts";

interface ConfigCall {
  readonly name: string;
  readonly value: string | null;
  readonly local: boolean;
}

/** What the variables of a body hold, as far as it is known. */
type Values = ReadonlyMap<string, string>;
const nothing: Values = new Map();

/**
 * What `SELECT set_config('name', 'value', is_local)` sets, where the name is a constant. A search path that only the server knows
 * leads to a schema that nobody knows; any other value that is unknown changes nothing.
 */
export function settingsOfQuery(query: Query, values: Values = nothing): ConfigCall[] {
  if (query.kind !== "select") return [];
  const calls: ConfigCall[] = [];
  for (const target of query.targets)
    walkExpression(target.value, (node) => addConfigCall(node, values, calls));
  return calls;
}

function addConfigCall(node: Expression, values: Values, calls: ConfigCall[]): void {
  if (node.kind !== "call" || node.name !== "set_config") return;
  const name = constantOf(node.arguments[0], values)?.toLowerCase() ?? null;
  const known = constantOf(node.arguments[1], values);
  const local = constantOf(node.arguments[2], values);
  const value = known === undefined && name === "search_path" ? standIn : known;
  if (name === null || value === undefined) return;
  calls.push({ name, value, local: local === "true" || local === "t" });
}

/** Null for NULL, undefined where it is not known. */
function constantOf(expression: Expression | undefined, values: Values): string | null | undefined {
  switch (expression?.kind) {
    case "cast":
      return constantOf(expression.argument, values);
    case "constant":
      return expression.type === "null" ? null : expression.value;
    case "column":
      return values.get(expression.path.join("."));
    case "parameter":
      return values.get(`$${expression.number}`);
    default:
      return undefined;
  }
}

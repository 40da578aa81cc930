import { type Expression, walkExpression } from "../model/expression.ts";
import type { Query } from "../model/query.ts";

interface ConfigCall {
  readonly name: string;
  readonly value: string | null;
  readonly local: boolean;
}

/** What `SELECT set_config('name', 'value', is_local)` sets, where name and value are constants. */
export function settingsOfQuery(query: Query): ConfigCall[] {
  if (query.kind !== "select") return [];
  const calls: ConfigCall[] = [];
  for (const target of query.targets) walkExpression(target.value, (node) => addConfigCall(node, calls));
  return calls;
}

function addConfigCall(node: Expression, calls: ConfigCall[]): void {
  if (node.kind !== "call" || node.name !== "set_config") return;
  const name = constantOf(node.arguments[0]);
  const value = constantOf(node.arguments[1]);
  const local = constantOf(node.arguments[2]);
  if (name === null) return;
  calls.push({ name: name.toLowerCase(), value, local: local === "true" || local === "t" });
}

function constantOf(expression: Expression | undefined): string | null {
  if (expression === undefined) return null;
  if (expression.kind === "cast") return constantOf(expression.argument);
  return expression.kind === "constant" && expression.type !== "null" ? expression.value : null;
}

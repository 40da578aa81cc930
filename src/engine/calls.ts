import { type Call, walkExpression } from "../model/expression.ts";
import type { Query } from "../model/query.ts";
import type { Parameter, Statement } from "../model/statement.ts";

/** The calls of a statement that may run a routine of the migration: those in SELECT's targets and CALL. */
export function callsOf(statement: Statement): readonly Call[] {
  if (statement.kind === "call") return [statement.call];
  if (statement.kind !== "select") return [];
  const calls: Call[] = [];
  addCalls(statement.query, calls);
  return calls;
}

function addCalls(query: Query, calls: Call[]): void {
  if (query.kind !== "select") return;
  for (const { value } of query.targets) {
    walkExpression(value, (node) => {
      if (node.kind === "call") calls.push(node);
    });
  }
  for (const source of query.from)
    if (source.kind === "function" && source.call !== null) calls.push(source.call);
}

/**
 * What a routine is called with, by the names of its arguments: literals, strings that are defaults, and variables of the body
 * that calls it, with what they hold.
 */
export function givenValues(
  call: Call,
  parameters: readonly Parameter[],
  known: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  parameters.forEach(({ name, fallback }, index) => {
    const argument = call.arguments[index];
    const value = argument?.kind === "cast" ? argument.argument : argument;
    if (name === null) return;
    if (value === undefined && fallback !== null) values.set(name, fallback);
    if (value?.kind === "constant" && (value.type === "string" || value.type === "integer"))
      values.set(name, value.value);
    const held =
      value?.kind === "column" && value.path.length === 1 ? known.get(value.path[0] ?? "") : undefined;
    if (held !== undefined) values.set(name, held);
  });
  return values;
}

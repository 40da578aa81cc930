import type { Called, Expression } from "../../model/expression.ts";
import { callsOf, isServers } from "../callers.ts";
import type { Draft } from "./draft.ts";
import { mapExpression } from "./expressions.ts";
import { lookUp } from "./state.ts";

/** The expression as the server keeps it: each call means the function that was found when it was stored, whatever the path later. */
export function bindCalls(draft: Draft, expression: Expression): Expression {
  if (draft.functions.root === null || callsOf(expression).every(({ schema }) => schema !== null))
    return expression;
  return mapExpression(expression, (node) => {
    const isOpen = node.kind === "call" && node.schema === null && node.boundTo === undefined;
    const home = isOpen ? homeOf(draft, node.name) : undefined;
    return home === undefined ? node : { ...node, boundTo: home };
  });
}

/** Where the path finds a function of the name. */
export function homeOf(draft: Draft, name: string): string | undefined {
  return lookUp(draft.functions, draft.path, { schema: null, name })?.[0]?.schema;
}

/** The functions that expressions and queries call, where those are not kept themselves. The server's own never go. */
export function boundCalls(draft: Draft, value: object | null): { readonly calls?: readonly Called[] } {
  const calls = callsOf(value).flatMap((one): Called[] => {
    if (one.schema !== null) return one.schema === "pg_catalog" ? [] : [one];
    const home = homeOf(draft, one.name);
    if (home !== undefined) return [{ ...one, schema: home }];
    return isServers(one.name) ? [] : [one];
  });
  return calls.length === 0 ? {} : { calls };
}

import { type Expression, walkExpression } from "../../model/expression.ts";
import type { UserFunction } from "../entities.ts";
import { procedureCalls } from "../volatility.ts";
import type { Ledger } from "./ledger.ts";
import { depend } from "./ledger.ts";
import { lockMentioned } from "./mentions.ts";

/**
 * Functions of the user that an expression calls when it runs: what their bodies name is locked as it says there. Which
 * of it a call reaches is up to its arguments.
 */
export function useFunctionsOf(ledger: Ledger, expression: Expression): void {
  const called = functionsOf(ledger, expression);
  for (const one of called) readBody(ledger, one);
  const [name] = procedureCalls(expression, ledger.world);
  if (name !== undefined) depend(ledger, `what ${name}() does`);
}

function functionsOf(ledger: Ledger, expression: Expression): readonly UserFunction[] {
  const found: UserFunction[] = [];
  walkExpression(expression, (node) => {
    if (node.kind !== "call") return;
    for (const one of ledger.world.schema.findFunctions({ schema: node.schema, name: node.name }))
      if (one.argumentCount === node.arguments.length) found.push(one);
  });
  return found;
}

function readBody(ledger: Ledger, one: UserFunction): void {
  if (one.body === null || (one.language !== "sql" && one.language !== "plpgsql")) return;
  lockMentioned(ledger, one.body, undefined, "runs");
}

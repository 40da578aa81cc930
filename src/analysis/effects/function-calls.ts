import { type Expression, walkExpression } from "../../model/expression.ts";
import type { UserFunction } from "../entities.ts";
import { procedureCalls } from "../volatility.ts";
import type { Ledger } from "./ledger.ts";
import { depend } from "./ledger.ts";
import { type Mention, mentionsIn, runMentioned } from "./mentions.ts";
import { runRoutine } from "./routines.ts";

/**
 * Functions of the user that an expression calls when it runs: what their bodies name is locked as it says there. Which
 * of it a call reaches is up to its arguments.
 */
export function useFunctionsOf(ledger: Ledger, expression: Expression): void {
  lockByFunctionsOf(ledger, expression);
  const [name] = procedureCalls(expression, ledger.world);
  if (name !== undefined) depend(ledger, `what ${name}() does`);
}

/** The locks alone, for a place where it is known what becomes of the table whatever the functions do. */
export function lockByFunctionsOf(ledger: Ledger, expression: Expression): void {
  for (const one of functionsOf(ledger, expression))
    if (!runRoutine(ledger, one)) runMentioned(ledger, mentionsOf(one));
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

/** Of each function: what its body names, read once, however often it is called; of long bodies only so much. */
const known = new WeakMap<UserFunction, readonly Mention[]>();
const MAX_MENTIONS = 50;

function mentionsOf(one: UserFunction): readonly Mention[] {
  const found = known.get(one);
  if (found !== undefined) return found;
  const isRead = one.body !== null && (one.language === "sql" || one.language === "plpgsql");
  const text = isRead ? (one.body ?? "") : "";
  const mentions = mentionsIn(text, { start: 0, end: text.length }).slice(0, MAX_MENTIONS);
  known.set(one, mentions);
  return mentions;
}

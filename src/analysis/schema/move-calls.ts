import type { Called, Expression } from "../../model/expression.ts";
import { isTable, type Relation, type Trigger } from "../entities.ts";
import { homeOf } from "./bound-calls.ts";
import type { Draft } from "./draft.ts";
import { putRelation, usersIn } from "./draft-edits.ts";
import { mapExpression } from "./expressions.ts";

interface Place {
  readonly schema: string;
  readonly name: string;
}

/**
 * ALTER FUNCTION ... RENAME and SET SCHEMA: what calls the functions goes on calling them.
 * To be done while they have their old name.
 */
export function moveCalls(draft: Draft, from: Place, change: Partial<Place>): void {
  const to = { ...from, ...change };
  const isMeant = (schema: string | null, name: string) =>
    name === from.name && (schema ?? homeOf(draft, name)) === from.schema;
  const inCall = <Call extends Called>(call: Call): Call =>
    isMeant(call.schema, call.name) ? { ...call, ...to } : call;
  const inExpression = (expression: Expression) =>
    mapExpression(expression, (node) => {
      if (node.kind !== "call" || !isMeant(node.schema ?? node.boundTo ?? null, node.name)) return node;
      return { ...node, name: to.name, schema: node.schema === null ? null : to.schema, boundTo: to.schema };
    });
  const inFunction = (parts: readonly string[]) =>
    isMeant(parts.at(-2) ?? null, parts.at(-1) ?? "") ? [to.schema, to.name] : parts;
  const inTrigger = (trigger: Trigger): Trigger => ({
    ...trigger,
    function: inFunction(trigger.function),
    ...(trigger.calls && { calls: trigger.calls.map(inCall) }),
  });
  for (const relation of usersIn(draft, "calls", from.name))
    putRelation(draft, moved(relation, { inCall, inExpression, inFunction, inTrigger }));
}

interface Changes {
  readonly inCall: <Call extends Called>(call: Call) => Call;
  readonly inExpression: (expression: Expression) => Expression;
  readonly inFunction: (parts: readonly string[]) => readonly string[];
  readonly inTrigger: (trigger: Trigger) => Trigger;
}

function moved(relation: Relation, { inCall, inExpression, inFunction, inTrigger }: Changes): Relation {
  if (relation.kind === "index") {
    const predicate = relation.predicate === null ? null : inExpression(relation.predicate);
    return { ...relation, expressions: relation.expressions.map(inExpression), predicate };
  }
  if (relation.kind === "view" && relation.hooks !== undefined) {
    const hooks = relation.hooks.map((hook) => ({ ...hook, function: inFunction(hook.function) }));
    return { ...relation, hooks, ...(relation.calls && { calls: relation.calls.map(inCall) }) };
  }
  if (!isTable(relation))
    return "calls" in relation ? { ...relation, calls: relation.calls.map(inCall) } : relation;
  return {
    ...relation,
    columns: relation.columns.map((column) => ({
      ...column,
      default: column.default === null ? null : inExpression(column.default),
      ...(column.calls && { calls: column.calls.map(inCall) }),
    })),
    constraints: relation.constraints.map((one) =>
      one.kind === "check" ? { ...one, expression: inExpression(one.expression) } : one,
    ),
    ...(relation.partitionBy && {
      partitionBy: {
        ...relation.partitionBy,
        columns: relation.partitionBy.columns.map((part) =>
          part.expression === null ? part : { ...part, expression: inExpression(part.expression) },
        ),
      },
    }),
    triggers: relation.triggers.map(inTrigger),
    policies: relation.policies.map((one) => (one.calls ? { ...one, calls: one.calls.map(inCall) } : one)),
  };
}

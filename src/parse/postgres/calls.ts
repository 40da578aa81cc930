import type { Call, Expression } from "../../model/expression.ts";
import { lowerAll, lowerOptional } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { type Fields, listOf, nodeOf, stringsIn, textIn } from "./tree.ts";

/** The call of a function that SQL has own words for. */
export function lowerNamedCall(name: string, args: readonly Expression[]): Call {
  return { kind: "call", schema: null, name, arguments: args, isWindow: false };
}

/** ORDER BY, FILTER and the parts of OVER count as arguments: what they call is called. */
export function lowerCall(lowering: Lowering, fields: Fields): Call {
  const names = stringsIn(fields, "funcname");
  const name = names.pop() ?? "";
  // EXTRACT, AT TIME ZONE, TRIM and their like: the grammar puts the schema there, not the user.
  const isSyntax = textIn(fields, "funcformat") === "COERCE_SQL_SYNTAX";
  const filter = lowerOptional(lowering, fields.agg_filter);
  const window = fields.over;
  const args = [
    ...lowerAll(lowering, listOf(fields, "args")),
    ...lowerOrder(lowering, listOf(fields, "agg_order")),
    ...(filter === null ? [] : [filter]),
    ...(isFields(window) ? lowerWindow(lowering, window) : []),
  ];
  return {
    kind: "call",
    schema: isSyntax || names.length === 0 ? null : names.join("."),
    name,
    arguments: args,
    ...namesOf(listOf(fields, "args")),
    isWindow: isFields(window),
  };
}

function namesOf(args: readonly unknown[]): Pick<Call, "names"> {
  const names = args.map((argument) => {
    const node = nodeOf(argument);
    return node?.tag === "NamedArgExpr" ? textIn(node.fields, "name") : null;
  });
  return names.some((name) => name !== null) ? { names } : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** The expressions of an ORDER BY. */
export function lowerOrder(lowering: Lowering, items: readonly unknown[]): Expression[] {
  return lowerAll(
    lowering,
    items.map((item) => nodeOf(item)?.fields.node),
  );
}

function lowerWindow(lowering: Lowering, window: Fields): Expression[] {
  return [
    ...lowerAll(lowering, listOf(window, "partitionClause")),
    ...lowerOrder(lowering, listOf(window, "orderClause")),
  ];
}

import type { Expr, ExprCall, OrderByStatement } from "pgsql-ast-parser";
import type { Call, Expression } from "../../model/expression.ts";
import { lowerAll, lowerExpression, lowerOptional } from "./expressions.ts";
import { type Lowering, nameIn } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { isQueryNode, lowerQuery } from "./queries.ts";

/** The call of a function that SQL has own words for. */
export function namedCall(name: string, args: readonly Expression[]): Call {
  return { kind: "call", schema: null, name, arguments: args, isWindow: false };
}

/** Functions whose calls have a grammar of their own in PostgreSQL; an unquoted name only. */
const ownGrammar = new Set(
  (
    "position trim normalize treat grouping merge_action xmlconcat xmlelement xmlexists xmlforest xmlparse xmlpi xmlroot " +
    "xmlserialize json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar " +
    "json_serialize json_table json_value any some all collation cast exists rollup cube"
  ).split(" "),
);

/** What the tree has as a call: often one, sometimes a form of its own in the grammar. */
export function lowerCall(lowering: Lowering, node: ExprCall): Expression {
  const { schema, name } = node.function;
  if (schema === undefined) {
    const special = lowerSpecial(lowering, name, node);
    if (special !== null) return special;
    if (ownGrammar.has(name)) throw new NotUnderstood(`the function ${name}`);
  }
  return lowerPlainCall(lowering, node);
}

/** ORDER BY, FILTER and the parts of OVER count as arguments: what they call is called. */
function lowerPlainCall(lowering: Lowering, node: ExprCall): Call {
  const { over } = node;
  const filter = lowerOptional(lowering, node.filter);
  const order = node.withinGroup ? [node.withinGroup] : (node.orderBy ?? []);
  const args = [
    ...(isStar(node.args) ? [] : lowerAll(lowering, node.args)),
    ...lowerOrder(lowering, order),
    ...(filter === null ? [] : [filter]),
    ...(over
      ? [...lowerAll(lowering, over.partitionBy ?? []), ...lowerOrder(lowering, over.orderBy ?? [])]
      : []),
  ];
  return {
    kind: "call",
    schema: node.function.schema === undefined ? null : nameIn(lowering, node.function.schema),
    name: nameIn(lowering, node.function.name),
    arguments: args,
    isWindow: over !== undefined && over !== null,
  };
}

/** count(*) */
function isStar(args: readonly Expr[]): boolean {
  const [first] = args;
  return args.length === 1 && first?.type === "ref" && first.name === "*" && first.table === undefined;
}

/** The expressions of ORDER BY; directions do not matter to the model. */
export function lowerOrder(lowering: Lowering, items: readonly OrderByStatement[]): Expression[] {
  return items.map((item) => lowerExpression(lowering, item.by));
}

const valueFunctions = new Set(["current_time", "current_timestamp", "localtime", "localtimestamp"]);

/** What looks like a call and is none, or is the call of another function. */
function lowerSpecial(lowering: Lowering, name: string, node: ExprCall): Expression | null {
  const { args } = node;
  const [first] = args;
  switch (name) {
    case "coalesce":
    case "greatest":
    case "least":
      return { kind: name, arguments: lowerAll(lowering, args) };
    case "nullif":
      return namedCall("nullif", lowerAll(lowering, args));
    case "row":
      return { kind: "row", items: lowerAll(lowering, args) };
    case "exists":
      if (first === undefined || !isQueryNode(first) || args.length > 1) return null;
      return { kind: "subquery", use: "exists", argument: null, query: lowerQuery(lowering, first, null) };
  }
  // current_timestamp(3): the precision is no argument of the model.
  return valueFunctions.has(name) ? namedCall(name, []) : null;
}

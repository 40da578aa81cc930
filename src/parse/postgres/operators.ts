import type { Expression } from "../../model/expression.ts";
import { lowerNamedCall } from "./calls.ts";
import { lowerAll, lowerExpression, lowerOptional } from "./expressions.ts";
import type { Lowering } from "./lowering.ts";
import { type Fields, itemsOf, stringsIn, textIn } from "./tree.ts";

/** An A_Expr: everything that the grammar writes with an operator, or as if there were one. */
export function lowerOperator(lowering: Lowering, fields: Fields): Expression {
  const kind = textIn(fields, "kind");
  const name = stringsIn(fields, "name").pop() ?? "";
  const left = () => lowerExpression(lowering, fields.lexpr);
  const right = () => lowerExpression(lowering, fields.rexpr);
  switch (kind) {
    case "AEXPR_OP_ANY":
      return { kind: "any", operator: name, argument: left(), array: right() };
    case "AEXPR_OP_ALL":
      return { kind: "all", operator: name, argument: left(), array: right() };
    case "AEXPR_DISTINCT":
      return { kind: "operator", name: "is distinct from", left: left(), right: right() };
    case "AEXPR_NOT_DISTINCT":
      return { kind: "operator", name: "is not distinct from", left: left(), right: right() };
    case "AEXPR_NULLIF":
      return lowerNamedCall("nullif", [left(), right()]);
    case "AEXPR_IN": {
      const list = lowerAll(lowering, itemsOf(fields.rexpr));
      return { kind: "in", argument: left(), list, negated: name === "<>" };
    }
    case "AEXPR_LIKE":
    case "AEXPR_ILIKE":
    case "AEXPR_SIMILAR":
      return { kind: "operator", name, left: left(), right: dropSchema(right()) };
    case "AEXPR_BETWEEN":
    case "AEXPR_NOT_BETWEEN":
    case "AEXPR_BETWEEN_SYM":
    case "AEXPR_NOT_BETWEEN_SYM": {
      const [low, high] = itemsOf(fields.rexpr);
      return {
        kind: "between",
        argument: left(),
        low: lowerExpression(lowering, low),
        high: lowerExpression(lowering, high),
        negated: kind.startsWith("AEXPR_NOT"),
        symmetric: kind.endsWith("SYM"),
      };
    }
  }
  return { kind: "operator", name, left: lowerOptional(lowering, fields.lexpr), right: right() };
}

/** The call that stands for ESCAPE, or for SIMILAR TO's pattern, is the grammar's own. */
function dropSchema(pattern: Expression): Expression {
  const isEscape =
    pattern.kind === "call" && pattern.schema === "pg_catalog" && pattern.name.endsWith("_escape");
  return isEscape ? { ...pattern, schema: null } : pattern;
}

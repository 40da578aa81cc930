import type { Expr, ExprCase, ExprCast, ExprMember, ExprRef, ExprUnary } from "pgsql-ast-parser";
import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import { subCursor } from "../locate/cursor.ts";
import { readType } from "../locate/types.ts";
import { lowerCall, namedCall } from "./calls.ts";
import { GROUP_NAME } from "./groups.ts";
import { descend, isWordAt, type Lowering, nameIn, startOf, startOfType } from "./lowering.ts";
import { NotUnderstood } from "./not-understood.ts";
import { lowerBinary, lowerRange } from "./operators.ts";
import { checkPrecedence, isPostfixCast, memberUnderCast } from "./precedence.ts";
import { lowerQuery } from "./queries.ts";

/** An expression of the tree. Throws `NotUnderstood` where the parser may have read it wrongly. */
export function lowerExpression(lowering: Lowering, node: Expr): Expression {
  checkPrecedence(lowering, node);
  return descend(lowering, () => lowerNode(lowering, node));
}

/** The same; null where there is none. */
export function lowerOptional(lowering: Lowering, node: Expr | null | undefined): Expression | null {
  return node === null || node === undefined ? null : lowerExpression(lowering, node);
}

/** Several expressions, in their order. */
export function lowerAll(lowering: Lowering, nodes: readonly Expr[]): Expression[] {
  return nodes.map((node) => lowerExpression(lowering, node));
}

function lowerNode(lowering: Lowering, node: Expr): Expression {
  switch (node.type) {
    case "integer":
    case "numeric":
      return lowerNumber(lowering.spelling.numberOf(node.value));
    case "string":
      return { kind: "constant", type: "string", value: lowering.spelling.stringOf(node.value) };
    case "boolean":
      return { kind: "constant", type: "boolean", value: String(node.value) };
    case "null":
      return { kind: "constant", type: "null", value: "null" };
    case "default":
      return { kind: "default" };
    case "parameter":
      return { kind: "parameter", number: Number(node.name.slice(1)) };
    case "ref":
      return lowerReference(lowering, node);
    case "keyword":
      return namedCall(node.keyword, []);
    case "call":
      return node.function.name === GROUP_NAME ? lowerGroup(lowering, node.args) : lowerCall(lowering, node);
    case "cast": {
      const member = memberUnderCast(lowering, node);
      if (member === null) return wrapInCast(lowering, node, lowerExpression(lowering, node.operand));
      return lowerMember(lowering, member, (literal) => castLike(lowering, node, literal));
    }
    case "binary":
      return lowerBinary(lowering, node);
    case "ternary":
      return lowerRange(lowering, node);
    case "unary":
      return lowerUnary(lowering, node);
    case "member":
      return lowerMember(lowering, node, (literal) => literal);
    case "case":
      return lowerCase(lowering, node);
    case "list":
      return { kind: "row", items: lowerAll(lowering, node.expressions) };
    case "array":
      return { kind: "array", items: lowerAll(lowering, node.expressions) };
    case "array select":
      return {
        kind: "subquery",
        use: "array",
        argument: null,
        query: lowerQuery(lowering, node.select, null),
      };
    case "arrayIndex":
      return lowerSubscript(lowering, node.array, lowerExpression(lowering, node.index));
    case "extract": {
      const field: Expression = {
        kind: "constant",
        type: "string",
        value: nameIn(lowering, node.field.name),
      };
      return namedCall("extract", [field, lowerExpression(lowering, node.from)]);
    }
    case "overlay":
      return namedCall("overlay", lowerParts(lowering, node.value, node.placing, node.from, node.for));
    case "substring":
      return namedCall("substring", lowerParts(lowering, node.value, node.from, node.for));
    case "select":
    case "union":
    case "union all":
    case "values":
    case "with":
    case "with recursive":
      return { kind: "subquery", use: "scalar", argument: null, query: lowerQuery(lowering, node, null) };
  }
  throw new NotUnderstood(`an expression of the kind ${node.type}`);
}

function lowerParts(lowering: Lowering, ...parts: readonly (Expr | null | undefined)[]): Expression[] {
  return parts.flatMap((part) => lowerOptional(lowering, part) ?? []);
}

/** `+1` and the brackets around it are gone in PostgreSQL's tree as well. */
function lowerGroup(lowering: Lowering, args: readonly Expr[]): Expression {
  const [inner] = args;
  if (inner === undefined || args.length > 1) throw new NotUnderstood("brackets");
  return lowerExpression(lowering, inner);
}

/** What does not fit into four bytes is a float to the grammar. */
function lowerNumber(text: string): Expression {
  const isInteger =
    !text.includes(".") && !text.includes("e") && !text.includes("E") && Number(text) <= 2147483647;
  return {
    kind: "constant",
    type: isInteger ? "integer" : "float",
    value: isInteger ? String(Number(text)) : text,
  };
}

function lowerReference(lowering: Lowering, node: ExprRef): Expression {
  const { table } = node;
  const path =
    table === undefined
      ? [node.name]
      : [...(table.schema === undefined ? [] : [table.schema]), table.name, node.name];
  if (table === undefined && (node.name === "current_schema" || node.name === "system_user"))
    return namedCall(node.name, []);
  return { kind: "column", path: path.map((name) => nameIn(lowering, name)) };
}

/** The type whose first token is at the index, without its place. */
function lowerType(lowering: Lowering, index: number): TypeDescription {
  const { span: _, ...type } = readType(subCursor(lowering.cursor, index, lowering.cursor.end));
  return type;
}

function wrapInCast(lowering: Lowering, node: ExprCast, argument: Expression): Expression {
  const isCall = isPostfixCast(lowering, node) || isWordAt(lowering, startOf(lowering, node), "cast");
  const typeAt = startOfType(lowering, node.to);
  const type = lowerType(lowering, typeAt);
  if (!isCall && type.name === "interval") rejectFields(lowering, typeAt);
  return { kind: "cast", argument, type };
}

/** The casts around a member, put around its literal instead. */
function castLike(lowering: Lowering, node: Expr, literal: Expression): Expression {
  if (node.type !== "cast") return literal;
  return wrapInCast(lowering, node, castLike(lowering, node.operand, literal));
}

const fields = ["year", "month", "day", "hour", "minute", "second"];

/** interval '1' day: the other grammar takes the field for an alias. */
function rejectFields(lowering: Lowering, typeAt: number): void {
  if (fields.some((field) => isWordAt(lowering, typeAt + 2, field)))
    throw new NotUnderstood("the fields of an interval");
}

function lowerUnary(lowering: Lowering, node: ExprUnary): Expression {
  if (node.opSchema !== undefined) throw new NotUnderstood("an operator with a schema");
  const argument = lowerExpression(lowering, node.operand);
  switch (node.op) {
    case "NOT":
      return { kind: "not", argument };
    case "IS NULL":
    case "IS NOT NULL":
      return { kind: "is null", argument, negated: node.op === "IS NOT NULL" };
    case "IS TRUE":
    case "IS NOT TRUE":
    case "IS FALSE":
    case "IS NOT FALSE":
      return {
        kind: "is boolean",
        argument,
        value: node.op.endsWith("TRUE") ? "true" : "false",
        negated: node.op.startsWith("IS NOT"),
      };
    case "-":
      return negate(argument);
    case "+":
      return { kind: "operator", name: "+", left: null, right: argument };
  }
  throw new NotUnderstood(`the operator ${String(node.op)}`);
}

/** The grammar itself takes the sign of a number into the constant. */
function negate(argument: Expression): Expression {
  if (argument.kind === "constant" && (argument.type === "integer" || argument.type === "float")) {
    const { value } = argument;
    const negated = value.startsWith("-") ? value.slice(1) : `-${value}`;
    return { ...argument, value: negated === "-0" && argument.type === "integer" ? "0" : negated };
  }
  return { kind: "operator", name: "-", left: null, right: argument };
}

/** `a -> 'b'` and `a ->> 1`. */
function lowerMember(
  lowering: Lowering,
  node: ExprMember,
  wrap: (literal: Expression) => Expression,
): Expression {
  checkPrecedence(lowering, node);
  const { member } = node;
  const isNumber = typeof member === "number";
  const right: Expression = isNumber
    ? lowerNumber(lowering.spelling.numberOf(member))
    : { kind: "constant", type: "string", value: lowering.spelling.stringOf(member) };
  return {
    kind: "operator",
    name: node.op,
    left: lowerExpression(lowering, node.operand),
    right: wrap(right),
  };
}

function lowerSubscript(lowering: Lowering, array: Expr, index: Expression): Expression {
  const argument = lowerExpression(lowering, array);
  // Neighbouring indices are one subscript, unless brackets part them.
  if (array.type === "arrayIndex" && argument.kind === "subscript") {
    return { ...argument, indices: [...argument.indices, index] };
  }
  return { kind: "subscript", argument, indices: [index] };
}

function lowerCase(lowering: Lowering, node: ExprCase): Expression {
  const argument = lowerOptional(lowering, node.value);
  const branches = node.whens.map(({ when, value }) => ({
    when: lowerExpression(lowering, when),
    result: lowerExpression(lowering, value),
  }));
  return { kind: "case", argument, branches, otherwise: lowerOptional(lowering, node.else) };
}

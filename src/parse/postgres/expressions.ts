import type { ConstantType, Expression } from "../../model/expression.ts";
import { joinNames } from "../../sql/names.ts";
import { append } from "../../text/append.ts";
import { lowerCall, lowerNamedCall } from "./calls.ts";
import { descend, type Lowering } from "./lowering.ts";
import { lowerOperator } from "./operators.ts";
import { lowerQuery } from "./queries.ts";
import { type Fields, listOf, nodeOf, stringOf, stringsIn, structOf, type TreeNode, textIn } from "./tree.ts";
import { constantText, lowerType } from "./types.ts";

/** Whatever stands where an expression is expected and is none. */
const nothing: Expression = { kind: "special", name: "nothing", arguments: [] };

/** An expression of the tree. Throws `TooDeep` where it is nested beyond the limit. */
export function lowerExpression(lowering: Lowering, value: unknown): Expression {
  const node = nodeOf(value);
  return node === null ? nothing : descend(lowering, () => lowerNode(lowering, node));
}

/** The same; null where there is none. */
export function lowerOptional(lowering: Lowering, value: unknown): Expression | null {
  return nodeOf(value) === null ? null : lowerExpression(lowering, value);
}

/** Several expressions, in their order. */
export function lowerAll(lowering: Lowering, values: readonly unknown[]): Expression[] {
  return values.map((value) => lowerExpression(lowering, value));
}

function lowerNode(lowering: Lowering, node: TreeNode): Expression {
  const { tag, fields } = node;
  const argument = () => lowerExpression(lowering, fields.arg);
  const all = (field: string) => lowerAll(lowering, listOf(fields, field));
  switch (tag) {
    case "A_Const":
      return lowerConstant(fields);
    case "ColumnRef":
      return {
        kind: "column",
        path: listOf(fields, "fields").map(partName),
      };
    case "FuncCall":
      return lowerCall(lowering, fields);
    case "SQLValueFunction":
      return lowerNamedCall(valueFunctionName(textIn(fields, "op")), []);
    case "TypeCast": {
      const type = structOf(fields, "typeName");
      return type === null ? argument() : { kind: "cast", argument: argument(), type: lowerType(type) };
    }
    case "A_Expr":
      return lowerOperator(lowering, fields);
    case "BoolExpr":
      return lowerBoolean(lowering, fields);
    case "NullTest":
      return {
        kind: "is null",
        argument: argument(),
        negated: textIn(fields, "nulltesttype") === "IS_NOT_NULL",
      };
    case "BooleanTest":
      return lowerBooleanTest(argument(), textIn(fields, "booltesttype"));
    case "SubLink":
      return lowerSubLink(lowering, fields);
    case "CaseExpr":
      return lowerCase(lowering, fields);
    case "CoalesceExpr":
      return { kind: "coalesce", arguments: all("args") };
    case "MinMaxExpr":
      return { kind: textIn(fields, "op") === "IS_LEAST" ? "least" : "greatest", arguments: all("args") };
    case "A_ArrayExpr":
      return { kind: "array", items: all("elements") };
    case "RowExpr":
      return { kind: "row", items: all("args") };
    case "CollateClause":
      return { kind: "collate", argument: argument(), collation: joinNames(stringsIn(fields, "collname")) };
    case "A_Indirection":
      return lowerIndirection(lowering, fields);
    case "ParamRef":
      return { kind: "parameter", number: Number(fields.number ?? 0) };
    case "SetToDefault":
      return { kind: "default" };
    case "NamedArgExpr":
      return argument();
    case "MergeSupportFunc":
      return lowerNamedCall("merge_action", []);
    case "GroupingFunc":
      return lowerNamedCall("grouping", all("args"));
    case "List":
      return { kind: "row", items: all("items") };
    // What PARTITION bounds and SET carry as plain values.
    case "String":
      return { kind: "constant", type: "string", value: textIn(fields, "sval") };
    case "Integer":
      return { kind: "constant", type: "integer", value: String(fields.ival ?? 0) };
    case "Float":
      return { kind: "constant", type: "float", value: textIn(fields, "fval") };
  }
  return { kind: "special", name: specialName(tag), arguments: childrenOfNode(lowering, fields) };
}

function lowerConstant(fields: Fields): Expression {
  let type: ConstantType = "null";
  if (fields.ival !== undefined) type = "integer";
  else if (fields.fval !== undefined) type = "float";
  else if (fields.sval !== undefined) type = "string";
  else if (fields.boolval !== undefined) type = "boolean";
  else if (fields.bsval !== undefined) type = "bit";
  return { kind: "constant", type, value: constantText(fields) };
}

function partName(part: unknown): string {
  return nodeOf(part)?.tag === "A_Star" ? "*" : stringOf(part);
}

/** SVFOP_CURRENT_TIMESTAMP_N -> current_timestamp */
function valueFunctionName(operation: string): string {
  const name = operation.slice("SVFOP_".length).toLowerCase();
  return name.endsWith("_n") ? name.slice(0, -2) : name;
}

function lowerBoolean(lowering: Lowering, fields: Fields): Expression {
  const operands = lowerAll(lowering, listOf(fields, "args"));
  const operation = textIn(fields, "boolop");
  if (operation === "NOT_EXPR") return { kind: "not", argument: operands[0] ?? nothing };
  return { kind: operation === "OR_EXPR" ? "or" : "and", arguments: operands };
}

function lowerBooleanTest(argument: Expression, test: string): Expression {
  const value = test.endsWith("TRUE") ? "true" : test.endsWith("FALSE") ? "false" : "unknown";
  return { kind: "is boolean", argument, value, negated: test.startsWith("IS_NOT") };
}

const subLinkUses = {
  EXISTS_SUBLINK: "exists",
  ANY_SUBLINK: "any",
  ALL_SUBLINK: "all",
  ARRAY_SUBLINK: "array",
} as const;

function lowerSubLink(lowering: Lowering, fields: Fields): Expression {
  const type = textIn(fields, "subLinkType");
  const use = type in subLinkUses ? subLinkUses[type as keyof typeof subLinkUses] : "scalar";
  const operator = stringsIn(fields, "operName").pop() ?? "=";
  return {
    kind: "subquery",
    use: use === "any" && operator === "=" ? "in" : use,
    argument: lowerOptional(lowering, fields.testexpr),
    query: lowerQuery(lowering, fields.subselect, null),
  };
}

function lowerCase(lowering: Lowering, fields: Fields): Expression {
  const branches = listOf(fields, "args").map((branch) => {
    const when = nodeOf(branch)?.fields ?? {};
    return {
      when: lowerExpression(lowering, when.expr),
      result: lowerExpression(lowering, when.result),
    };
  });
  const argument = lowerOptional(lowering, fields.arg);
  return { kind: "case", argument, branches, otherwise: lowerOptional(lowering, fields.defresult) };
}

/** `a[1][2]`, `(a).b`, `(a).*`: neighbouring indices are one subscript. */
function lowerIndirection(lowering: Lowering, fields: Fields): Expression {
  let result = lowerExpression(lowering, fields.arg);
  let indices: Expression[] | null = null;
  const close = () => {
    if (indices !== null) result = { kind: "subscript", argument: result, indices };
    indices = null;
  };
  for (const each of listOf(fields, "indirection")) {
    const node = nodeOf(each);
    if (node?.tag === "A_Indices") {
      const bounds = [node.fields.lidx, node.fields.uidx].filter((bound) => nodeOf(bound) !== null);
      // `a[:]` has no bound at all, and is a subscript all the same.
      indices = [...(indices ?? []), ...lowerAll(lowering, bounds)];
    } else {
      close();
      result = { kind: "field", argument: result, name: partName(each) };
    }
  }
  close();
  return result;
}

/** `JsonObjectConstructor` -> `json object constructor` */
function specialName(tag: string): string {
  let name = "";
  for (const character of tag) {
    const lower = character.toLowerCase();
    name += lower !== character && name !== "" && !name.endsWith("_") ? `_${lower}` : lower;
  }
  return name.replaceAll("_", " ");
}

/** All expressions in the fields of a node that has no form of its own in the model. */
function childrenOfNode(lowering: Lowering, fields: Fields): Expression[] {
  const children: Expression[] = [];
  for (const value of Object.values(fields)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === "object" && each !== null) addChild(lowering, each, children);
    }
  }
  return children;
}

function addChild(lowering: Lowering, value: object, children: Expression[]): void {
  const node = nodeOf(value);
  if (node === null) return;
  // A key in lower case is a field: the struct is not wrapped in its type's name.
  const isWrapped = node.tag[0] === node.tag[0]?.toUpperCase();
  if (!isWrapped)
    append(
      children,
      descend(lowering, () => childrenOfNode(lowering, value as Fields)),
    );
  else if (node.tag !== "TypeName" && node.tag !== "String") children.push(lowerExpression(lowering, value));
}

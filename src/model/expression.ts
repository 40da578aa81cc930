import type { TypeDescription } from "./name.ts";
import type { Query } from "./query.ts";

/**
 * What an expression says, not how it is spelt: parentheses are gone, `<>` and `!=` are one, and both
 * parsers give the same tree. Names are folded; positions live on the clause that holds the expression.
 */
export type Expression =
  | { readonly kind: "constant"; readonly type: ConstantType; readonly value: string }
  /** `a`, `t.a`, `s.t.a`; `*` and `t.*` end in "*". */
  | { readonly kind: "column"; readonly path: readonly string[] }
  | Call
  | { readonly kind: "cast"; readonly argument: Expression; readonly type: TypeDescription }
  /** `left` is null for a prefix operator. LIKE is `~~`, ILIKE `~~*`, IS DISTINCT FROM keeps its words. */
  | {
      readonly kind: "operator";
      readonly name: string;
      readonly left: Expression | null;
      readonly right: Expression;
    }
  | { readonly kind: "and" | "or"; readonly arguments: readonly Expression[] }
  | { readonly kind: "not"; readonly argument: Expression }
  | { readonly kind: "is null"; readonly argument: Expression; readonly negated: boolean }
  /** IS [NOT] TRUE, FALSE, UNKNOWN. */
  | {
      readonly kind: "is boolean";
      readonly argument: Expression;
      readonly value: "true" | "false" | "unknown";
      readonly negated: boolean;
    }
  | {
      readonly kind: "in";
      readonly argument: Expression;
      readonly list: readonly Expression[];
      readonly negated: boolean;
    }
  | {
      readonly kind: "between";
      readonly argument: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
      readonly symmetric: boolean;
    }
  /** `argument = ANY (array)`, `argument > ALL (array)`. */
  | {
      readonly kind: "any" | "all";
      readonly operator: string;
      readonly argument: Expression;
      readonly array: Expression;
    }
  | {
      readonly kind: "subquery";
      /** `in` also stands for `= ANY (SELECT ...)`; NOT IN is a `not` around it. */
      readonly use: "scalar" | "exists" | "in" | "any" | "all" | "array";
      readonly argument: Expression | null;
      readonly query: Query;
    }
  | {
      readonly kind: "case";
      readonly argument: Expression | null;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: "coalesce" | "greatest" | "least"; readonly arguments: readonly Expression[] }
  | { readonly kind: "array" | "row"; readonly items: readonly Expression[] }
  | { readonly kind: "collate"; readonly argument: Expression; readonly collation: string }
  | { readonly kind: "subscript"; readonly argument: Expression; readonly indices: readonly Expression[] }
  | { readonly kind: "field"; readonly argument: Expression; readonly name: string }
  /** `$1`. */
  | { readonly kind: "parameter"; readonly number: number }
  /** DEFAULT in VALUES and SET. */
  | { readonly kind: "default" }
  /** XML and JSON constructors and whatever else has a form of its own; its parts still count. */
  | { readonly kind: "special"; readonly name: string; readonly arguments: readonly Expression[] };

export type ConstantType = "null" | "boolean" | "integer" | "float" | "string" | "bit";

/** A function call; CURRENT_DATE, NULLIF, EXTRACT and their like are calls of the function that they stand for. */
export interface Call {
  readonly kind: "call";
  readonly schema: string | null;
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** What `name => value` calls its arguments, null for those without a name; missing where none has one. */
  readonly names?: readonly (string | null)[];
  /** Whether it is a window call (OVER). */
  readonly isWindow: boolean;
  /** Of an expression that a schema keeps: where its function was found when it was stored; missing where nobody can tell. */
  readonly boundTo?: string;
}

/** A function that something calls: where it lies, which null leaves open, its name, and how many arguments it is handed. */
export interface Called {
  readonly schema: string | null;
  readonly name: string;
  readonly count: number;
}

/** Calls `visit` for the expression and everything in it, parents first; subqueries are entered by `visitQuery` only. */
export function walkExpression(
  expression: Expression,
  visit: (node: Expression) => void,
  visitQuery?: (query: Query) => void,
): void {
  visit(expression);
  if (expression.kind === "subquery") visitQuery?.(expression.query);
  for (const child of childrenOf(expression)) walkExpression(child, visit, visitQuery);
}

/** The expressions directly inside of one, in the order of the text. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "call":
    case "and":
    case "or":
    case "coalesce":
    case "greatest":
    case "least":
    case "special":
      return expression.arguments;
    case "array":
    case "row":
      return expression.items;
    case "cast":
    case "not":
    case "is null":
    case "is boolean":
    case "collate":
    case "field":
      return [expression.argument];
    case "operator":
      return expression.left === null ? [expression.right] : [expression.left, expression.right];
    case "in":
      return [expression.argument, ...expression.list];
    case "between":
      return [expression.argument, expression.low, expression.high];
    case "any":
    case "all":
      return [expression.argument, expression.array];
    case "subquery":
      return expression.argument === null ? [] : [expression.argument];
    case "case": {
      const parts = expression.branches.flatMap((branch) => [branch.when, branch.result]);
      if (expression.argument !== null) parts.unshift(expression.argument);
      if (expression.otherwise !== null) parts.push(expression.otherwise);
      return parts;
    }
    case "subscript":
      return [expression.argument, ...expression.indices];
    case "constant":
    case "column":
    case "parameter":
    case "default":
      return [];
  }
}

/** NULL, also where it is cast to a type. */
export function isNullConstant(value: Expression): boolean {
  if (value.kind === "cast") return isNullConstant(value.argument);
  return value.kind === "constant" && value.type === "null";
}

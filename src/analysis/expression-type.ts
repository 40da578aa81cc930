import type { Expression } from "../model/expression.ts";
import type { TypeDescription } from "../model/name.ts";
import { isKnownType, isStringType } from "./facts/casts.ts";
import { holds } from "./facts/integers.ts";

/** By the name of the column; where several tables are read, by `table.column` as well. */
export type ColumnTypes = ReadonlyMap<string, TypeDescription | null>;

const comparisons = new Set("= <> < > <= >= ~~ !~~ ~~* !~~* ~ ~* !~ !~* @> <@ ? ?| ?&".split(" "));
const calculations = new Set(["+", "-", "*", "/", "%"]);
const integers = ["int2", "int4", "int8"];
const numbers = new Set([...integers, "numeric", "float4", "float8"]);

/**
 * Types of what built-in functions yield, whatever they are given; random() only of nothing. length() of a path is a float8,
 * which fits nowhere where an int4 does not.
 */
const results: ReadonlyMap<string, string> = new Map(
  Object.entries({
    timestamptz:
      "now current_timestamp transaction_timestamp statement_timestamp clock_timestamp to_timestamp",
    timestamp: "localtimestamp",
    date: "current_date to_date",
    time: "localtime",
    text: "md5 concat concat_ws format initcap split_part to_char version regexp_replace",
    int4: "length char_length character_length octet_length ascii strpos array_length cardinality jsonb_array_length",
    int8: "nextval currval setval lastval",
    float8: "random pi",
    name: "current_user session_user user current_role",
    uuid: "gen_random_uuid uuidv4 uuidv7",
    jsonb: "to_jsonb jsonb_build_object jsonb_build_array",
    json: "to_json json_build_object json_build_array row_to_json",
    bool: "starts_with isfinite regexp_like",
  }).flatMap(([type, names]) => names.split(" ").map((name) => [name, type] as const)),
);

/**
 * The type of an expression where there is no doubt about it; null: it takes any, as a quoted literal does, or nobody
 * knows. `isOwn`: whether the history made a function of that name.
 */
export function typeOf(
  node: Expression,
  columns: ColumnTypes | null,
  isOwn: (name: string) => boolean,
): TypeDescription | null {
  const of = (child: Expression | null) => (child === null ? null : typeOf(child, columns, isOwn));
  switch (node.kind) {
    case "constant":
      return constantType(node.type, node.value);
    case "column":
      return columns?.get(node.path.slice(-2).join(".")) ?? columns?.get(node.path.at(-1) ?? "") ?? null;
    case "cast":
      return node.type;
    case "not":
    case "and":
    case "or":
    case "is null":
    case "is boolean":
    case "in":
    case "between":
    case "any":
    case "all":
      return plain("bool");
    case "subquery":
      return node.use === "scalar" || node.use === "array" ? null : plain("bool");
    case "case":
    case "coalesce":
    case "greatest":
    case "least":
      return commonType(branchesOf(node).map((one) => ({ type: of(one), isLiteral: isLiteral(one) })));
    case "operator":
      return operatorType(node.name, node.left, of(node.left), of(node.right));
    case "call": {
      const isBuiltIn = (node.schema === null && !isOwn(node.name)) || node.schema === "pg_catalog";
      const isRange = node.name === "random" && node.arguments.length > 0;
      const result = isBuiltIn && !isRange ? results.get(node.name) : undefined;
      return result === undefined ? null : plain(result);
    }
    default:
      return null;
  }
}

type Branching = Extract<Expression, { readonly kind: "case" | "coalesce" | "greatest" | "least" }>;

/** What a CASE, COALESCE, GREATEST or LEAST may come to. */
export function branchesOf(node: Branching): readonly Expression[] {
  if (node.kind !== "case") return node.arguments;
  const results = node.branches.map(({ result }) => result);
  return node.otherwise === null ? results : [...results, node.otherwise];
}

/** Takes the type of its neighbours, and is text where they have none. */
function isLiteral(node: Expression): boolean {
  return node.kind === "constant" && (node.type === "string" || node.type === "null");
}

/** One type where all are of it, and text where all are literals. */
function commonType(
  branches: readonly { readonly type: TypeDescription | null; readonly isLiteral: boolean }[],
): TypeDescription | null {
  const [first, ...others] = branches.filter((one) => !one.isLiteral).map(({ type }) => type);
  if (first === undefined) return branches.length === 0 ? null : plain("text");
  if (first === null) return null;
  const isSame = others.every(
    (type) =>
      type !== null &&
      type.name === first.name &&
      type.schema === first.schema &&
      type.dimensions === first.dimensions &&
      type.isReference === first.isReference,
  );
  return isSame ? { ...first, modifiers: others.length === 0 ? first.modifiers : [] } : null;
}

function plain(name: string): TypeDescription {
  return { schema: null, name, modifiers: [], dimensions: 0, isSetOf: false, isReference: false };
}

function constantType(type: string, value: string): TypeDescription | null {
  if (type === "boolean") return plain("bool");
  // A whole number that is too large for an integer is a bigint, as long as it fits.
  if (type === "float") return plain(isBigint(value) ? "int8" : "numeric");
  if (type !== "integer") return null;
  return plain(Math.abs(Number(value)) < 2 ** 31 ? "int4" : "int8");
}

function isBigint(value: string): boolean {
  return /^\d{1,19}$/.test(value) && holds("int8", BigInt(value));
}

function operatorType(
  name: string,
  leftNode: Expression | null,
  left: TypeDescription | null,
  right: TypeDescription | null,
): TypeDescription | null {
  if (name === "-" && leftNode === null) return isNumber(right) ? right : null;
  const known = [left, right].filter((type) => type !== null && isBuiltIn(type));
  // One side of a literal takes the type of the other.
  if (comparisons.has(name)) return leftNode !== null && known.length > 0 ? plain("bool") : null;
  if ((name === "->>" || name === "#>>") && ["json", "jsonb"].includes(left?.name ?? ""))
    return plain("text");
  // Of a side that nobody knows it may as well be the array that it is appended to.
  if (
    name === "||" &&
    known.length === 2 &&
    known.every((type) => type?.dimensions === 0) &&
    known.some((type) => type !== null && isStringType(type.name))
  )
    return plain("text");
  if (!calculations.has(name) || !isNumber(left) || !isNumber(right)) return null;
  const isWhole = integers.includes(left?.name ?? "") && integers.includes(right?.name ?? "");
  return plain(isWhole ? "int8" : "numeric");
}

function isBuiltIn(type: TypeDescription): boolean {
  return type.schema === null && isKnownType(type.name);
}

function isNumber(type: TypeDescription | null): boolean {
  return type !== null && isBuiltIn(type) && type.dimensions === 0 && numbers.has(type.name);
}

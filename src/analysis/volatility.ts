import type { Expression } from "../model/expression.ts";
import { walkExpression } from "../model/expression.ts";
import { nameOf } from "../sql/names.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../sql/tokens.ts";
import type { EffectsWorld } from "./effects/ledger.ts";
import type { UserFunction } from "./entities.ts";
import { isAggregate, isWindowFunction } from "./facts/aggregates.ts";
import { findBuiltIn, type Volatility } from "./facts/built-ins.ts";
import { mapExpression } from "./schema/expressions.ts";

export type { Volatility } from "./facts/built-ins.ts";

interface VolatilityAnswer {
  /** The worst of what the expression calls; an unknown function counts as volatile. */
  readonly volatility: Volatility;
  /** A function that nobody knows. */
  readonly unknown: string | null;
  /** A built-in function that the target version does not have, and that the history does not define. */
  readonly missing: string | null;
}

const order: readonly Volatility[] = ["immutable", "stable", "volatile"];
const worse = (left: Volatility, right: Volatility): Volatility =>
  order.indexOf(left) >= order.indexOf(right) ? left : right;

/** How often PostgreSQL looks into functions that call functions before we stop believing it. */
const MAX_INLINING = 8;

/** Whether an expression gives the same for every row: judged as the server does, after one-line SQL functions are put in. */
export function volatilityOf(expression: Expression, world: EffectsWorld): VolatilityAnswer {
  let answer: VolatilityAnswer = { volatility: "immutable", unknown: null, missing: null };
  walkExpression(mapExpression(expression, foldConstant), (node) => {
    if (node.kind === "call") answer = merge(answer, ofCall(node, world, MAX_INLINING));
    else if (node.kind === "subquery") answer = merge(answer, of("stable"));
  });
  return answer;
}

/** What the server works out before it judges: COALESCE up to its first constant, CASE of a constant. */
function foldConstant(node: Expression): Expression {
  if (node.kind === "coalesce") {
    const first = node.arguments.find((one) => one.kind !== "constant" || one.type !== "null");
    return first?.kind === "constant" ? first : node;
  }
  if (node.kind !== "case" || node.argument !== null) return node;
  const first = node.branches.find(({ when }) => !isConstant(when, "false"));
  if (first === undefined) return node.otherwise ?? { kind: "constant", type: "null", value: "" };
  return isConstant(first.when, "true") ? first.result : node;
}

function isConstant(node: Expression, value: "true" | "false"): boolean {
  return node.kind === "constant" && node.type === "boolean" && node.value === value;
}

function of(volatility: Volatility): VolatilityAnswer {
  return { volatility, unknown: null, missing: null };
}

function merge(left: VolatilityAnswer, right: VolatilityAnswer): VolatilityAnswer {
  // Beside a call that is surely volatile it does not matter what another one is.
  const isSure = [left, right].some((one) => one.volatility === "volatile" && one.unknown === null);
  return {
    volatility: worse(left.volatility, right.volatility),
    unknown: isSure ? null : (left.unknown ?? right.unknown),
    missing: left.missing ?? right.missing,
  };
}

function ofCall(
  call: { readonly schema: string | null; readonly name: string; readonly arguments: readonly unknown[] },
  world: EffectsWorld,
  depth: number,
): VolatilityAnswer {
  const own = ownFunctions(call, world);
  const matching = own.filter((one) => one.argumentCount === call.arguments.length);
  const candidates = matching.length > 0 ? matching : own;
  if (candidates.length > 0)
    return candidates.map((one) => ofOwn(one, world, depth)).reduce((left, right) => merge(left, right));
  const builtIn = call.schema === null || call.schema === "pg_catalog" ? findBuiltIn(call.name) : undefined;
  const known = builtIn ?? findBuiltIn(call.name);
  if (known === undefined) {
    // A type that is called like a function of one argument is a cast; the argument is judged by itself.
    const { schema, name } = call;
    const isCast = call.arguments.length === 1 && world.schema.findType({ schema, name }) !== undefined;
    if (isCast && !world.schema.hasCasts) return of("stable");
    return { volatility: "volatile", unknown: call.name, missing: null };
  }
  const isThere = world.version >= known.from && world.version <= known.to;
  return { volatility: known.worst, unknown: null, missing: isThere ? null : call.name };
}

function ownFunctions(
  call: { readonly schema: string | null; readonly name: string },
  world: EffectsWorld,
): readonly UserFunction[] {
  if (call.schema !== null) return world.schema.findFunctions(call);
  for (const schema of world.searchPath) {
    const found = world.schema.findFunctions({ schema, name: call.name });
    if (found.length > 0) return found;
  }
  return [];
}

/** The declared volatility, unless the body is one SELECT of an expression: then that takes the call's place. */
function ofOwn(one: UserFunction, world: EffectsWorld, depth: number): VolatilityAnswer {
  const isInPlace = one.language === "sql" && one.body !== null && !one.isGuarded;
  if (one.volatility !== "volatile" || !isInPlace || one.body === null || depth === 0)
    return of(one.volatility);
  const calls = callsOfBody(one.body);
  if (calls === null) return of("volatile");
  return calls.map((call) => ofCall(call, world, depth - 1)).reduce(merge, of("immutable"));
}

const clauses = [
  "from",
  "where",
  "group",
  "having",
  "order",
  "limit",
  "offset",
  "union",
  "intersect",
  "except",
  "window",
  "into",
  "for",
];
const stableWords = [
  "current_date",
  "current_time",
  "current_timestamp",
  "current_user",
  "current_role",
  "current_catalog",
  "current_schema",
  "localtime",
  "localtimestamp",
  "session_user",
  "user",
];

/** Words that are followed by a parenthesis and are no functions. */
const operators = new Set([
  "all",
  "and",
  "any",
  "array",
  "as",
  "between",
  "case",
  "cast",
  "else",
  "ilike",
  "in",
  "is",
  "like",
  "not",
  "or",
  "row",
  "similar",
  "some",
  "then",
  "to",
  "when",
]);

/** What `SELECT expression` calls; null where the body is anything else, which is never put in place of the call. */
function callsOfBody(
  body: string,
):
  | readonly { readonly schema: null; readonly name: string; readonly arguments: readonly unknown[] }[]
  | null {
  const tokens = tokensIn(body);
  if (tokens.length > 0 && isMark(body, tokens.at(-1), ";")) tokens.pop();
  if (!isWord(body, tokens[0], "select")) return null;
  const calls: { schema: null; name: string; arguments: readonly unknown[] }[] = [];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isMark(body, token, ";")) return null;
    if (isMark(body, token, "(")) depth++;
    else if (isMark(body, token, ")")) depth--;
    if (index === 0 || !isNameToken(token)) continue;
    const name = nameOf(body, token);
    const before = tokens[index - 1];
    const isCall = isMark(body, tokens[index + 1], "(");
    // `extract(year FROM x)`, `substring(x FROM 1 FOR 2)`, `x IS DISTINCT FROM y`: a clause would follow a SELECT of its own.
    const isInside = (name === "from" || name === "for") && (depth > 0 || isWord(body, before, "distinct"));
    if (!isCall && !isInside && clauses.includes(name)) return null;
    if (name === "select") return null;
    if (isCall && (isAggregate(name) || isWindowFunction(name))) return null;
    if (stableWords.includes(name) && !isCall) calls.push({ schema: null, name: "now", arguments: [] });
    // `::numeric(10)` and `AS numeric(10)` are types with a length, not calls.
    else if (isCall && !operators.has(name) && !isMark(body, before, "::") && !isWord(body, before, "as"))
      calls.push({ schema: null, name, arguments: [] });
  }
  return calls;
}

/** A function in the expression that has no immutable form: an index cannot use it. Null: none, as far as is known. */
export function isNeverImmutable(expression: Expression, world: EffectsWorld): string | null {
  let culprit: string | null = null;
  walkExpression(expression, (node) => {
    if (node.kind !== "call" || culprit !== null) return;
    const own = ownFunctions(node, world);
    if (own.length > 0) {
      // What the function is made of may be immutable all the same once it is put in place.
      const isSure = own.every((one) => one.volatility !== "immutable" && !isInlined(one));
      if (isSure) culprit = node.name;
      return;
    }
    // Of another schema it is somebody's own, whatever it is called.
    const isBuiltIn = node.schema === null || node.schema === "pg_catalog";
    if (isBuiltIn && (findBuiltIn(node.name)?.best ?? "immutable") !== "immutable") culprit = node.name;
  });
  return culprit;
}

function isInlined(one: UserFunction): boolean {
  return one.language === "sql" && one.body !== null && !one.isGuarded && callsOfBody(one.body) !== null;
}

/** Volatile functions of the history that the expression calls: these may do anything when they run. */
export function procedureCalls(expression: Expression, world: EffectsWorld): readonly string[] {
  const found: string[] = [];
  walkExpression(expression, (node) => {
    if (node.kind !== "call") return;
    if (ownFunctions(node, world).some((one) => one.volatility === "volatile" && !isInlined(one)))
      found.push(node.name);
  });
  return found;
}

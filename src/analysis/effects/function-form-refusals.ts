import type { CreateFunction } from "../../model/statement.ts";
import { spokenName } from "../../model/type-names.ts";
import { quoteName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import { isKnownType } from "../facts/casts.ts";
import type { Ledger } from "./ledger.ts";
import { fail } from "./ledger.ts";
import { listHeads, numberAfter, tokensOutside } from "./words.ts";

/** What no function or procedure can be, whatever its body does: one code for all of it. */
const invalid = "42P13";

/** CREATE FUNCTION without a language or a result, with a name twice, with what only functions or only procedures have. */
export function refuseFunctionForm(ledger: Ledger, statement: CreateFunction): void {
  const { text } = ledger.world;
  const { span, returns, isProcedure } = statement;
  const from = statement.function.span.end;
  const tokens = tokensIn(text, from, span.end);
  const close = closingMark(text, tokens);
  const [given, rest] = [tokens.slice(1, close), tokens.slice(close + 1)];
  const has = (some: readonly Token[], ...words: readonly string[]) =>
    some.some((token) => words.some((word) => isWord(text, token, word)));
  // BEGIN ATOMIC and RETURN are SQL, and need not say so.
  if (statement.body !== null && !has(rest, "language"))
    fail(ledger, invalid, "the language of the function is missing");
  if (!isProcedure && returns === null && !has(given, "out", "inout"))
    fail(ledger, invalid, "what the function returns is missing");
  const twice = repeatedName(ledger, statement, rest);
  if (twice !== undefined) fail(ledger, invalid, `the argument ${quoteName(twice)} is named twice`);
  if (lacksDefault(text, given))
    fail(ledger, invalid, "behind an argument with a default all others need one as well");
  if (isProcedure && (statement.isStrict || has(rest, "immutable", "stable", "volatile", "leakproof")))
    fail(ledger, invalid, "a procedure is neither strict nor immutable or stable");
  refuseFunctionOptions(ledger, statement, rest);
  refuseArguments(ledger, statement, given);
  const isAnyType = (name: string) =>
    /^any(?:element|array|nonarray|enum|range|multirange|compatible)/.test(name);
  if (
    returns !== null &&
    isAnyType(returns.name) &&
    !statement.argumentTypes.some(({ name }) => isAnyType(name))
  )
    fail(ledger, invalid, `nothing tells which type ${returns.name} stands for`);
  if (returns?.name !== "trigger" || returns.schema !== null) return;
  if (statement.argumentTypes.length > 0)
    fail(ledger, invalid, "a trigger function has no arguments: it finds them in TG_ARGV");
  if (statement.language === "sql") fail(ledger, invalid, "a function in SQL cannot be a trigger function");
}

/** VARIADIC takes an array, and the OUT arguments say what the function returns. */
function refuseArguments(ledger: Ledger, statement: CreateFunction, given: readonly Token[]): void {
  const { text } = ledger.world;
  const { returns, outputs = [], isProcedure, argumentTypes } = statement;
  const last = argumentTypes.at(-1);
  const isOwn = last !== undefined && last.schema === null && isKnownType(last.name);
  const isVariadic = given.some((token) => isWord(text, token, "variadic"));
  if (isVariadic && isOwn && last.dimensions === 0) fail(ledger, invalid, "a VARIADIC argument is an array");
  const hasResults = given.some((token) => isWord(text, token, "out") || isWord(text, token, "inout"));
  const [only] = outputs;
  if (!hasResults || isProcedure || returns === null || only === undefined) return;
  const type = outputs.length > 1 ? "record" : only.type.name;
  const isTold = returns.schema === null && only.type.schema === null;
  if (isTold && (isKnownType(returns.name) || returns.name === "record") && returns.name !== type)
    fail(ledger, invalid, `its OUT arguments make the function return ${spokenName(type)}`);
}

/** Options that exclude one another, and those that stand twice. */
const options: readonly (readonly string[])[] = [
  ["immutable", "stable", "volatile"],
  ["strict", "called"],
  ["language"],
  ["cost"],
  ["rows"],
  ["parallel"],
  ["security"],
  ["leakproof"],
  ["window"],
];

/** What stands behind the arguments and the result, up to a body without quotes. */
function refuseFunctionOptions(
  ledger: Ledger,
  { returns, span }: CreateFunction,
  rest: readonly Token[],
): void {
  const { text } = ledger.world;
  const isBody = (token: Token, k: number) =>
    isWord(text, token, "return") || (isWord(text, token, "begin") && isWord(text, rest[k + 1], "atomic"));
  const end = rest.findIndex(isBody);
  const told = tokensOutside(text, end === -1 ? rest : rest.slice(0, end));
  for (const words of options) {
    const found = told.filter((token, k) => isOption(text, token, told[k - 1], words));
    if (found.length > 1)
      fail(ledger, "42601", `${words.join(", ").toUpperCase()}: a function has one of these, once`);
  }
  const list = { start: rest[0]?.start ?? span.start, end: rest[end]?.start ?? span.end };
  const [cost, rows] = [numberAfter(ledger, list, "cost"), numberAfter(ledger, list, "rows")];
  if (cost !== null && cost <= 0) fail(ledger, "22023", "COST is more than 0");
  if (rows !== null && rows <= 0) fail(ledger, "22023", "ROWS is more than 0");
  if (rows !== null && returns !== null && !returns.isSetOf)
    fail(ledger, "22023", "ROWS is for functions that return a set");
  const parallel = told.findIndex((token) => isWord(text, token, "parallel"));
  const word = told[parallel + 1];
  if (parallel !== -1 && !["safe", "restricted", "unsafe"].some((one) => isWord(text, word, one)))
    fail(ledger, "42601", "PARALLEL is SAFE, RESTRICTED or UNSAFE");
}

/** Not where it is the value of a setting, or the name of a language. */
function isOption(text: string, token: Token, before: Token | undefined, words: readonly string[]): boolean {
  if (!words.some((word) => isWord(text, token, word))) return false;
  if (["to", "set", "language", "returns", "from"].some((word) => isWord(text, before, word))) return false;
  return before === undefined || !["=", ",", "."].some((mark) => isMark(text, before, mark));
}

/** Where the parenthesis that stands first is closed. */
function closingMark(text: string, tokens: readonly Token[]): number {
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isMark(text, token, "(")) depth += 1;
    if (isMark(text, token, ")")) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length;
}

/** A name twice among what is handed in, or the columns of RETURNS TABLE; PL/pgSQL takes both for variables of one body. */
function repeatedName(ledger: Ledger, statement: CreateFunction, rest: readonly Token[]): string | undefined {
  const { text } = ledger.world;
  const at = rest.findIndex(
    (token, k) => isWord(text, token, "returns") && isWord(text, rest[k + 1], "table"),
  );
  const start = rest[at]?.start;
  const columns = start === undefined ? [] : listHeads(ledger, { start, end: statement.span.end });
  const given = statement.parameters.flatMap(({ name }) => name ?? []);
  const lists = statement.language === "plpgsql" ? [[...given, ...columns]] : [given, columns];
  const twice = lists.flatMap((names) => names.filter((name, k) => names.indexOf(name) !== k));
  return twice.find((name) => name !== null) ?? undefined;
}

/** Whether an argument without a default comes behind one that has it; those that are handed out have none. */
function lacksDefault(text: string, given: readonly Token[]): boolean {
  let depth = 0;
  let hasDefault = false;
  let isOpen = false;
  for (const [at, token] of given.entries()) {
    if (isMark(text, token, "(") || isMark(text, token, "[")) depth += 1;
    if (isMark(text, token, ")") || isMark(text, token, "]")) depth -= 1;
    if (depth > 0) continue;
    if (isWord(text, token, "out") || isWord(text, token, "inout") || isWord(text, token, "variadic"))
      return false;
    if (isWord(text, token, "default") || isMark(text, token, "=")) {
      hasDefault = true;
      isOpen = true;
    }
    const isLast = at === given.length - 1;
    if (!isMark(text, token, ",") && !isLast) continue;
    if (hasDefault && !isOpen) return true;
    isOpen = false;
  }
  return false;
}

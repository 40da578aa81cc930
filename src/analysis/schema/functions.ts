import type { TypeDescription, TypeName } from "../../model/name.ts";
import type { CreateFunction, Drop, OtherStatement } from "../../model/statement.ts";
import { nameOf } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { areWords, isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { type Caller, keepsGenerated, leavingOf } from "../callers.ts";
import { argumentsDropped, mayMean } from "../drop-arguments.ts";
import type { UserFunction } from "../entities.ts";
import { type Draft, MAX_PARTS, originOf, placeOf, takeId } from "./draft.ts";
import { dropCallers } from "./drop-callers.ts";
import { functionsUsing } from "./function-users.ts";
import { newName, noteGone, noteMade } from "./gone.ts";
import type { FoldContext } from "./known-schema.ts";
import { moveCalls } from "./move-calls.ts";
import { keyOf, type NameLike, partsOf } from "./name-parts.ts";
import { keptNames, standardBody } from "./standard-body.ts";
import { lookUp } from "./state.ts";
import { getFrom, removeFrom, setIn } from "./trie.ts";

/** Functions of one name stand together; OR REPLACE replaces the one with as many arguments. */
export function foldCreateFunction(draft: Draft, statement: CreateFunction): void {
  const place = placeOf(draft, statement.function);
  const key = keyOf(place.schema, place.name);
  const others = getFrom(draft.functions, key) ?? [];
  const argumentCount = statement.argumentTypes.length;
  const before = others.find((other) => other.argumentCount === argumentCount);
  const replaced = statement.orReplace ? before : undefined;
  const created: UserFunction = {
    kind: statement.isProcedure ? "procedure" : "function",
    ...place,
    id: replaced?.id ?? takeId(draft),
    origin: replaced === undefined ? originOf(draft) : replaced.origin,
    isCertainlyNew: !statement.orReplace,
    volatility: statement.volatility,
    language: statement.language,
    argumentCount,
    ...(replaced !== undefined && isTwin(replaced, statement) && { hasTwin: true }),
    parameters: statement.parameters,
    isTrigger: statement.returns?.name === "trigger" || statement.returns?.name === "event_trigger",
    body: bodyOf(draft.context, statement),
    ...keepsOf(draft.context, statement),
    isStrict: statement.isStrict,
    argumentTypes: statement.argumentTypes.map(described),
    returns: statement.returns === null ? null : described(statement.returns),
    ...(statement.outputs.length > 0 && {
      outputs: statement.outputs.map(({ name, type }) => ({ name, type: described(type) })),
    }),
    isGuarded: statement.settings.length > 0 || isDefiner(draft.context.text, statement.span),
    ...(statement.settings.length > 0 && { settings: statement.settings }),
  };
  noteMade(draft, "function", place);
  const kept = others.filter((other) => other !== replaced);
  if (kept.length < MAX_PARTS) draft.functions = setIn(draft.functions, key, [...kept, created]);
}

function isTwin(before: UserFunction, { argumentTypes }: CreateFunction): boolean {
  if (before.hasTwin === true) return true;
  return before.argumentTypes.some((type, k) => {
    const other = argumentTypes[k];
    return type.name !== other?.name || type.dimensions !== other.dimensions;
  });
}

/** A type without the place where it is spelt. */
function described({ schema, name, modifiers, dimensions, isSetOf, isReference }: TypeName): TypeDescription {
  return { schema, name, modifiers, dimensions, isSetOf, isReference };
}

/** SECURITY DEFINER; the quoted body is one token. */
function isDefiner(text: string, { start, end }: Span): boolean {
  const tokens = tokensIn(text, start, end);
  return tokens.some((_, k) => areWords(text, tokens, k, "security", "definer"));
}

/** ALTER FUNCTION: what it says of volatility and settings. Where its arguments do not tell which is meant, all are. */
export function foldAlterFunction(draft: Draft, statement: OtherStatement): void {
  const { text } = draft.context;
  if (!/^alter (function|procedure|routine)$/.test(statement.command)) return;
  const words = tokensIn(text, statement.span.start, statement.span.end);
  const isQualified = isMark(text, words[3], ".");
  const [first, last] = [words[2], isQualified ? words[4] : words[2]];
  if (first === undefined || last === undefined) return;
  const name = { schema: isQualified ? nameOf(text, first) : null, name: nameOf(text, last) };
  const found = lookUp(draft.functions, draft.path, name);
  const [one] = found ?? [];
  if (found === undefined || one === undefined) return;
  const rest = words.slice(isQualified ? 5 : 3);
  const says = (...wanted: readonly [string, ...string[]]) =>
    rest.some((_, k) => areWords(text, rest, k, ...wanted));
  const volatility = (["volatile", "stable", "immutable"] as const).find((word) => says(word));
  const isGuarded = says("set") || says("definer") ? true : says("reset", "all") ? false : undefined;
  if (volatility === undefined && isGuarded === undefined && !says("reset")) return;
  const changed = found.map((own) => ({
    ...changeSettings(own, text, rest),
    ...(volatility === undefined ? {} : { volatility }),
    ...(isGuarded === undefined ? {} : { isGuarded }),
  }));
  draft.functions = setIn(draft.functions, keyOf(one.schema, one.name), changed);
}

/** ALTER FUNCTION ... SET a = b, RESET a and RESET ALL. */
function changeSettings(own: UserFunction, text: string, words: readonly Token[]): UserFunction {
  const at = words.findIndex((_, k) => areWords(text, words, k, "set") || areWords(text, words, k, "reset"));
  const [word, name, mark, ...values] = words.slice(Math.max(at, 0));
  if (at === -1 || name === undefined) return own;
  const setting = nameOf(text, name).toLowerCase();
  const isAll = isWord(text, word, "reset") && setting === "all";
  const others = isAll ? [] : (own.settings ?? []).filter((one) => one.name !== setting);
  const isGiven = isWord(text, word, "set") && (isMark(text, mark, "=") || isWord(text, mark, "to"));
  const value = isGiven ? valueOfSetting(text, values) : null;
  const { settings, ...rest } = own;
  const now = value === null ? others : [...others, { name: setting, value }];
  return now.length === 0 ? rest : { settings: now, ...rest };
}

/** `a, b` or `'a', 'b'`; null: DEFAULT. */
function valueOfSetting(text: string, words: readonly Token[]): string | null {
  const [first] = words;
  if (first === undefined || isWord(text, first, "default")) return null;
  const values: string[] = [];
  for (let k = 0; k < words.length; k += 2) {
    const word = words[k];
    if (word === undefined) break;
    const isString = word.kind === "string";
    values.push(
      isString ? text.slice(word.start + 1, word.end - 1).replaceAll("''", "'") : nameOf(text, word),
    );
    if (!isMark(text, words[k + 1], ",")) break;
  }
  return values.join(", ");
}

/** What a body without quotes keeps hold of. */
function keepsOf(
  { text }: FoldContext,
  { body, language, span }: CreateFunction,
): Pick<UserFunction, "keeps"> {
  const keeps = body === null && language === "sql" ? keptNames(text, span) : null;
  return keeps === null ? {} : { keeps };
}

/** The text inside the quotes as the server sees it. */
function bodyOf(context: FoldContext, statement: CreateFunction): string | null {
  if (statement.body === null)
    return statement.language === "sql" ? standardBody(context.text, statement.span) : null;
  const raw = context.text.slice(statement.body.start, statement.body.end);
  const isDollar = context.text.charAt(statement.body.start - 1) === "$";
  return isDollar ? raw : raw.replaceAll("''", "'");
}

const isGeneratedColumn = ({ kind }: Caller) => kind === "generated column";

/**
 * DROP FUNCTION. The model does not say which of several is meant: then all stay known, so that none that may be called
 * is forgotten.
 */
export function dropFunctions(draft: Draft, statement: Drop, k: number): void {
  const name = statement.names[k];
  if (name === undefined) return;
  const found = lookUp(draft.functions, draft.path, name);
  const listed = argumentsDropped(draft.context.text, statement, k);
  const first = found?.[0];
  // Without CASCADE the server would refuse while something calls it.
  const { schema, name: bare } = partsOf(name);
  const leaving = leavingOf(schema, bare, found ?? [], listed);
  if (statement.cascade) dropCallers(draft, leaving);
  else if (draft.context.version < keepsGenerated) dropCallers(draft, leaving, isGeneratedColumn);
  if (found === undefined || first === undefined) return;
  const key = keyOf(first.schema, first.name);
  const meant = found.filter((own) => own.hasTwin === true || mayMean(listed, own));
  if (meant.length === 0) return;
  if (found.length === 1) {
    draft.functions = removeFrom(draft.functions, key);
    if (isMeant(first, statement.ifExists, listed?.length ?? null)) noteGone(draft, "function", first);
  }
  // One of them is gone: where more could be meant, of none it is sure that it is there.
  else {
    const isOne = meant.length === 1 && meant[0]?.hasTwin !== true;
    const left = isOne ? found.filter((own) => own !== meant[0]) : found;
    draft.functions = setIn(
      draft.functions,
      key,
      left.map((own) => (meant.includes(own) ? doubted(own) : own)),
    );
  }
}

function doubted(own: UserFunction): UserFunction {
  return { ...own, isCertainlyNew: false, isDoubted: true };
}

/** DROP TABLE, VIEW or TYPE ... CASCADE: functions that take or read what bore the name may be gone. */
export function doubtTakers(draft: Draft, name: string): void {
  for (const { schema, name: own } of functionsUsing(draft.functions, name)) {
    const key = keyOf(schema, own);
    const all = getFrom(draft.functions, key) ?? [];
    draft.functions = setIn(draft.functions, key, all.map(doubted));
  }
}

/** Whether DROP FUNCTION names this one: it has no arguments, or only that many are there to be meant. */
function isMeant(one: UserFunction, ifExists: boolean, count: number | null): boolean {
  // Another may have come without the history, and IF EXISTS finds nothing where the types differ.
  if (one.origin === null || one.hasTwin === true) return false;
  if (count === null) return true;
  if (count === 0) return one.argumentCount === 0;
  return !ifExists && one.argumentCount > 0;
}

/** ALTER FUNCTION ... RENAME and SET SCHEMA. */
export function renameFunctions(
  draft: Draft,
  name: NameLike,
  change: { readonly schema?: string; readonly name?: string },
): void {
  const found = lookUp(draft.functions, draft.path, name);
  const first = found?.[0];
  if (found === undefined || first === undefined) return;
  draft.functions = removeFrom(draft.functions, keyOf(first.schema, first.name));
  moveCalls(draft, first, change);
  const next = { schema: first.schema, name: first.name, ...change };
  // What lies in pg_catalog is found without its schema.
  const isGone = found.length === 1 && first.hasTwin !== true && next.schema !== "pg_catalog";
  if (isGone) noteGone(draft, "function", first, newName(first, next));
  noteMade(draft, "function", next);
  const moved = found.map((own) => ({ ...own, ...change }));
  const key = keyOf(change.schema ?? first.schema, change.name ?? first.name);
  draft.functions = setIn(draft.functions, key, [...(getFrom(draft.functions, key) ?? []), ...moved]);
}

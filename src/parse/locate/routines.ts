import type { TypeName } from "../../model/name.ts";
import type { CreateFunction, DoBlock, OwnSetting, Parameter } from "../../model/statement.ts";
import { append } from "../../text/append.ts";
import type { Span } from "../../text/span.ts";
import {
  type Cursor,
  commaSegments,
  hasMark,
  hasWords,
  isDone,
  spanBetween,
  spanOfRest,
  step,
  takeBracket,
  takeWords,
  tokenAt,
  wordAt,
} from "./cursor.ts";
import { takeHead } from "./heads.ts";
import { readIdentifier, readQualifiedName } from "./names.ts";
import { readOwnSetting } from "./settings.ts";
import { insideOf, stringValue } from "./strings.ts";
import { readType } from "./types.ts";

interface Options {
  language: string | null;
  volatility: CreateFunction["volatility"];
  isStrict: boolean;
  body: Span | null;
  bodyCount: number;
  settings: OwnSetting[];
}

/** CREATE FUNCTION and CREATE PROCEDURE. */
export function readCreateFunction(cursor: Cursor): CreateFunction {
  const span = spanOfRest(cursor);
  const orReplace = wordAt(cursor, cursor.at + 1) === "or";
  const head = takeHead(cursor);
  const isProcedure = wordAt(cursor, cursor.at - 1) === "procedure";
  const name = readQualifiedName(cursor);
  const inside = takeBracket(cursor);
  const all = (inside === null ? [] : commaSegments(inside)).map(readArgument);
  const taken = all.filter((one) => !one.isOut);
  const columns: Argument[] = [];
  const returns = takeWords(cursor, "returns") ? readReturns(cursor, columns) : null;
  const options = readOptions(cursor);
  return {
    kind: "create function",
    span,
    head,
    function: name,
    isProcedure,
    orReplace,
    language: options.language ?? "sql",
    volatility: options.volatility,
    isStrict: options.isStrict,
    argumentTypes: taken.map(({ type }) => type),
    parameters: taken.map(({ name, fallback, isOptional }) => ({ name, fallback, isOptional })),
    outputs: [...all.filter(({ isGiven }) => isGiven), ...columns].map(({ name, type }) => ({ name, type })),
    returns,
    // Two strings are the library and the symbol of a C function.
    body:
      options.bodyCount === 1 && options.language !== "c" && options.language !== "internal"
        ? options.body
        : null,
    settings: options.settings,
  };
}

interface Argument extends Parameter {
  readonly type: TypeName;
  /** OUT: nothing is handed in. */
  readonly isOut: boolean;
  /** OUT and INOUT: it is given back. */
  readonly isGiven: boolean;
}

function readArgument(cursor: Cursor): Argument {
  const before = readMode(cursor);
  const from = cursor.at;
  const alone = readType(cursor);
  // `name type`, `name IN type`: what was read as a type was the name.
  const isNamed =
    !isDone(cursor) && !hasWords(cursor, "default") && !hasMark(cursor, "=") && !hasMark(cursor, ":=");
  if (!isNamed) return { type: alone, name: null, ...before, ...readFallback(cursor) };
  cursor.at = from;
  const { name } = readIdentifier(cursor);
  const behind = readMode(cursor);
  const type = readType(cursor);
  const isOut = before.isOut || behind.isOut;
  return { type, name, isOut, isGiven: before.isGiven || behind.isGiven, ...readFallback(cursor) };
}

/** DEFAULT 'x', or = 'x'. */
function readFallback(cursor: Cursor): Pick<Parameter, "fallback" | "isOptional"> {
  if (!takeWords(cursor, "default") && !hasMark(cursor, "="))
    return { fallback: null, isOptional: !isDone(cursor) };
  if (hasMark(cursor, "=")) cursor.at++;
  const token = tokenAt(cursor);
  return { fallback: token?.kind === "string" ? stringValue(cursor.text, token) : null, isOptional: true };
}

function readMode(cursor: Cursor): Pick<Argument, "isOut" | "isGiven"> {
  if (takeWords(cursor, "in")) return { isOut: false, isGiven: takeWords(cursor, "out") };
  if (takeWords(cursor, "out")) return { isOut: true, isGiven: true };
  const isGiven = takeWords(cursor, "inout");
  if (!isGiven) takeWords(cursor, "variadic");
  return { isOut: false, isGiven };
}

/** RETURNS TABLE (...) is a set of rows: SETOF record, as the server has it. Its columns are added to those that are given. */
function readReturns(cursor: Cursor, columns: Argument[]): TypeName {
  const from = cursor.at;
  if (!takeWords(cursor, "table")) return readType(cursor);
  const inside = takeBracket(cursor);
  if (inside !== null) append(columns, commaSegments(inside).map(readArgument));
  return {
    schema: null,
    name: "record",
    modifiers: [],
    dimensions: 0,
    isSetOf: true,
    isReference: false,
    span: spanBetween(cursor, from, cursor.at),
  };
}

function readOptions(cursor: Cursor): Options {
  const options: Options = {
    language: null,
    volatility: "volatile",
    isStrict: false,
    body: null,
    bodyCount: 0,
    settings: [],
  };
  while (!isDone(cursor) && !hasWords(cursor, "begin", "atomic") && !hasWords(cursor, "return")) {
    readOption(cursor, options);
  }
  return options;
}

function readOption(cursor: Cursor, options: Options): void {
  if (takeWords(cursor, "language")) options.language = readIdentifier(cursor).name.toLowerCase();
  else if (takeWords(cursor, "immutable")) options.volatility = "immutable";
  else if (takeWords(cursor, "stable")) options.volatility = "stable";
  else if (takeWords(cursor, "strict") || takeWords(cursor, "returns", "null", "on", "null", "input")) {
    options.isStrict = true;
  } else if (takeWords(cursor, "set")) options.settings.push(readOwnSetting(cursor));
  else if (takeWords(cursor, "as")) {
    for (let token = tokenAt(cursor); token?.kind === "string"; token = tokenAt(cursor)) {
      options.body ??= insideOf(cursor.text, token);
      options.bodyCount++;
      cursor.at++;
      if (hasMark(cursor, ",")) cursor.at++;
    }
  } else step(cursor);
}

/** DO [LANGUAGE x] 'body', in either order. */
export function readDo(cursor: Cursor): DoBlock {
  const span = spanOfRest(cursor);
  const head = takeHead(cursor);
  let language = "plpgsql";
  let body: Span = { start: span.end, end: span.end };
  while (!isDone(cursor)) {
    const token = tokenAt(cursor);
    if (takeWords(cursor, "language")) {
      const name = tokenAt(cursor);
      if (name?.kind === "string") {
        language = stringValue(cursor.text, name);
        // Else the quoted name of the language would be taken for the body.
        cursor.at++;
      } else language = readIdentifier(cursor).name;
    } else if (token?.kind === "string") {
      body = insideOf(cursor.text, token);
      cursor.at++;
    } else cursor.at++;
  }
  return { kind: "do", span, head, language: language.toLowerCase(), body };
}

import type { TypeName } from "../../model/name.ts";
import type { CreateFunction, DoBlock, OwnSetting, Parameter } from "../../model/statement.ts";
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
  const taken = (inside === null ? [] : commaSegments(inside))
    .map(readArgument)
    .filter((one) => one !== null);
  const returns = takeWords(cursor, "returns") ? readReturns(cursor) : null;
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
    parameters: taken.map(({ name, fallback }) => ({ name, fallback })),
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
}

/** An argument that is handed in; null for OUT arguments. */
function readArgument(cursor: Cursor): Argument | null {
  const isOut = hasWords(cursor, "out");
  readMode(cursor);
  const from = cursor.at;
  const alone = readType(cursor);
  // `name type`, `name IN type`: what was read as a type was the name.
  const isNamed =
    !isDone(cursor) && !hasWords(cursor, "default") && !hasMark(cursor, "=") && !hasMark(cursor, ":=");
  if (!isNamed) return isOut ? null : { type: alone, name: null, fallback: readFallback(cursor) };
  cursor.at = from;
  const { name } = readIdentifier(cursor);
  const isOutBehind = hasWords(cursor, "out");
  readMode(cursor);
  const type = readType(cursor);
  return isOut || isOutBehind ? null : { type, name, fallback: readFallback(cursor) };
}

/** DEFAULT 'x', or = 'x'. */
function readFallback(cursor: Cursor): string | null {
  if (!takeWords(cursor, "default") && !hasMark(cursor, "=")) return null;
  if (hasMark(cursor, "=")) cursor.at++;
  const token = tokenAt(cursor);
  return token?.kind === "string" ? stringValue(cursor.text, token) : null;
}

function readMode(cursor: Cursor): void {
  if (takeWords(cursor, "in")) takeWords(cursor, "out");
  else if (!takeWords(cursor, "out") && !takeWords(cursor, "inout")) takeWords(cursor, "variadic");
}

/** RETURNS TABLE (...) is a set of rows: SETOF record, as the server has it. */
function readReturns(cursor: Cursor): TypeName {
  const from = cursor.at;
  if (!takeWords(cursor, "table")) return readType(cursor);
  takeBracket(cursor);
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

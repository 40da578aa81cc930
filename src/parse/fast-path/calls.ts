import type { Call, Expression } from "../../model/expression.ts";
import { append } from "../../text/append.ts";
import { ARROW, ASSIGN, CLOSE, COMMA, DOT, INTEGER, OPEN, STAR, STRING } from "./codes.ts";
import { readExpression, readList } from "./expressions.ts";
import { COLUMN_NAME, FUNCTION_NAME, LABEL } from "./keywords.ts";
import { readStringValue } from "./operands.ts";
import { readOrder } from "./order.ts";
import { isName, peek, type Reader, readName, take } from "./reader.ts";
import { readTypeDescription } from "./types.ts";
import { word } from "./words.ts";

/** A call with its FILTER and OVER. `path` is its name if it has a schema: then the cursor stands at the bracket. */
export function readCall(reader: Reader, path?: readonly string[]): Call | null {
  const call = readPlainCall(reader, path);
  return call === null ? null : readWindow(reader, call);
}

/** A call without FILTER and OVER: what the grammar wants in an index or behind CALL. */
export function readPlainCall(reader: Reader, path?: readonly string[]): Call | null {
  const names = path === undefined ? [readName(reader, FUNCTION_NAME)] : [...path];
  const name = names.pop() ?? null;
  if (name === null || !take(reader, OPEN)) return null;
  const taken = readArguments(reader);
  if (taken === null) return null;
  const called = call(name, taken.args, names.length === 0 ? null : names.join("."));
  return taken.names.some((one) => one !== null) ? { ...called, names: taken.names } : called;
}

/** A call without FILTER and OVER from its name on, also of what SQL has own words for: what an index can be on. */
export function readFunctionCall(reader: Reader): Expression | null {
  const code = peek(reader);
  if (functions.has(code)) return peek(reader, 1) === OPEN ? readOwnCall(reader, code) : null;
  const isDotted = peek(reader, 1) === DOT;
  const path: string[] = [];
  do {
    const use = path.length > 0 ? LABEL : isDotted ? COLUMN_NAME : FUNCTION_NAME;
    const part = readName(reader, use);
    if (part === null) return null;
    path.push(part);
  } while (take(reader, DOT));
  return path.length > 3 ? null : readPlainCall(reader, path);
}

function call(name: string, args: readonly Expression[], schema: string | null = null): Call {
  return { kind: "call", schema, name, arguments: args, isWindow: false };
}

interface Arguments {
  readonly args: Expression[];
  /** Null for those without a name. */
  readonly names: (string | null)[];
}

function readArguments(reader: Reader): Arguments | null {
  const args: Expression[] = [];
  const names: (string | null)[] = [];
  if (take(reader, CLOSE)) return { args, names };
  if (peek(reader) === STAR) {
    reader.at++;
    return take(reader, CLOSE) ? { args, names } : null;
  }
  const isSet = take(reader, word.distinct) || take(reader, word.all);
  let isVariadic = false;
  do {
    // VARIADIC stands before the last one.
    if (isVariadic) return null;
    isVariadic = take(reader, word.variadic);
    if (isVariadic && isSet) return null;
    const behind = peek(reader, 1);
    const isNamed = behind === ASSIGN || behind === ARROW;
    const name = isNamed ? readName(reader, FUNCTION_NAME) : null;
    if (isNamed && name === null) return null;
    if (isNamed) reader.at++;
    const one = readExpression(reader);
    if (one === null) return null;
    args.push(one);
    names.push(name);
  } while (take(reader, COMMA));
  if (peek(reader) === word.order) {
    const order = readOrder(reader);
    if (order === null) return null;
    append(args, order);
  }
  return take(reader, CLOSE) ? { args, names } : null;
}

/** FILTER and OVER count as arguments; frames and WITHIN GROUP are left to the grammar. */
function readWindow(reader: Reader, called: Call): Call | null {
  let result = called;
  if (peek(reader) === word.within) return null;
  if (take(reader, word.filter)) {
    if (!take(reader, OPEN) || !take(reader, word.where)) return null;
    const filter = readExpression(reader);
    if (filter === null || !take(reader, CLOSE)) return null;
    result = { ...result, arguments: [...result.arguments, filter] };
  }
  if (!take(reader, word.over)) return result;
  if (isName(reader, COLUMN_NAME)) {
    reader.at++;
    return { ...result, isWindow: true };
  }
  const window = take(reader, OPEN) ? readWindowParts(reader) : null;
  return window === null ? null : { ...result, arguments: [...result.arguments, ...window], isWindow: true };
}

function readWindowParts(reader: Reader): Expression[] | null {
  const parts: Expression[] = [];
  if (take(reader, word.partition)) {
    const keys = take(reader, word.by) ? readList(reader) : null;
    if (keys === null) return null;
    append(parts, keys);
  }
  if (peek(reader) === word.order) {
    const order = readOrder(reader);
    if (order === null) return null;
    append(parts, order);
  }
  return take(reader, CLOSE) ? parts : null;
}

/** Values that look like columns: CURRENT_DATE and its kin. */
const values = new Set<number>([
  word.current_date,
  word.current_role,
  word.current_user,
  word.session_user,
  word.user,
  word.current_catalog,
]);

const timeValues = new Set<number>([
  word.current_time,
  word.current_timestamp,
  word.localtime,
  word.localtimestamp,
]);

const functions = new Set<number>([
  word.cast,
  word.coalesce,
  word.greatest,
  word.least,
  word.nullif,
  word.extract,
  word.trim,
  word.substring,
  word.position,
]);

const isKeyword = new Uint8Array(2048);
for (const codes of [values, timeValues, functions, [word.current_schema]]) {
  for (const code of codes) isKeyword[code] = 1;
}

/** Whether SQL has own rules for what this word begins. */
export function isCallKeyword(code: number): boolean {
  return isKeyword[code] === 1;
}

/** A value or call that the grammar has words of its own for. */
export function readKeywordCall(reader: Reader): Expression | null {
  const code = peek(reader);
  if (functions.has(code)) return peek(reader, 1) === OPEN ? readOwnCall(reader, code) : null;
  if (code === word.current_schema && peek(reader, 1) === OPEN) return readCall(reader);
  const name = readName(reader);
  if (name === null) return null;
  if (timeValues.has(code) && take(reader, OPEN)) {
    if (!take(reader, INTEGER) || !take(reader, CLOSE)) return null;
  }
  return call(name, []);
}

/** COALESCE (...), CAST (...) and their like; columns may have some of these names, which the caller leaves alone. */
function readOwnCall(reader: Reader, code: number): Expression | null {
  reader.at += 2;
  const found = readOwnParts(reader, code);
  return found !== null && take(reader, CLOSE) ? found : null;
}

function readOwnParts(reader: Reader, code: number): Expression | null {
  if (code === word.cast) return readCast(reader);
  if (code === word.extract) return readExtract(reader);
  if (code === word.trim) return readTrim(reader);
  if (code === word.position) return readPosition(reader);
  const list = readList(reader);
  if (list === null) return null;
  switch (code) {
    case word.coalesce:
      return { kind: "coalesce", arguments: list };
    case word.greatest:
      return { kind: "greatest", arguments: list };
    case word.least:
      return { kind: "least", arguments: list };
    case word.nullif:
      return list.length === 2 ? call("nullif", list) : null;
  }
  return readSubstring(reader, list);
}

/** TRIM ([BOTH | LEADING | TRAILING] [characters FROM] text): the characters come last. */
function readTrim(reader: Reader): Expression | null {
  const name = take(reader, word.leading) ? "ltrim" : take(reader, word.trailing) ? "rtrim" : "btrim";
  if (name === "btrim") take(reader, word.both);
  if (take(reader, word.from)) {
    const texts = readList(reader);
    return texts === null ? null : call(name, texts);
  }
  const list = readList(reader);
  const [characters] = list ?? [];
  if (list === null || characters === undefined || !take(reader, word.from)) {
    return list === null ? null : call(name, list);
  }
  const texts = list.length === 1 ? readList(reader) : null;
  return texts === null ? null : call(name, [...texts, characters]);
}

/** SUBSTRING (text FROM start [FOR count]), or with commas. */
function readSubstring(reader: Reader, list: readonly Expression[]): Expression | null {
  if (!take(reader, word.from)) return call("substring", list);
  const start = list.length === 1 ? readExpression(reader) : null;
  if (start === null) return null;
  const count = take(reader, word.for) ? readExpression(reader) : undefined;
  if (count === null) return null;
  return call("substring", count === undefined ? [...list, start] : [...list, start, count]);
}

/** POSITION (part IN text). */
function readPosition(reader: Reader): Expression | null {
  const part = readExpression(reader, 0, "restricted");
  if (part === null || !take(reader, word.in)) return null;
  const text = readExpression(reader, 0, "restricted");
  return text === null ? null : call("position", [text, part]);
}

function readCast(reader: Reader): Expression | null {
  const argument = readExpression(reader);
  if (argument === null || !take(reader, word.as)) return null;
  const type = readTypeDescription(reader);
  return type === null ? null : { kind: "cast", argument, type };
}

/** EXTRACT (field FROM source). */
function readExtract(reader: Reader): Expression | null {
  const field = peek(reader) === STRING ? readStringValue(reader) : readField(reader);
  if (field === null || !take(reader, word.from)) return null;
  const source = readExpression(reader);
  if (source === null) return null;
  return call("extract", [{ kind: "constant", type: "string", value: field }, source]);
}

const fields = new Set<number>([word.year, word.month, word.day, word.hour, word.minute, word.second]);

function readField(reader: Reader): string | null {
  const code = peek(reader);
  return code < 256 || fields.has(code) ? readName(reader) : null;
}

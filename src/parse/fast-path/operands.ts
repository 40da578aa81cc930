import type { Expression } from "../../model/expression.ts";
import { stringValue } from "../locate/strings.ts";
import { isCallKeyword, readCall, readKeywordCall } from "./calls.ts";
import {
  CLOSE,
  DOT,
  FLOAT,
  INTEGER,
  OPEN,
  PARAMETER,
  SQUARE,
  SQUARE_END,
  STAR,
  STRING,
  WITH_BEFORE,
  WITHOUT_BEFORE,
} from "./codes.ts";
import { readExpression, readList } from "./expressions.ts";
import { COLUMN_NAME, FUNCTION_NAME, LABEL } from "./keywords.ts";
import { isName, peek, type Reader, readName, take, textAt } from "./reader.ts";
import { readBracketedQuery, startsQuery } from "./subqueries.ts";
import { isIntervalField, readConstantType } from "./types.ts";
import { word } from "./words.ts";

/** What operators stand between: `c_expr` of the grammar. Null where anything in it raises a doubt. */
export function readOperand(reader: Reader): Expression | null {
  const code = peek(reader);
  switch (code) {
    case STRING:
      return constant("string", readStringValue(reader));
    case INTEGER:
      return constant("integer", String(Number(textAt(reader, reader.at++))));
    case FLOAT:
      return constant("float", textAt(reader, reader.at++));
    case PARAMETER:
      return readIndirection(reader, {
        kind: "parameter",
        number: Number(textAt(reader, reader.at++).slice(1)),
      });
    case 40:
      return readBracket(reader);
    case word.null:
      reader.at++;
      return constant("null", "null");
    case word.true:
    case word.false:
      reader.at++;
      return constant("boolean", code === word.true ? "true" : "false");
    case word.case:
      return readCase(reader);
    case word.array:
      return readArray(reader);
    case word.exists: {
      reader.at++;
      if (!startsQuery(reader)) return null;
      const query = readBracketedQuery(reader);
      return query === null ? null : { kind: "subquery", use: "exists", argument: null, query };
    }
    case word.row:
      if (peek(reader, 1) === OPEN) return readRow(reader);
      break;
  }
  if (isCallKeyword(code)) return readKeywordCall(reader);
  return readNamed(reader);
}

function constant(type: "null" | "boolean" | "integer" | "float" | "string", value: string): Expression {
  return { kind: "constant", type, value };
}

/** The value of the string at the cursor, which moves behind it. */
export function readStringValue(reader: Reader): string {
  const token = reader.cursor.tokens[reader.at++];
  if (token === undefined) return "";
  if (reader.text.charCodeAt(token.start) !== 39) return stringValue(reader.text, token);
  const inside = reader.text.slice(token.start + 1, token.end - 1);
  return inside.includes("'") ? inside.replaceAll("''", "'") : inside;
}

/** A query, a row, or brackets that nothing is left of. */
function readBracket(reader: Reader): Expression | null {
  if (startsQuery(reader)) {
    const query = readBracketedQuery(reader);
    if (query === null) return null;
    return readIndirection(reader, { kind: "subquery", use: "scalar", argument: null, query });
  }
  reader.at++;
  const items = readList(reader);
  if (items === null || !take(reader, CLOSE)) return null;
  const [only] = items;
  if (items.length > 1 || only === undefined) return { kind: "row", items };
  return readIndirection(reader, only);
}

function readRow(reader: Reader): Expression | null {
  reader.at += 2;
  if (take(reader, CLOSE)) return { kind: "row", items: [] };
  const items = readList(reader);
  return items !== null && take(reader, CLOSE) ? { kind: "row", items } : null;
}

function readCase(reader: Reader): Expression | null {
  reader.at++;
  const argument = peek(reader) === word.when ? undefined : readExpression(reader);
  if (argument === null) return null;
  const branches: { when: Expression; result: Expression }[] = [];
  while (take(reader, word.when)) {
    const when = readExpression(reader);
    if (when === null || !take(reader, word.thenResult)) return null;
    const result = readExpression(reader);
    if (result === null) return null;
    branches.push({ when, result });
  }
  const otherwise = take(reader, word.else) ? readExpression(reader) : undefined;
  if (branches.length === 0 || otherwise === null || !take(reader, word.end)) return null;
  return { kind: "case", argument: argument ?? null, branches, otherwise: otherwise ?? null };
}

function readArray(reader: Reader): Expression | null {
  reader.at++;
  if (peek(reader) === SQUARE) return readArrayItems(reader);
  if (!startsQuery(reader)) return null;
  const query = readBracketedQuery(reader);
  return query === null ? null : { kind: "subquery", use: "array", argument: null, query };
}

/** `[a, b]` behind ARRAY, `[[a], [b]]`. */
function readArrayItems(reader: Reader): Expression | null {
  reader.at++;
  if (take(reader, SQUARE_END)) return { kind: "array", items: [] };
  // Arrays of arrays are rare.
  if (peek(reader) === SQUARE) return null;
  const items = readList(reader);
  return items !== null && take(reader, SQUARE_END) ? { kind: "array", items } : null;
}

/** A column, a call, or a constant behind the name of its type. */
function readNamed(reader: Reader): Expression | null {
  // OPERATOR (...) is an operator wherever an expression can stand.
  if (peek(reader) === word.operator) return null;
  const behind = peek(reader, 1);
  const isColumn = isName(reader, COLUMN_NAME);
  const isFunction = isName(reader, FUNCTION_NAME);
  if (!isFunction && isColumn && (behind === STRING || behind === OPEN || isTypeWord(behind))) {
    // Characters and bits have another length as constants than in a cast.
    return isCharacters(peek(reader)) ? null : readTypedConstant(reader);
  }
  if (isFunction && behind === STRING) return readTypedConstant(reader);
  if (isFunction && behind === OPEN) return readCall(reader);
  return isColumn ? readColumn(reader) : null;
}

function isCharacters(code: number): boolean {
  return (
    code === word.char ||
    code === word.character ||
    code === word.nchar ||
    code === word.varchar ||
    code === word.bit
  );
}

/** Words that go on with the name of a type, or of nothing that this reader knows. */
function isTypeWord(code: number): boolean {
  return code === WITH_BEFORE || code === WITHOUT_BEFORE || code === word.varying || code === word.character;
}

function readTypedConstant(reader: Reader): Expression | null {
  const type = readConstantType(reader);
  if (type === null || peek(reader) !== STRING) return null;
  const value = readStringValue(reader);
  if (type.name === "interval" && isIntervalField(reader)) return null;
  return { kind: "cast", argument: constant("string", value), type };
}

function readColumn(reader: Reader): Expression | null {
  const path: string[] = [];
  const first = readName(reader, COLUMN_NAME);
  if (first === null) return null;
  path.push(first);
  while (take(reader, DOT)) {
    if (take(reader, STAR)) {
      path.push("*");
      return { kind: "column", path };
    }
    const part = readName(reader, LABEL);
    if (part === null) return null;
    path.push(part);
  }
  if (peek(reader) === OPEN) return path.length > 1 && path.length < 4 ? readCall(reader, path) : null;
  return peek(reader) === SQUARE
    ? readIndirection(reader, { kind: "column", path })
    : { kind: "column", path };
}

/** `[1][2].a` behind an operand: neighbouring indices are one subscript. */
function readIndirection(reader: Reader, operand: Expression): Expression | null {
  let result = operand;
  for (;;) {
    if (peek(reader) === SQUARE) {
      const indices: Expression[] = [];
      while (take(reader, SQUARE)) {
        const index = readExpression(reader);
        if (index === null || !take(reader, SQUARE_END)) return null;
        indices.push(index);
      }
      result = { kind: "subscript", argument: result, indices };
    } else if (take(reader, DOT)) {
      if (take(reader, STAR)) return { kind: "field", argument: result, name: "*" };
      const name = readName(reader, LABEL);
      if (name === null) return null;
      result = { kind: "field", argument: result, name };
    } else return result;
  }
}

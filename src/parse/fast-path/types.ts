import type { TypeDescription } from "../../model/name.ts";
import { subCursor } from "../locate/cursor.ts";
import { readType } from "../locate/types.ts";
import {
  CLOSE,
  COMMA,
  DOT,
  INTEGER,
  OPEN,
  PERCENT,
  SQUARE,
  SQUARE_END,
  WITH_BEFORE,
  WITHOUT_BEFORE,
} from "./codes.ts";
import { COLUMN_NAME, FUNCTION_NAME, LABEL } from "./keywords.ts";
import { isName, peek, type Reader, take, takeName, textAt } from "./reader.ts";
import { word } from "./words.ts";

/** Steps over a type as a column or a cast has it. Fields of an interval are left to the grammar. */
export function takeType(reader: Reader): boolean {
  if (take(reader, word.setof)) return takeSimpleType(reader) && takeBounds(reader);
  return takeSimpleType(reader) && takeBounds(reader);
}

/** A type, or the type of a column: `t.c%TYPE`, as arguments and results of functions may have it. */
export function takeFunctionType(reader: Reader): boolean {
  const from = reader.at;
  take(reader, word.setof);
  if (
    takeName(reader, FUNCTION_NAME) &&
    takeAttributes(reader) &&
    take(reader, PERCENT) &&
    take(reader, word.type)
  )
    return true;
  reader.at = from;
  return takeType(reader);
}

function takeAttributes(reader: Reader): boolean {
  let parts = 0;
  for (; take(reader, DOT); parts++) if (!takeName(reader, LABEL)) return false;
  return parts > 0 && parts < 3;
}

/** The type at the cursor, which moves behind it; null where none certainly stands there. */
export function readTypeDescription(reader: Reader): TypeDescription | null {
  const from = reader.at;
  if (!takeType(reader)) return null;
  const { span: _, ...type } = readType(subCursor(reader.cursor, from, reader.at));
  return type;
}

/** The type before a string: `date '2020-01-01'`. No array, no modifiers of a type by name. */
export function readConstantType(reader: Reader): TypeDescription | null {
  const from = reader.at;
  if (!takeSimpleType(reader)) return null;
  const { span: _, ...type } = readType(subCursor(reader.cursor, from, reader.at));
  return type;
}

function takeBounds(reader: Reader): boolean {
  if (take(reader, word.array)) {
    if (!take(reader, SQUARE)) return true;
    return take(reader, INTEGER) && take(reader, SQUARE_END);
  }
  while (take(reader, SQUARE)) {
    take(reader, INTEGER);
    if (!take(reader, SQUARE_END)) return false;
  }
  return true;
}

function takeSimpleType(reader: Reader): boolean {
  const code = peek(reader);
  switch (code) {
    case word.int:
    case word.integer:
    case word.smallint:
    case word.bigint:
    case word.real:
    case word.boolean:
    case word.json:
      reader.at++;
      return true;
    case word.float:
      // Its precision is checked by the grammar.
      reader.at++;
      return peek(reader) !== OPEN;
    case word.decimal:
    case word.dec:
    case word.numeric:
      reader.at++;
      return takeModifiers(reader, false);
    case word.bit:
      reader.at++;
      take(reader, word.varying);
      return takeModifiers(reader, false);
    case word.character:
    case word.char:
    case word.nchar:
    case word.varchar:
      reader.at++;
      take(reader, word.varying);
      return takeLength(reader);
    case word.timestamp:
    case word.time:
      reader.at++;
      return takeLength(reader) && takeZone(reader);
    case word.interval:
      reader.at++;
      return takeLength(reader) && !isIntervalField(reader);
  }
  return takeNamedType(reader);
}

function takeNamedType(reader: Reader): boolean {
  if (peek(reader) === word.double && peek(reader, 1) === word.precision) {
    reader.at += 2;
    return true;
  }
  if (!takeName(reader, FUNCTION_NAME)) return false;
  if (peek(reader) === DOT && !takeAttributes(reader)) return false;
  return takeModifiers(reader, true);
}

/** Whether the fields of an interval follow. */
export function isIntervalField(reader: Reader): boolean {
  const code = peek(reader);
  return (
    code === word.year ||
    code === word.month ||
    code === word.day ||
    code === word.hour ||
    code === word.minute ||
    code === word.second
  );
}

/** `(10)`, or nothing. */
function takeLength(reader: Reader): boolean {
  if (!take(reader, OPEN)) return true;
  return takePlainInteger(reader) && take(reader, CLOSE);
}

/** The zeros before a number are lost on the way through the grammar. */
function takePlainInteger(reader: Reader): boolean {
  return (textAt(reader, reader.at) === "0" || textAt(reader, reader.at)[0] !== "0") && take(reader, INTEGER);
}

function takeModifiers(reader: Reader, withNames: boolean): boolean {
  if (!take(reader, OPEN)) return true;
  do {
    const isOne =
      takePlainInteger(reader) || (withNames && isPlainWord(reader) && takeName(reader, COLUMN_NAME));
    if (!isOne) return false;
  } while (take(reader, COMMA));
  return take(reader, CLOSE);
}

/** A name that is no keyword and no part of anything longer. */
function isPlainWord(reader: Reader): boolean {
  const behind = peek(reader, 1);
  return isName(reader, COLUMN_NAME) && (behind === COMMA || behind === CLOSE);
}

function takeZone(reader: Reader): boolean {
  if (!take(reader, WITH_BEFORE) && !take(reader, WITHOUT_BEFORE)) return true;
  return take(reader, word.time) && take(reader, word.zone);
}

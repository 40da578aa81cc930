import type { Expression } from "../../model/expression.ts";
import { COMMA, NULLS_BEFORE } from "./codes.ts";
import { readExpression } from "./expressions.ts";
import { type Reader, take } from "./reader.ts";
import { word } from "./words.ts";

/** The expressions of an ORDER BY; USING is left to the grammar. */
export function readOrder(reader: Reader): Expression[] | null {
  reader.at++;
  if (!take(reader, word.by)) return null;
  const items: Expression[] = [];
  do {
    const item = readExpression(reader);
    if (item === null || !takeDirection(reader)) return null;
    items.push(item);
  } while (take(reader, COMMA));
  return items;
}

/** [ASC | DESC] [NULLS FIRST | LAST] */
export function takeDirection(reader: Reader): boolean {
  if (!take(reader, word.asc)) take(reader, word.desc);
  if (!take(reader, NULLS_BEFORE)) return true;
  return take(reader, word.first) || take(reader, word.last);
}

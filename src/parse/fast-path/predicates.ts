import type { Expression } from "../../model/expression.ts";
import { CLOSE, NOT_BEFORE, OPEN } from "./codes.ts";
import { IS, type Kind, PATTERN, readExpression, readList, readQuantified } from "./expressions.ts";
import { peek, type Reader, take } from "./reader.ts";
import { readBracketedQuery, startsQuery } from "./subqueries.ts";
import { word } from "./words.ts";

/** What words make of the expression before them: IS, IN, BETWEEN, LIKE, with NOT or without. */
export function readPredicate(reader: Reader, argument: Expression, kind: Kind): Expression | null {
  switch (peek(reader)) {
    case word.is:
      return readTest(reader, argument, kind);
    case word.isnull:
      reader.at++;
      return { kind: "is null", argument, negated: false };
    case word.notnull:
      reader.at++;
      return { kind: "is null", argument, negated: true };
  }
  const isNegated = take(reader, NOT_BEFORE);
  const code = peek(reader);
  reader.at++;
  switch (code) {
    case word.in:
      return readIn(reader, argument, isNegated);
    case word.between:
      return readBetween(reader, argument, isNegated);
    case word.like:
      return readPattern(reader, argument, isNegated ? "!~~" : "~~");
    case word.ilike:
      return readPattern(reader, argument, isNegated ? "!~~*" : "~~*");
  }
  return null;
}

function readTest(reader: Reader, argument: Expression, kind: Kind): Expression | null {
  reader.at++;
  const negated = take(reader, word.not);
  const code = peek(reader);
  if (code === word.distinct && peek(reader, 1) === word.from) {
    reader.at += 2;
    const right = readExpression(reader, IS + 1, kind);
    if (right === null) return null;
    const name = negated ? "is not distinct from" : "is distinct from";
    return { kind: "operator", name, left: argument, right };
  }
  if (kind === "restricted") return null;
  reader.at++;
  switch (code) {
    case word.null:
      return { kind: "is null", argument, negated };
    case word.true:
      return { kind: "is boolean", argument, value: "true", negated };
    case word.false:
      return { kind: "is boolean", argument, value: "false", negated };
    case word.unknown:
      return { kind: "is boolean", argument, value: "unknown", negated };
  }
  return null;
}

function readIn(reader: Reader, argument: Expression, negated: boolean): Expression | null {
  if (startsQuery(reader)) {
    const query = readBracketedQuery(reader);
    if (query === null) return null;
    const found: Expression = { kind: "subquery", use: "in", argument, query };
    return negated ? { kind: "not", argument: found } : found;
  }
  if (!take(reader, OPEN)) return null;
  const list = readList(reader);
  if (list === null || !take(reader, CLOSE)) return null;
  // `((SELECT ...))` is a query, not a list.
  const [only] = list;
  if (list.length === 1 && only !== undefined && isQuery(only)) return null;
  return { kind: "in", argument, list, negated };
}

function readBetween(reader: Reader, argument: Expression, negated: boolean): Expression | null {
  const symmetric = take(reader, word.symmetric);
  if (!symmetric) take(reader, word.asymmetric);
  const low = readExpression(reader, 0, "restricted");
  if (low === null || !take(reader, word.and)) return null;
  const high = readExpression(reader, PATTERN + 1);
  return high === null ? null : { kind: "between", argument, low, high, negated, symmetric };
}

/** What the grammar would take for a query: with any number of brackets around it. */
export function isQuery(expression: Expression): boolean {
  return expression.kind === "subquery" && expression.use === "scalar";
}

/** ESCAPE makes a call of the pattern. */
function readPattern(reader: Reader, left: Expression, name: string): Expression | null {
  const code = peek(reader);
  if (code === word.any || code === word.all || code === word.some) return readQuantified(reader, left, name);
  const right = readExpression(reader, PATTERN + 1);
  if (right === null) return null;
  if (!take(reader, word.escape)) return { kind: "operator", name, left, right };
  const mark = readExpression(reader, PATTERN + 1);
  if (mark === null) return null;
  const pattern: Expression = {
    kind: "call",
    schema: null,
    name: "like_escape",
    arguments: [right, mark],
    isWindow: false,
  };
  return { kind: "operator", name, left, right: pattern };
}

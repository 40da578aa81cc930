import type { Expression } from "../../model/expression.ts";
import { joinNames } from "../../sql/names.ts";
import {
  CLOSE,
  COMMA,
  DOT,
  GREATER_EQUAL,
  LESS_EQUAL,
  MINUS,
  NOT_BEFORE,
  NOT_EQUAL,
  OPEN,
  OPERATOR,
  TYPECAST,
} from "./codes.ts";
import { COLUMN_NAME, FIRST_KEYWORD, LABEL } from "./keywords.ts";
import { readOperand } from "./operands.ts";
import { isQuery, readPredicate } from "./predicates.ts";
import { MAX_DEPTH, peek, type Reader, readName, take, textAt } from "./reader.ts";
import { readBracketedQuery, startsQuery } from "./subqueries.ts";
import { readTypeDescription } from "./types.ts";
import { word } from "./words.ts";

/** How strongly operators bind, as in the table of the documentation (4.1.6), loosest first. */
const OR = 1;
const AND = 2;
export const NOT = 3;
export const IS = 4;
const COMPARISON = 5;
export const PATTERN = 6;
const ANY_OPERATOR = 7;
const SUM = 8;
const PRODUCT = 9;
const POWER = 10;
const AT = 11;
const COLLATE = 12;
const SIGN = 13;

const infix = new Uint8Array(FIRST_KEYWORD);
for (const code of [60, 62, 61, LESS_EQUAL, GREATER_EQUAL, NOT_EQUAL]) infix[code] = COMPARISON;
infix[OPERATOR] = ANY_OPERATOR;
for (const code of [43, 45]) infix[code] = SUM;
for (const code of [42, 47, 37]) infix[code] = PRODUCT;
infix[94] = POWER;

/** Longer chains of operators are trees too deep for whoever walks them. */
const LONGEST_CHAIN = 200;

/** Where an expression stands: `b_expr` of the grammar, as in DEFAULT, has no AND, OR, NOT, IN, LIKE and no IS NULL. */
export type Kind = "full" | "restricted";

/**
 * The expression at the cursor, as the grammar reads it; the cursor moves behind it. `least` is the weakest binding
 * that it takes part in. Null where anything in it raises a doubt.
 */
export function readExpression(reader: Reader, least = 0, kind: Kind = "full"): Expression | null {
  reader.depth++;
  const result = reader.depth > MAX_DEPTH ? null : readOperators(reader, least, kind);
  reader.depth--;
  return result;
}

function readOperators(reader: Reader, least: number, kind: Kind): Expression | null {
  let left = readPrefix(reader, kind);
  let last = 0;
  for (let links = 0; left !== null; links++) {
    if (links > LONGEST_CHAIN) return null;
    const code = peek(reader);
    if (code === TYPECAST) {
      reader.at++;
      const type = readTypeDescription(reader);
      if (type === null) return null;
      left = { kind: "cast", argument: left, type };
      continue;
    }
    const isMark = code < FIRST_KEYWORD && code !== NOT_BEFORE;
    const level = isMark ? (infix[code] ?? 0) : levelOfWord(code, kind);
    if (level === 0 || level < least) return left;
    // Comparisons, patterns and IS do not chain.
    if (level === last && level >= IS && level <= PATTERN) return null;
    last = level;
    left = isMark ? readInfix(reader, left, level, kind) : readWordOperator(reader, left, code, level, kind);
  }
  return null;
}

function levelOfWord(code: number, kind: Kind): number {
  if (code === word.is) return IS;
  if (kind === "restricted") return 0;
  switch (code) {
    case word.and:
      return AND;
    case word.or:
      return OR;
    case word.isnull:
    case word.notnull:
      return IS;
    case NOT_BEFORE:
    case word.in:
    case word.between:
    case word.like:
    case word.ilike:
      return PATTERN;
    case word.at:
      return AT;
    case word.collate:
      return COLLATE;
  }
  return 0;
}

function readPrefix(reader: Reader, kind: Kind): Expression | null {
  const code = peek(reader);
  switch (code) {
    case word.default:
      reader.at++;
      return kind === "full" ? { kind: "default" } : null;
    case word.not: {
      if (kind === "restricted") return null;
      reader.at++;
      const argument = readExpression(reader, NOT);
      return argument === null ? null : { kind: "not", argument };
    }
    case 45:
    case 43: {
      reader.at++;
      const right = readExpression(reader, SIGN, kind);
      if (right === null) return null;
      return (code === MINUS ? negated(right) : null) ?? prefixed(String.fromCharCode(code), right);
    }
    case OPERATOR: {
      const name = textAt(reader, reader.at++);
      const right = readExpression(reader, ANY_OPERATOR + 1, kind);
      return right === null ? null : prefixed(name, right);
    }
  }
  return readOperand(reader);
}

function prefixed(name: string, right: Expression): Expression {
  return { kind: "operator", name, left: null, right };
}

/** The grammar makes one number of a sign and a number. */
function negated(value: Expression): Expression | null {
  if (value.kind !== "constant" || (value.type !== "integer" && value.type !== "float")) return null;
  if (value.value === "0" && value.type === "integer") return value;
  const isNegative = value.value.startsWith("-");
  return { ...value, value: isNegative ? value.value.slice(1) : `-${value.value}` };
}

function readInfix(reader: Reader, left: Expression, level: number, kind: Kind): Expression | null {
  const written = textAt(reader, reader.at++);
  const name = written === "!=" ? "<>" : written;
  const code = peek(reader);
  if (code === word.any || code === word.all || code === word.some) {
    return kind === "restricted" ? null : readQuantified(reader, left, name);
  }
  const right = readExpression(reader, level + 1, kind);
  return right === null ? null : { kind: "operator", name, left, right };
}

/** ANY (...) and ALL (...) behind an operator: over a query or an array. */
export function readQuantified(reader: Reader, argument: Expression, operator: string): Expression | null {
  const quantifier = take(reader, word.all) ? "all" : "any";
  if (quantifier === "any") reader.at++;
  if (peek(reader) !== OPEN) return null;
  if (startsQuery(reader)) {
    const query = readBracketedQuery(reader);
    if (query === null) return null;
    const use = quantifier === "any" && operator === "=" ? "in" : quantifier;
    return { kind: "subquery", use, argument, query };
  }
  reader.at++;
  const array = readExpression(reader);
  if (array === null || isQuery(array) || !take(reader, CLOSE)) return null;
  return { kind: quantifier, operator, argument, array };
}

function readWordOperator(
  reader: Reader,
  left: Expression,
  code: number,
  level: number,
  kind: Kind,
): Expression | null {
  switch (code) {
    case word.and:
    case word.or: {
      reader.at++;
      const right = readExpression(reader, level + 1);
      if (right === null) return null;
      return joined(code === word.and ? "and" : "or", left, right);
    }
    case word.at:
      return readZone(reader, left);
    case word.collate: {
      reader.at++;
      const collation = readCollationName(reader);
      return collation === null ? null : { kind: "collate", argument: left, collation };
    }
  }
  return readPredicate(reader, left, kind);
}

/** The grammar lays a chain flat if it grows at its end; so do brackets around its first part. */
function joined(kind: "and" | "or", left: Expression, right: Expression): Expression {
  if (left.kind !== kind) return { kind, arguments: [left, right] };
  const chain = left.arguments as Expression[];
  chain.push(right);
  return left;
}

function readZone(reader: Reader, left: Expression): Expression | null {
  if (peek(reader, 1) !== word.time || peek(reader, 2) !== word.zone) return null;
  reader.at += 3;
  const zone = readExpression(reader, AT + 1);
  if (zone === null) return null;
  return { kind: "call", schema: null, name: "timezone", arguments: [zone, left], isWindow: false };
}

/** A name with its schema, as SQL. */
function readCollationName(reader: Reader): string | null {
  const parts: string[] = [];
  do {
    const part = readName(reader, parts.length === 0 ? COLUMN_NAME : LABEL);
    if (part === null) return null;
    parts.push(part);
  } while (take(reader, DOT));
  return parts.length > 2 ? null : joinNames(parts);
}

/** The expressions of a list with commas, one at least. */
export function readList(reader: Reader): Expression[] | null {
  const list: Expression[] = [];
  do {
    const one = readExpression(reader);
    if (one === null) return null;
    list.push(one);
  } while (take(reader, COMMA));
  return list;
}

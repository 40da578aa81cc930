import type { Expression } from "../../model/expression.ts";
import type { CommonTable, Query, Select } from "../../model/query.ts";
import { CLOSE, COMMA, OPEN, STAR } from "./codes.ts";
import { readExpression, readList } from "./expressions.ts";
import { BARE_LABEL, COLUMN_NAME, LABEL } from "./keywords.ts";
import { readOrder } from "./order.ts";
import { isName, MAX_DEPTH, peek, type Reader, readName, take } from "./reader.ts";
import { readSources } from "./sources.ts";
import { readBracketedQuery, startsQuery } from "./subqueries.ts";
import { word } from "./words.ts";

/**
 * SELECT, VALUES and what UNION and its like make of them, with WITH before them. Null where anything in it raises a
 * doubt: INTO, FETCH, WINDOW, changes of data in WITH are left to the grammar.
 */
export function readQuery(reader: Reader): Query | null {
  const tables = peek(reader) === word.with ? readWith(reader, readCommonQuery) : noTables;
  if (tables === null) return null;
  const isBracketed = peek(reader) === OPEN;
  const body = readSetOperation(reader, 1);
  if (body === null) return null;
  const ending = readEnding(reader);
  if (ending === null) return null;
  // What follows a bracket may belong to the query inside, or be refused.
  if (isBracketed) return tables.length === 0 && isPlainEnding(ending) ? body : null;
  switch (body.kind) {
    case "select":
      return { ...body, with: tables, ...ending };
    case "values":
      return isPlainEnding(ending) ? { ...body, with: tables } : null;
  }
  return { ...body, with: tables, limit: ending.limit };
}

const noTables: readonly CommonTable[] = [];

/** The tables of a WITH clause, each body read by `readBody`; the cursor moves behind them. */
export function readWith(
  reader: Reader,
  readBody: (reader: Reader) => Query | null,
): readonly CommonTable[] | null {
  reader.at++;
  const recursive = take(reader, word.recursive);
  const tables: CommonTable[] = [];
  do {
    const name = readName(reader, COLUMN_NAME);
    const columns = readNames(reader);
    if (name === null || columns === null || !take(reader, word.as)) return null;
    take(reader, word.not);
    take(reader, word.materialized);
    const query = peek(reader) === OPEN ? readBody(reader) : null;
    if (query === null) return null;
    tables.push({ name, query, recursive, ...(columns.length > 0 && { columns }) });
  } while (take(reader, COMMA));
  return tables;
}

function readCommonQuery(reader: Reader): Query | null {
  return readBracketedQuery(reader);
}

const noNames: readonly string[] = [];

/** `(a, b)`, or nothing; null where something else stands there. */
export function readNames(reader: Reader): readonly string[] | null {
  if (!take(reader, OPEN)) return noNames;
  const names: string[] = [];
  do {
    const name = readName(reader, COLUMN_NAME);
    if (name === null) return null;
    names.push(name);
  } while (take(reader, COMMA));
  return take(reader, CLOSE) ? names : null;
}

const noLimit = { orderBy: [], limit: null, offset: null, locksRows: false, lockedNames: [] } as const;

/** INTERSECT binds more strongly than UNION and EXCEPT. */
function readSetOperation(reader: Reader, least: number): Query | null {
  let left = readArm(reader);
  for (let links = 0; left !== null; links++) {
    const code = peek(reader);
    const level = code === word.intersect ? 2 : code === word.union || code === word.except ? 1 : 0;
    if (level === 0 || level < least) return left;
    if (links > MAX_DEPTH) return null;
    reader.at++;
    if (!take(reader, word.all)) take(reader, word.distinct);
    const right: Query | null = readSetOperation(reader, level + 1);
    if (right === null) return null;
    const operation = code === word.intersect ? "intersect" : code === word.union ? "union" : "except";
    left = { kind: "set operation", operation, left, right, with: [], limit: null };
  }
  return null;
}

function readArm(reader: Reader): Query | null {
  switch (peek(reader)) {
    case word.select:
      return readSelect(reader);
    case word.values:
      return readValues(reader);
  }
  return startsQuery(reader) ? readBracketedQuery(reader) : null;
}

function readValues(reader: Reader): Query | null {
  reader.at++;
  const rows: (readonly Expression[])[] = [];
  do {
    const row = take(reader, OPEN) ? readList(reader) : null;
    if (row === null || !take(reader, CLOSE)) return null;
    rows.push(row);
  } while (take(reader, COMMA));
  return { kind: "values", rows, with: [] };
}

function readSelect(reader: Reader): Select | null {
  reader.at++;
  const isDistinct = take(reader, word.distinct);
  const isDistinctOn = isDistinct && take(reader, word.on);
  if (isDistinctOn) {
    // The model does not keep by what.
    if (!take(reader, OPEN) || readList(reader) === null || !take(reader, CLOSE)) return null;
  } else if (!isDistinct) take(reader, word.all);
  const targets = isDistinct || !isWithoutTargets(reader) ? readTargets(reader) : [];
  if (targets === null) return null;
  const from = take(reader, word.from) ? readSources(reader) : [];
  if (from === null) return null;
  const where = take(reader, word.where) ? readExpression(reader) : undefined;
  const groupBy = peek(reader) === word.group ? readGroups(reader) : [];
  if (where === null || groupBy === null) return null;
  const having = take(reader, word.having) ? readExpression(reader) : undefined;
  if (having === null) return null;
  return {
    kind: "select",
    with: [],
    targets,
    isDistinct,
    ...(isDistinctOn && { isDistinctOn }),
    from,
    where: where ?? null,
    groupBy,
    having: having ?? null,
    ...noLimit,
    into: null,
  };
}

/** `EXISTS (SELECT FROM t)`. */
function isWithoutTargets(reader: Reader): boolean {
  const code = peek(reader);
  return code === word.from || code === word.where || code === CLOSE || code === 0;
}

/** What SELECT and RETURNING give. */
export function readTargets(reader: Reader): Select["targets"] | null {
  const targets: { value: Expression; alias: string | null }[] = [];
  do {
    const target = readTarget(reader);
    if (target === null) return null;
    targets.push(target);
  } while (take(reader, COMMA));
  return targets;
}

function readTarget(reader: Reader): { value: Expression; alias: string | null } | null {
  if (take(reader, STAR)) return { value: { kind: "column", path: ["*"] }, alias: null };
  const value = readExpression(reader);
  if (value === null) return null;
  if (take(reader, word.as)) {
    const alias = readName(reader, LABEL);
    return alias === null ? null : { value, alias };
  }
  const code = peek(reader);
  // A label without AS may be a keyword, but some of them would be read as operators.
  if (!isName(reader, BARE_LABEL) || !isName(reader, COLUMN_NAME)) return { value, alias: null };
  if (isOperatorWord(code)) return null;
  const alias = readName(reader, BARE_LABEL);
  return alias === null ? null : { value, alias };
}

function isOperatorWord(code: number): boolean {
  return (
    code === word.at ||
    code === word.between ||
    code === word.operator ||
    code === word.escape ||
    code === word.uescape
  );
}

function readGroups(reader: Reader): Expression[] | null {
  reader.at++;
  if (!take(reader, word.by)) return null;
  const groups: Expression[] = [];
  do {
    const code = peek(reader);
    // Grouping sets.
    const isSet = code === word.rollup || code === word.cube || code === word.grouping;
    const one = isSet ? null : readExpression(reader);
    if (one === null) return null;
    groups.push(one);
  } while (take(reader, COMMA));
  return groups;
}

interface Ending {
  readonly orderBy: readonly Expression[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  readonly locksRows: boolean;
  readonly lockedNames: readonly string[];
}

function isPlainEnding(ending: Ending): boolean {
  return ending.orderBy.length === 0 && ending.limit === null && ending.offset === null && !ending.locksRows;
}

/** ORDER BY, LIMIT and OFFSET, FOR UPDATE: in this order. */
function readEnding(reader: Reader): Ending | null {
  const orderBy = peek(reader) === word.order ? readOrder(reader) : [];
  if (orderBy === null) return null;
  let limit: Expression | null = null;
  let offset: Expression | null = null;
  for (let rounds = 0; rounds < 2; rounds++) {
    if (limit === null && take(reader, word.limit)) {
      limit = readExpression(reader);
      if (limit === null) return null;
    } else if (offset === null && take(reader, word.offset)) {
      offset = readExpression(reader);
      if (offset === null) return null;
      if (peek(reader) === word.row || peek(reader) === word.rows) return null;
    }
  }
  const locksRows = peek(reader) === word.for;
  const lockedNames = locksRows ? readRowLock(reader) : [];
  return lockedNames === null ? null : { orderBy, limit, offset, locksRows, lockedNames };
}

/** FOR [NO KEY] UPDATE, FOR [KEY] SHARE, with OF, NOWAIT and SKIP LOCKED: the names behind OF. */
function readRowLock(reader: Reader): readonly string[] | null {
  const names: string[] = [];
  return takeRowLock(reader, names) ? names : null;
}

function takeRowLock(reader: Reader, names: string[]): boolean {
  reader.at++;
  if (take(reader, word.no)) {
    if (!take(reader, word.key) || peek(reader) !== word.update) return false;
  } else if (take(reader, word.key) && peek(reader) !== word.share) return false;
  if (!take(reader, word.update) && !take(reader, word.share)) return false;
  if (take(reader, word.of)) {
    do {
      const name = readName(reader, COLUMN_NAME);
      if (name === null) return false;
      names.push(name);
    } while (take(reader, COMMA));
  }
  if (take(reader, word.nowait)) return true;
  return take(reader, word.skip) ? take(reader, word.locked) : true;
}

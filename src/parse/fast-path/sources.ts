import type { Source } from "../../model/query.ts";
import { readPlainCall } from "./calls.ts";
import { CLOSE, COMMA, DOT, OPEN, STAR, WITH_BEFORE } from "./codes.ts";
import { readExpression } from "./expressions.ts";
import { COLUMN_NAME, FUNCTION_NAME, LABEL } from "./keywords.ts";
import { readNames } from "./queries.ts";
import { isName, MAX_DEPTH, peek, type Reader, readName, take } from "./reader.ts";
import { readBracketedQuery, startsQuery } from "./subqueries.ts";
import { word } from "./words.ts";

/** What stands in FROM or USING. Null where anything in it raises a doubt. */
export function readSources(reader: Reader): Source[] | null {
  const sources: Source[] = [];
  do {
    const source = readJoined(reader);
    if (source === null) return null;
    sources.push(source);
  } while (take(reader, COMMA));
  return sources;
}

function readJoined(reader: Reader): Source | null {
  let left = readSource(reader);
  for (let links = 0; left !== null; links++) {
    if (links > MAX_DEPTH) return null;
    const type = takeJoin(reader);
    if (type === "none") return left;
    const right = type === "odd" ? null : readSource(reader);
    if (right === null || type === "odd") return null;
    left =
      type === "cross"
        ? { kind: "join", type, left, right, on: null, using: [] }
        : readJoin(reader, type, left, right);
  }
  return null;
}

type JoinType = Extract<Source, { kind: "join" }>["type"];

/** NATURAL joins are odd. */
function takeJoin(reader: Reader): JoinType | "none" | "odd" {
  switch (peek(reader)) {
    case word.join:
      reader.at++;
      return "inner";
    case word.inner:
      return takeJoinWords(reader, "inner");
    case word.cross:
      return takeJoinWords(reader, "cross");
    case word.left:
      return takeJoinWords(reader, "left");
    case word.right:
      return takeJoinWords(reader, "right");
    case word.full:
      return takeJoinWords(reader, "full");
    case word.natural:
      return "odd";
  }
  return "none";
}

function takeJoinWords(reader: Reader, type: JoinType): JoinType | "odd" {
  reader.at++;
  if (type !== "inner" && type !== "cross") take(reader, word.outer);
  return take(reader, word.join) ? type : "odd";
}

/** ON or USING, which must follow at once: `a JOIN b JOIN c ON ... ON ...` is left to the grammar. */
function readJoin(reader: Reader, type: JoinType, left: Source, right: Source): Source | null {
  if (take(reader, word.on)) {
    const on = readExpression(reader);
    return on === null ? null : { kind: "join", type, left, right, on, using: [] };
  }
  if (!take(reader, word.using) || !take(reader, OPEN)) return null;
  const using: string[] = [];
  do {
    const name = readName(reader, COLUMN_NAME);
    if (name === null) return null;
    using.push(name);
  } while (take(reader, COMMA));
  if (!take(reader, CLOSE) || peek(reader) === word.as) return null;
  return { kind: "join", type, left, right, on: null, using };
}

function readSource(reader: Reader): Source | null {
  const isLateral = take(reader, word.lateral);
  if (startsQuery(reader)) {
    const query = readBracketedQuery(reader);
    if (query === null) return null;
    const alias = readAlias(reader);
    return alias === null ? null : { kind: "subquery", query, ...alias };
  }
  if (peek(reader) === OPEN) return isLateral ? null : readBracketedJoin(reader);
  // A bracket behind a name makes a function of it.
  let ahead = 0;
  while (peek(reader, ahead + 1) === DOT) ahead += 2;
  if (peek(reader, ahead + 1) === OPEN) return readFunction(reader);
  return isLateral ? null : readRelation(reader);
}

function readBracketedJoin(reader: Reader): Source | null {
  reader.at++;
  reader.depth++;
  const source = reader.depth > MAX_DEPTH ? null : readJoined(reader);
  reader.depth--;
  if (source?.kind !== "join" || !take(reader, CLOSE)) return null;
  const named = readAlias(reader);
  if (named === null) return null;
  return named.alias === null ? source : { ...source, ...named, alias: named.alias };
}

function readFunction(reader: Reader): Source | null {
  const path = readPath(reader, peek(reader, 1) === DOT ? COLUMN_NAME : FUNCTION_NAME);
  const call = path === null ? null : readPlainCall(reader, path);
  if (call === null) return null;
  if (take(reader, WITH_BEFORE) && !take(reader, word.ordinality)) return null;
  const named = readAlias(reader);
  return named === null ? null : { kind: "function", call, alias: named.alias };
}

function readRelation(reader: Reader): Source | null {
  const isOnly = take(reader, word.only);
  const path = readPath(reader, COLUMN_NAME);
  const name = path?.pop();
  if (path === null || name === undefined || path.length > 1) return null;
  if (!isOnly) take(reader, STAR);
  const alias = readAlias(reader);
  if (alias === null) return null;
  return {
    kind: "relation",
    schema: path[0] ?? null,
    name,
    ...alias,
    ...(isOnly ? { only: true as const } : {}),
  };
}

/** A name with at most one schema before it. */
function readPath(reader: Reader, use: number): string[] | null {
  const path: string[] = [];
  do {
    const part = readName(reader, path.length === 0 ? use : LABEL);
    if (part === null) return null;
    path.push(part);
  } while (take(reader, DOT));
  return path.length > 2 ? null : path;
}

interface Alias {
  readonly alias: string | null;
  readonly columns?: readonly string[];
}

const noAlias: Alias = { alias: null };

/** The alias at the cursor with its columns; null where it raises a doubt. */
function readAlias(reader: Reader): Alias | null {
  const hasAs = take(reader, word.as);
  if (!hasAs && !isName(reader, COLUMN_NAME)) return noAlias;
  // SET begins the next clause of UPDATE.
  if (peek(reader) === word.set) return null;
  const alias = readName(reader, COLUMN_NAME);
  const columns = alias === null ? null : readNames(reader);
  if (columns === null) return null;
  return columns.length === 0 ? { alias } : { alias, columns };
}

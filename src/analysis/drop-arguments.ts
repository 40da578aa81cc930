import type { Drop } from "../model/statement.ts";
import { nameOf } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../sql/tokens.ts";
import type { UserFunction } from "./entities.ts";
import { isKnownType } from "./facts/casts.ts";

/** The arguments of a list that opens there: of each its type, null where it is none of the server's that can be told. */
export type Listed = readonly (ListedType | null)[];

interface ListedType {
  readonly name: string;
  readonly isArray: boolean;
}

/** The arguments that DROP FUNCTION lists for the k-th of its names; null where it lists none. */
export function argumentsDropped(text: string, { names, span }: Drop, k: number): Listed | null {
  const end = names[k + 1]?.span.start ?? span.end;
  return argumentsListed(text, names[k]?.span.end ?? end, end);
}

/** The arguments in the list that opens there; null where none does. */
export function argumentsListed(text: string, start: number, end: number): Listed | null {
  const tokens = tokensIn(text, start, end);
  if (!isMark(text, tokens[0], "(")) return null;
  let depth = 0;
  let own: Token[] = [];
  const listed: Token[][] = [];
  for (const token of tokens) {
    const isOpening = isMark(text, token, "(") || isMark(text, token, "[");
    if (isOpening) depth += 1;
    else if (isMark(text, token, ")") || isMark(text, token, "]")) depth -= 1;
    if (depth === 0) break;
    if (depth === 1 && isMark(text, token, ",")) {
      listed.push(own);
      own = [];
    } else if (depth > 1 || token !== tokens[0]) own.push(token);
  }
  if (own.length > 0) listed.push(own);
  return listed.filter((one) => !isResult(text, one)).map((one) => typeIn(text, one));
}

/** Whether a function may be the one that the list means: as many arguments, and none surely of another type. */
export function mayMean(
  listed: Listed | null,
  { argumentTypes, argumentCount, kind, outputs = [] }: UserFunction,
): boolean {
  if (listed === null) return true;
  // Of a procedure results may be listed like arguments, from 14 on.
  if (kind === "procedure" && outputs.length > 0 && listed.length > argumentCount) return true;
  if (listed.length !== argumentCount) return false;
  return argumentTypes.every(({ schema, name, dimensions }, k) => {
    const other = listed[k];
    if (other == null || schema !== null || !isKnownType(name)) return true;
    return other.name === name && other.isArray === dimensions > 0;
  });
}

/** What the server writes of its types otherwise. */
const spellings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    int: "int4",
    integer: "int4",
    smallint: "int2",
    bigint: "int8",
    real: "float4",
    float: "float8",
    "double precision": "float8",
    decimal: "numeric",
    dec: "numeric",
    boolean: "bool",
    char: "bpchar",
    character: "bpchar",
    "character varying": "varchar",
    "char varying": "varchar",
    "bit varying": "varbit",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "time with time zone": "timetz",
    "time without time zone": "time",
  }),
);

/** The type of one argument: what stands behind its mode and name. */
function typeIn(text: string, tokens: readonly Token[]): ListedType | null {
  const at = tokens.findIndex((token) => isMark(text, token, "(") || isMark(text, token, "["));
  const head = at === -1 ? tokens : tokens.slice(0, at);
  if (!head.every(isNameToken)) return null;
  const isArray = at !== -1 && tokens.some((token) => isMark(text, token, "["));
  const words = head.map((token) => nameOf(text, token));
  const isMode = ["in", "inout", "variadic"].includes(words[0] ?? "");
  const rest = isMode && words.length > 1 ? words.slice(1) : words;
  for (const named of [rest, rest.slice(1)]) {
    const name = spellings.get(named.join(" ")) ?? (named.length === 1 ? named[0] : undefined);
    if (name !== undefined && isKnownType(name)) return { name, isArray };
  }
  return null;
}

/** `OUT total integer`: what comes back does not tell functions apart. */
function isResult(text: string, tokens: readonly Token[]): boolean {
  const [token, next] = tokens;
  return token !== undefined && next !== undefined && isWord(text, token, "out") && !isMark(text, next, "[");
}

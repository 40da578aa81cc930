import type { Statement } from "../model/statement.ts";
import { nameOf, truncateName } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { areWords, isMark, isNameToken, isWord, tokensIn } from "../sql/tokens.ts";

/** What bears a name of its own beside relations, types and functions, in the words of CREATE. */
export type NamedKind =
  | "schema"
  | "role"
  | "extension"
  | "publication"
  | "subscription"
  | "server"
  | "foreign data wrapper"
  | "user mapping"
  | "event trigger"
  | "access method"
  | "collation";

/** A thing that a statement makes. */
export interface NamedThing {
  readonly kind: NamedKind;
  /** Null: the first schema of the search path; only collations lie in one. */
  readonly schema: string | null;
  readonly name: string;
  /** Of a user mapping: whose it is. */
  readonly of?: string;
  readonly ifNotExists: boolean;
}

/** How many words stand before the name. */
const creations: ReadonlyMap<string, readonly [NamedKind, number]> = new Map([
  ["create role", ["role", 2]],
  ["create subscription", ["subscription", 2]],
  ["create server", ["server", 2]],
  ["create foreign data wrapper", ["foreign data wrapper", 4]],
  ["create user mapping", ["user mapping", 3]],
  ["create event trigger", ["event trigger", 3]],
  ["create access method", ["access method", 3]],
  ["create collation", ["collation", 2]],
]);

/** What the statement makes, where it is such a thing; null else, and where the name cannot be told. */
export function thingMadeBy(statement: Statement, text: string): NamedThing | null {
  switch (statement.kind) {
    case "create publication":
      return {
        kind: "publication",
        schema: null,
        name: truncateName(statement.name.name),
        ifNotExists: false,
      };
    case "create schema":
      return statement.schema === null
        ? null
        : {
            kind: "schema",
            schema: null,
            name: truncateName(statement.schema.name),
            ifNotExists: statement.ifNotExists,
          };
    case "create extension": {
      const tokens = tokensIn(text, statement.span.start, statement.name.span.start);
      // CREATE LANGUAGE is read as the extension of its name, and may be told OR REPLACE.
      if (!isWord(text, tokens[1], "extension")) return null;
      return {
        kind: "extension",
        schema: null,
        name: truncateName(statement.name.name),
        ifNotExists: isWord(text, tokens[2], "if"),
      };
    }
    case "other": {
      const [kind, words] = creations.get(statement.command) ?? [];
      if (kind === undefined || words === undefined) return null;
      return readThing(text, kind, tokensIn(text, statement.span.start, statement.span.end).slice(words));
    }
    default:
      return null;
  }
}

function readThing(text: string, kind: NamedKind, tokens: readonly Token[]): NamedThing | null {
  const ifNotExists = areWords(text, tokens, 0, "if", "not", "exists");
  const [first, second, third, fourth] = tokens.slice(ifNotExists ? 3 : 0);
  const read = (token: Token | undefined) =>
    isNameToken(token) ? truncateName(nameOf(text, token)) : undefined;
  // FOR user SERVER name
  const name = read(kind === "user mapping" ? fourth : isMark(text, second, ".") ? third : first);
  if (name === undefined) return null;
  if (kind === "user mapping") {
    const user = read(second);
    return user === undefined ? null : { kind, schema: null, name, of: user, ifNotExists };
  }
  const schema = isMark(text, second, ".") ? (read(first) ?? null) : null;
  return { kind, schema, name, ifNotExists };
}

/** What tells one thing from another. */
export function keyOfThing({ kind, schema, name, of = "" }: NamedThing, path: readonly string[]): string {
  return [kind, kind === "collation" ? (schema ?? path[0] ?? "public") : "", name, of].join("\0");
}

/** The roles that a list ends with, up to what may stand behind them. */
export function rolesIn(text: string, tokens: readonly Token[]): string[] {
  const roles: string[] = [];
  for (const token of tokens) {
    if (["with", "granted", "cascade", "restrict", "to", "using"].some((word) => isWord(text, token, word)))
      break;
    if (isWord(text, token, "group")) continue;
    if (isNameToken(token)) roles.push(truncateName(nameOf(text, token)));
  }
  return roles;
}

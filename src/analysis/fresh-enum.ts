import type { Statement } from "../model/statement.ts";
import { nameOf, truncateName } from "../sql/names.ts";
import { textLiterals } from "../sql/text-literal.ts";
import type { Token } from "../sql/token.ts";
import { isNameToken, isWord, tokenize, tokensIn } from "../sql/tokens.ts";
import type { Span } from "../text/span.ts";
import type { Lock } from "./effect.ts";
import type { UserType } from "./entities.ts";
import { givenAsText } from "./given-text.ts";
import { withoutOtherColumns } from "./other-column.ts";
import type { Schema } from "./schema.ts";

/** Statements in which a literal may be read as a value of an enum type. */
const users: ReadonlySet<Statement["kind"]> = new Set([
  "insert",
  "update",
  "delete",
  "merge",
  "select",
  "alter table",
  "create table",
  "create table as",
  "create index",
  "create view",
  "create policy",
  "alter policy",
  "create domain",
  "alter domain",
] as const);

const writers: ReadonlySet<Statement["kind"]> = new Set(["insert", "update", "delete"] as const);

/** What is known where a statement stands that may use an enum value of its own transaction. */
interface FreshPlace {
  readonly schema: Schema;
  readonly version: number;
  readonly transaction: number;
  /** The text that the statement's spans refer to. */
  readonly text: string;
  readonly locks: () => readonly Lock[];
}

interface FreshUse {
  readonly type: UserType;
  readonly value: string;
  readonly span: Span;
}

/** The first use of an enum value that the transaction itself has added, of a type that is older, or of any before 17. */
export function findFreshValue(statement: Statement, place: FreshPlace): FreshUse | null {
  if (!users.has(statement.kind)) return null;
  const fresh = freshLabels(place);
  if (fresh.size === 0) return null;
  const tokens = tokensIn(place.text, statement.span.start, statement.span.end);
  for (const [value, found] of literals(place.text, tokens, fresh)) {
    const type = fresh.get(value);
    if (type === undefined || isElsewhere(statement, type, place)) continue;
    const [first] = meantBy(statement, value, found, tokens, place);
    const span = first === undefined ? undefined : tokens[first];
    if (span !== undefined) return { type, value, span };
  }
  return null;
}

/** The literals of a value that are not surely for columns of other types: known where all is that the statement reaches. */
function meantBy(
  statement: Statement,
  value: string,
  found: readonly number[],
  tokens: readonly Token[],
  { schema, text, locks }: FreshPlace,
): readonly number[] {
  const reached = locks().filter(({ kind }) => kind === "table");
  const tables = reached.flatMap(({ id }) => (id === null ? undefined : schema.tableById(id)) ?? []);
  if (tables.length < reached.length || tables.some(({ isComplete }) => !isComplete)) return found;
  return withoutOtherColumns({ statement, text, tokens, tables, schema }, value, found);
}

/** The enum values that were added in the transaction that is open, with their types. */
function freshLabels({ schema, version, transaction }: FreshPlace): Map<string, UserType> {
  const fresh = new Map<string, UserType>();
  for (const type of schema.types()) {
    if (type.kind !== "enum") continue;
    if (version >= 17 && type.origin?.transaction === transaction) continue;
    for (const { name, origin } of type.labels)
      if (origin?.transaction === transaction) fresh.set(name, type);
  }
  return fresh;
}

/**
 * Where the values stand that are asked for and may be read as those of an enum, by their places in the tokens: not where they are
 * compared as text, or given by a query as text.
 */
function literals(
  text: string,
  tokens: readonly Token[],
  asked: ReadonlyMap<string, UserType>,
): ReadonlyMap<string, readonly number[]> {
  const isCompared = textLiterals(text, tokens);
  const isGiven = givenAsText(text, tokens);
  const found = new Map<string, number[]>();
  for (const [k, token] of tokens.entries()) {
    if (token.kind !== "string" || text[token.start] !== "'") continue;
    const value = text.slice(token.start + 1, token.end - 1).replaceAll("''", "'");
    if (!asked.has(value) || isCompared(k) || isGiven(k)) continue;
    const places = found.get(value);
    if (places === undefined) found.set(value, [k]);
    else places.push(k);
  }
  return found;
}

/** Whether all that a statement reaches is known to have no column of the type, and it does not name it. */
function isElsewhere(statement: Statement, type: UserType, { schema, text, locks }: FreshPlace): boolean {
  const reached = locks();
  // Rows are written somewhere, and what a domain is over it does not say.
  const reachesMore = writers.has(statement.kind) || statement.kind === "alter domain";
  if (reached.length === 0 && reachesMore) return false;
  const ids = new Set(schema.tablesUsingType(type.id).map(({ id }) => id));
  const isFree = ({ id, kind }: Lock) => {
    const table = id === null ? undefined : schema.tableById(id);
    return kind === "index" || kind === "sequence" || (table?.isComplete === true && !ids.has(table.id));
  };
  return reached.every(isFree) && !names(statement, type, text);
}

function names({ span }: Statement, type: UserType, text: string): boolean {
  return tokenize(text, span.start, span.end).some(
    (token) => isNameToken(token) && truncateName(nameOf(text, token)) === type.name,
  );
}

/** Whether it is sure that a value of the type is meant: the statement names the type, or writes rows of a table that has it. */
export function isSurelyMeant(statement: Statement, { type, span }: FreshUse, place: FreshPlace): boolean {
  if (names(statement, type, place.text)) return true;
  if (isOfColumn(statement, span, type, place)) return true;
  if (!writers.has(statement.kind)) return false;
  const ids = new Set(place.schema.tablesUsingType(type.id).map(({ id }) => id));
  return place.locks().some(({ id }) => id !== null && ids.has(id));
}

/** Whether the value is the default of a column of the type, or compared with one: `e <> 'new'`, `e IN ('new')`. */
function isOfColumn(
  statement: Statement,
  span: Span,
  type: UserType,
  { schema, text, locks }: FreshPlace,
): boolean {
  const tables = schema.tablesUsingType(type.id).map(({ id }) => id);
  const columns = locks().flatMap(({ id }) => {
    const table = id === null || !tables.includes(id) ? undefined : schema.tableById(id);
    return table?.columns.filter((column) => column.type?.name === type.name).map(({ name }) => name) ?? [];
  });
  if (columns.length === 0) return false;
  if (statement.kind === "alter table")
    for (const action of statement.actions)
      if (action.kind === "set default" && action.span.start <= span.start && span.end <= action.span.end)
        return columns.includes(action.column.name);
  const tokens = tokensIn(text, statement.span.start, span.start);
  const isIn = (token: Token) => isWord(text, token, "in") || isWord(text, token, "not");
  const isName = (token: Token) => isNameToken(token) && !isIn(token);
  const before = tokens.findLast(isName);
  const [first] = before === undefined ? [] : tokens.slice(tokens.indexOf(before) + 1);
  // An operator, or a list that other values stand in as well.
  const isCompared =
    first !== undefined && (isIn(first) || /^[<>=!]/.test(text.slice(first.start, first.end)));
  return before !== undefined && isCompared && columns.includes(nameOf(text, before));
}

import type { Grant } from "../../model/statement.ts";
import { nameOf, truncateName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import { type Column, isTable } from "../entities.ts";
import { rolesIn } from "../named-things.ts";
import { type Draft, findTable, tableById } from "./draft.ts";
import { noteRights } from "./held.ts";
import { changeColumn, changeTable, columnOf } from "./tables.ts";
import { valuesOf } from "./trie.ts";

/** The rights that a column can have by itself; ALL stands for them. */
const ofColumns = ["insert", "references", "select", "update"];

/** `SELECT (a, b)`: a right, and the columns that it is of. Without columns it is of the whole table. */
interface Right {
  readonly words: readonly string[];
  readonly columns: readonly string[];
}

/** GRANT of rights on single columns, and REVOKE of them: whoever makes a column again has to know. */
export function foldGrant(draft: Draft, statement: Grant): void {
  const { text } = draft.context;
  const { kind, span } = statement;
  noteRights(draft, statement);
  const [first] = statement.names;
  if (first === undefined || (statement.object !== "table" && statement.object !== "all tables")) return;
  const before = tokensIn(text, span.start, first.span.start);
  // What it takes back is the right to hand on the right.
  if (kind === "revoke" && isWord(text, before[1], "grant") && isWord(text, before[2], "option")) return;
  const behind = tokensIn(text, statement.names.at(-1)?.span.end ?? first.span.end, span.end);
  const roles = rolesIn(text, behind.slice(1));
  for (const right of rightsIn(text, before.slice(1))) {
    const all = right.words.flatMap((word) => roles.map((role) => `${word} ${role}`));
    for (const id of tablesOf(draft, statement)) {
      if (kind === "grant") give(draft, id, right.columns, all);
      else take(draft, id, right.columns, new Set(all));
    }
  }
}

/** The rights up to ON, each with the columns in brackets behind it. */
function rightsIn(text: string, tokens: readonly Token[]): Right[] {
  const rights: Right[] = [];
  for (let at = 0; at < tokens.length && !isWord(text, tokens[at], "on"); at++) {
    const token = tokens[at];
    if (token?.kind !== "word" || isWord(text, token, "privileges")) continue;
    const word = nameOf(text, token);
    const columns: string[] = [];
    const isPrivileges = isWord(text, tokens[at + 1], "privileges");
    const open = at + (isPrivileges ? 2 : 1);
    if (isMark(text, tokens[open], "(")) {
      for (at = open + 1; at < tokens.length && !isMark(text, tokens[at], ")"); at++) {
        const name = tokens[at];
        if (isNameToken(name)) columns.push(truncateName(nameOf(text, name)));
      }
    }
    rights.push({ words: word === "all" ? ofColumns : [word], columns });
  }
  return rights;
}

function tablesOf(draft: Draft, statement: Grant): readonly number[] {
  if (statement.object === "table")
    return statement.names.flatMap((name) => findTable(draft, name)?.id ?? []);
  const schemas = new Set(statement.names.map(({ name }) => truncateName(name.name)));
  return [...valuesOf(draft.relations)]
    .filter(isTable)
    .flatMap(({ id, schema }) => (schemas.has(schema) ? [id] : []));
}

function give(draft: Draft, id: number, columns: readonly string[], rights: readonly string[]): void {
  for (const name of columns) {
    const table = tableById(draft, id);
    if (table === undefined || columnOf(table, name) === undefined) continue;
    changeColumn(draft, id, name, ({ rights: had = [] }) => ({ rights: [...new Set([...had, ...rights])] }));
  }
}

/** What is taken back of the table is taken back of each of its columns. */
function take(draft: Draft, id: number, columns: readonly string[], rights: ReadonlySet<string>): void {
  const isMeant = ({ name }: Column) => columns.length === 0 || columns.includes(name);
  const has = ({ rights: had = [] }: Column) => had.some((right) => rights.has(right));
  const without = (column: Column) => ({
    ...column,
    rights: column.rights?.filter((right) => !rights.has(right)) ?? [],
  });
  changeTable(draft, id, (table) =>
    table.columns.some((column) => isMeant(column) && has(column))
      ? {
          columns: table.columns.map((column) => (isMeant(column) && has(column) ? without(column) : column)),
        }
      : {},
  );
}

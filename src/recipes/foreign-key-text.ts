import type { TableConstraint } from "../analysis/entities.ts";
import { nameOf, quoteName, truncateName } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isNameToken, isWord, tokenize, tokensIn } from "../sql/tokens.ts";
import { relationSql } from "./names.ts";

export type ForeignKeyOfTable = Extract<TableConstraint, { kind: "foreign key" }>;

/**
 * The key in the form for a table, also where it stood behind a column. What it points at is called as it is called now:
 * tables and columns may have other names than when the key was written. Null where it cannot be told.
 */
export function foreignKeySql(columns: readonly string[], key: ForeignKeyOfTable): string | null {
  const { definition = "" } = key;
  const tokens = tokensIn(definition);
  const at = tokens.findIndex((token) => isWord(definition, token, "references"));
  // PERIOD of a temporal key (18) is said of one of the columns.
  if (at < 0 || tokens.some((token) => isWord(definition, token, "period"))) return null;
  const path = [tokens[at + 1]];
  while (isMark(definition, tokens[at + 1 + path.length], "."))
    path.push(tokens[at + path.length + 1], tokens[at + path.length + 2]);
  const [first, name] = [path[0], path.at(-1)];
  if (first === undefined || name === undefined) return null;
  const schema = path.length === 1 ? undefined : path.at(-3);
  const target = isCalled(definition, schema, name, key)
    ? definition.slice(first.start, name.end)
    : relationSql(key.references);
  const behind = tokens[at + 1 + path.length];
  const end = isMark(definition, behind, "(") ? behindParenthesis(definition, name.end) : name.end;
  const written = definition.slice(name.end, end);
  const pointed =
    end === name.end || areNames(written, key.referencedColumns)
      ? written
      : ` (${list(key.referencedColumns)})`;
  return `FOREIGN KEY (${list(columns)}) REFERENCES ${target}${pointed}${definition.slice(end)}`.trim();
}

function list(columns: readonly string[]): string {
  return columns.map(quoteName).join(", ");
}

function isCalled(
  text: string,
  schema: Token | undefined,
  name: Token,
  { references }: ForeignKeyOfTable,
): boolean {
  const isSame = (token: Token, known: string) => truncateName(nameOf(text, token)) === known;
  if (!isSame(name, references.name)) return false;
  return schema === undefined || references.schema === null || isSame(schema, references.schema);
}

function areNames(written: string, columns: readonly string[]): boolean {
  const names = tokenize(written).filter(isNameToken);
  return (
    columns.length === 0 ||
    (names.length === columns.length &&
      names.every((token, index) => truncateName(nameOf(written, token)) === columns[index]))
  );
}

/** The offset behind the first parenthesis. */
function behindParenthesis(text: string, from: number): number {
  let depth = 0;
  for (const token of tokenize(text, from)) {
    if (isMark(text, token, "(")) depth++;
    else if (isMark(text, token, ")") && --depth === 0) return token.end;
  }
  return text.length;
}

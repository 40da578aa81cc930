import type { TableConstraint } from "../analysis/entities.ts";
import { nameOf, quoteName, truncateName } from "../sql/names.ts";
import type { Token } from "../sql/token.ts";
import { isMark, isNameToken, isWord, tokenize, tokensIn } from "../sql/tokens.ts";
import { applyEdits } from "../text/edits.ts";
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
  return `FOREIGN KEY (${list(columns)}) REFERENCES ${target}${pointed}${asTimed(definition.slice(end), key)}`.trim();
}

/** What is written behind the columns, checked when the key is checked now: ALTER CONSTRAINT may have changed that. */
function asTimed(written: string, { deferrable = false, deferred = false }: ForeignKeyOfTable): string {
  const tokens = tokenize(written);
  const isAt = (index: number, word: string) => isWord(written, tokens[index], word);
  const said = tokens.flatMap((_, index) => {
    if (isAt(index, "deferrable")) return [isAt(index - 1, "not") ? index - 1 : index, index];
    return isAt(index, "initially") ? [index, index + 1] : [];
  });
  const isDeferred = tokens.some((_, index) => isAt(index, "initially") && isAt(index + 1, "deferred"));
  const isDeferrable =
    isDeferred || tokens.some((_, index) => isAt(index, "deferrable") && !isAt(index - 1, "not"));
  if (isDeferrable === deferrable && isDeferred === deferred) return written;
  const edits = tokens.filter((_, index) => said.includes(index)).map((token) => ({ text: "", ...token }));
  const timing = deferrable ? ` DEFERRABLE${deferred ? " INITIALLY DEFERRED" : ""}` : "";
  return `${timing}${applyEdits(written, edits).text.replaceAll(/\s+/g, " ")}`;
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

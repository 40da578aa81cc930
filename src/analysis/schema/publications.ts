import type { Publication } from "../../model/statement.ts";
import { truncateName } from "../../sql/names.ts";
import { areWords, isWord, textOf, tokensIn } from "../../sql/tokens.ts";
import { isTable } from "../entities.ts";
import type { Publishing } from "../table-parts.ts";
import { type Draft, findTable } from "./draft.ts";
import { usersIn } from "./draft-edits.ts";
import { forgetAllTables, noteAllTables } from "./made.ts";
import { changeTable, columnsNamedIn } from "./tables.ts";

/** CREATE and ALTER PUBLICATION: each table keeps which publications name it. */
export function foldPublication(draft: Draft, statement: Publication): void {
  const name = truncateName(statement.name.name);
  const action = statement.kind === "create publication" ? "add" : actionOf(draft, statement);
  const changes = changesOf(draft, statement, name);
  if (statement.tables.length === 0 && changes !== undefined) putChanges(draft, name, changes);
  if (statement.kind === "alter publication") forgetAllTables(draft, name);
  else if (isOfAll(draft, statement)) noteAllTables(draft, name, changes ?? []);
  if (action === null || statement.tables.length === 0) return;
  if (action === "set") dropPublication(draft, name);
  for (const [k, table] of statement.tables.entries()) {
    const known = findTable(draft, table);
    if (known === undefined) continue;
    if (action === "drop") {
      putPublishing(draft, known.id, name, null);
      continue;
    }
    const end = statement.tables[k + 1]?.span.start ?? statement.span.end;
    putPublishing(draft, known.id, name, {
      name,
      columns: columnsNamedIn(draft, known, table.span.end, end),
      ...(changes !== undefined && { changes }),
    });
  }
}

/** FOR ALL TABLES. */
function isOfAll({ context: { text } }: Draft, { name, span }: Publication): boolean {
  return areWords(text, tokensIn(text, name.span.end, span.end), 0, "for", "all", "tables");
}

const allChanges = ["insert", "update", "delete", "truncate"];

/** What it sends on: as the statement says, or as for the tables that it has already. */
function changesOf(draft: Draft, statement: Publication, name: string): readonly string[] | undefined {
  const { text } = draft.context;
  const tokens = tokensIn(text, statement.name.span.end, statement.span.end);
  const at = tokens.findIndex((token) => isWord(text, token, "publish"));
  const value = tokens[at + 2];
  if (at !== -1) return value?.kind === "string" ? (textOf(text, value).match(/[a-z]+/g) ?? []) : undefined;
  if (statement.kind === "create publication") return allChanges;
  const [known] = usersIn(draft, "published in", name);
  return isTable(known) ? known.publications?.find((one) => one.name === name)?.changes : undefined;
}

/** ALTER PUBLICATION ... SET (publish = ...). */
function putChanges(draft: Draft, name: string, changes: readonly string[]): void {
  for (const table of usersIn(draft, "published in", name))
    if (isTable(table))
      changeTable(draft, table.id, ({ publications = [] }) => ({
        publications: publications.map((one) => (one.name === name ? { ...one, changes } : one)),
      }));
}

function actionOf(draft: Draft, statement: Publication): "add" | "set" | "drop" | null {
  const { text } = draft.context;
  const [word] = tokensIn(text, statement.name.span.end, statement.span.end);
  return (["add", "set", "drop"] as const).find((one) => isWord(text, word, one)) ?? null;
}

function putPublishing(draft: Draft, id: number, name: string, publishing: Publishing | null): void {
  changeTable(draft, id, (table) => {
    const others = (table.publications ?? []).filter((one) => one.name !== name);
    return { publications: publishing === null ? others : [...others, publishing] };
  });
}

/** DROP PUBLICATION: its tables are published there no more. */
export function dropPublication(draft: Draft, name: string): void {
  forgetAllTables(draft, name);
  for (const table of usersIn(draft, "published in", name))
    if (isTable(table)) putPublishing(draft, table.id, name, null);
}

/** ALTER PUBLICATION ... RENAME TO. */
export function renamePublication(draft: Draft, from: string, to: string): void {
  forgetAllTables(draft, from);
  for (const table of usersIn(draft, "published in", from)) {
    if (!isTable(table)) continue;
    const publications = table.publications?.map((one) => (one.name === from ? { ...one, name: to } : one));
    changeTable(draft, table.id, () => ({ publications: publications ?? [] }));
  }
}

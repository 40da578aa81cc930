import type { DataChange, Delete, Source, Update } from "../../model/query.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import { isTable } from "../entities.ts";
import { itemNamed } from "../schema/places.ts";
import { isSystemColumn } from "./expression-refusals.ts";
import type { Ledger } from "./ledger.ts";
import { fail, targetOf } from "./ledger.ts";

/** Words that are values by themselves. */
const values = new Set(
  (
    "true false null default current_date current_time current_timestamp current_user current_role current_catalog " +
    "current_schema localtime localtimestamp session_user system_user user old new"
  ).split(" "),
);

/** RETURNING of a column that is not there, where it stands by itself and no other table has columns. */
export function refuseReturning(ledger: Ledger, change: DataChange): void {
  const { world } = ledger;
  const table = targetOf(world, change.table).known;
  const isAlone =
    change.kind === "insert" ||
    (change.kind === "update" && change.from.length === 0) ||
    (change.kind === "delete" && change.using.length === 0);
  // A body may call its variables so.
  if (!change.isReturning || !isAlone || world.isInBody === true || !isTable(table) || !table.isComplete)
    return;
  for (const name of namesReturned(world.text, tokensIn(world.text, change.span.start, change.span.end))) {
    const isRow = name === (change.alias ?? table.name) || values.has(name) || isSystemColumn(name);
    if (isRow || world.namesPlaceholder?.(name) === true || itemNamed(table.columns, name) !== undefined)
      continue;
    fail(ledger, "42703", `column ${quoteName(name)} does not exist`);
  }
}

/** The entries of the list behind RETURNING that are a name and nothing else. */
function namesReturned(text: string, tokens: readonly Token[]): readonly string[] {
  const start = tokens.findLastIndex((token) => isWord(text, token, "returning")) + 1;
  const names: string[] = [];
  let depth = 0;
  for (let k = start; start > 0 && k < tokens.length; k += 1) {
    const token = tokens[k];
    if (isMark(text, token, "(")) depth += 1;
    if (isMark(text, token, ")")) depth -= 1;
    if (depth < 0) break;
    const isFirst = k === start || isMark(text, tokens[k - 1], ",");
    const next = tokens[k + 1];
    const isLast = next === undefined || isMark(text, next, ",");
    if (depth === 0 && isFirst && isLast && token !== undefined && isNameToken(token))
      names.push(nameOf(text, token));
  }
  return names;
}

/** FROM and USING cannot name the table that is changed once more under the same name. */
export function refuseTwins(ledger: Ledger, change: Update | Delete, sources: readonly Source[]): void {
  const own = change.alias ?? change.table.name.name;
  const id = targetOf(ledger.world, change.table).known?.id;
  for (const source of sources) {
    if (source.kind !== "relation" || (source.alias ?? source.name) !== own) continue;
    if (change.with.some(({ name }) => name === source.name && source.schema === null)) continue;
    // Without aliases two tables of different schemas can be told apart.
    const other = targetOf(ledger.world, source).known?.id;
    const isWrittenSo = (change.table.schema?.name ?? null) === source.schema;
    const isSame = id === undefined || other === undefined ? isWrittenSo : id === other;
    const isBare = change.alias === null && source.alias === null;
    if (isBare && !isSame) continue;
    const clause = change.kind === "update" ? "FROM" : "USING";
    const hint = isBare ? `: what is changed is named in ${clause} once more, without an alias` : "";
    fail(ledger, "42712", `${quoteName(own)} stands for two tables${hint}`);
  }
}

import type { OtherStatement } from "../../model/statement.ts";
import { nameOf } from "../../sql/names.ts";
import { isNameToken, isWord, tokensIn } from "../../sql/tokens.ts";
import { isPutOff } from "../deferral.ts";
import { checkParent, reachChild } from "./data-keys.ts";
import { foreignKeysOf, keysOnRows } from "./foreign-keys.ts";
import type { Ledger } from "./ledger.ts";

/** SET CONSTRAINTS ... IMMEDIATE: what waited for COMMIT is looked up now, on the other side of each foreign key. */
export function checkNow(ledger: Ledger, { span }: OtherStatement): void {
  const { deferral, ...rest } = ledger.world;
  if (deferral === undefined) return;
  const { text } = rest;
  const tokens = tokensIn(text, span.start, span.end);
  if (tokens.some((token) => isWord(text, token, "deferred"))) return;
  const isAll = tokens[2] !== undefined && isWord(text, tokens[2], "all");
  const names = new Set(
    tokens
      .slice(2)
      .filter(isNameToken)
      .map((name) => nameOf(text, name)),
  );
  const now: Ledger = { ...ledger, world: rest };
  for (const id of deferral.pointing) {
    const table = rest.schema.tableById(id);
    if (table === undefined) continue;
    for (const key of foreignKeysOf(rest, table))
      if ((isAll || names.has(key.name)) && isPutOff(deferral, key)) checkParent(now, key);
    for (const { from, key } of keysOnRows(rest, table))
      if ((isAll || names.has(key.name)) && isPutOff(deferral, key)) reachChild(now, from, key, "no action");
  }
}

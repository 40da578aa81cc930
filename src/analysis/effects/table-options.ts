import type { CreateTable, CreateTableAs } from "../../model/statement.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokensIn } from "../../sql/tokens.ts";
import { findNewOption, findUnknownOption } from "../facts/actions.ts";
import type { Ledger } from "./ledger.ts";
import { fail, needVersion } from "./ledger.ts";
import { optionList, optionNames } from "./option-list.ts";
import { numberAfter } from "./words.ts";

/** WITH (...) of a new table: parameters that a table has, with values that they can have. */
export function refuseTableOptions(ledger: Ledger, statement: CreateTable | CreateTableAs): void {
  const { text, version } = ledger.world;
  const { start, end } = { start: statement.table.span.end, end: statement.span.end };
  if (!/\bwith\b/i.test(text.slice(start, end))) return;
  const list = optionList(text, tokensIn(text, start, end));
  const [first, last] = [list[0], list.at(-1)];
  if (first === undefined || last === undefined) return;
  const names = optionNames(text, list);
  const found = findNewOption(names, version);
  if (found !== undefined) needVersion(ledger, found.since, `the parameter ${found.what}`, "22023");
  const cleanup = settingOf(text, list, "vacuum_index_cleanup");
  if (cleanup === "auto" && version < 14) needVersion(ledger, 14, "vacuum_index_cleanup = auto", "22023");
  if (statement.kind === "create table" && statement.isForeign) return;
  // Parameters of a TOAST table that it does not have are passed over.
  const isPartitioned = statement.kind === "create table" && statement.partitionBy !== null;
  const own = names.filter((name) => name !== "oids" && !name.startsWith("toast."));
  if (isPartitioned && own.length > 0 && version >= 16)
    fail(ledger, "42809", "a partitioned table has no storage parameters");
  const odd = findUnknownOption(names);
  if (odd !== undefined) fail(ledger, "22023", `unknown parameter ${odd}`);
  const oids = settingOf(text, list, "oids") ?? "false";
  if (["true", "on", "1"].includes(oids)) fail(ledger, "0A000", "tables with OIDs are not supported");
  else if (!["false", "off", "0"].includes(oids))
    fail(ledger, "42601", `oids takes true or false, not ${oids}`);
  const fillfactor = numberAfter(ledger, { start: first.start, end: last.end }, "fillfactor");
  if (fillfactor !== null && (fillfactor < 10 || fillfactor > 100))
    fail(ledger, "22023", `fillfactor ${fillfactor} is not between 10 and 100`);
  if (isPartitioned && own.length > 0) fail(ledger, "22023", "a partitioned table has no storage parameters");
}

/** What an option is set to, without quotes and in lower case: `true` where nothing is said; null where it is not there. */
function settingOf(text: string, list: readonly Token[], name: string): string | null {
  const at = list.findIndex((token) => isWord(text, token, name));
  const value = isMark(text, list[at + 1], "=") ? list[at + 2] : undefined;
  if (at === -1) return null;
  return value === undefined ? "true" : text.slice(value.start, value.end).replaceAll("'", "").toLowerCase();
}

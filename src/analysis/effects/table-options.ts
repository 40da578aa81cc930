import type { CreateTable, CreateTableAs } from "../../model/statement.ts";
import type { Token } from "../../sql/token.ts";
import { isMark, isWord, tokenize } from "../../sql/tokens.ts";
import { findNewOption, findUnknownOption } from "../facts/actions.ts";
import type { Ledger } from "./ledger.ts";
import { fail, needVersion } from "./ledger.ts";
import { numberAfter } from "./words.ts";

/** WITH (...) of a new table: parameters that a table has, with values that they can have. */
export function refuseTableOptions(ledger: Ledger, statement: CreateTable | CreateTableAs): void {
  const { text, version } = ledger.world;
  const { start, end } = { start: statement.table.span.end, end: statement.span.end };
  if (!/\bwith\b/i.test(text.slice(start, end))) return;
  const list = optionList(
    text,
    tokenize(text, start, end).filter(({ kind }) => kind !== "comment"),
  );
  const [first, last] = [list[0], list.at(-1)];
  if (first === undefined || last === undefined) return;
  const names = namesOf(text, list);
  const found = findNewOption(names, version);
  if (found !== undefined) needVersion(ledger, found.since, `the parameter ${found.what}`, "22023");
  if (version < 14 && /\bvacuum_index_cleanup\s*=\s*'?auto\b/i.test(text.slice(first.start, last.end)))
    needVersion(ledger, 14, "vacuum_index_cleanup = auto", "22023");
  if (statement.kind === "create table" && statement.isForeign) return;
  const odd = findUnknownOption(names);
  if (odd !== undefined) fail(ledger, "22023", `unknown parameter ${odd}`);
  const at = list.findIndex((token) => isWord(text, token, "oids"));
  const value = isMark(text, list[at + 1], "=") ? list[at + 2] : null;
  const said = value == null ? "true" : text.slice(value.start, value.end).replaceAll("'", "").toLowerCase();
  if (at !== -1 && ["true", "on", "yes", "1"].includes(said))
    fail(ledger, "0A000", "tables with OIDs are not supported");
  const fillfactor = numberAfter(ledger, { start: first.start, end: last.end }, "fillfactor");
  if (fillfactor !== null && (fillfactor < 10 || fillfactor > 100))
    fail(ledger, "22023", `fillfactor ${fillfactor} is not between 10 and 100`);
  if (
    statement.kind === "create table" &&
    statement.partitionBy !== null &&
    !names.every((name) => name === "oids")
  )
    fail(ledger, version >= 16 ? "42809" : "22023", "a partitioned table has no storage parameters");
}

/** What stands between the parentheses behind WITH, not within others; the query of CREATE TABLE AS has a WITH of its own. */
function optionList(text: string, tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isMark(text, token, "(")) depth += 1;
    if (isMark(text, token, ")")) depth -= 1;
    if (depth > 0) continue;
    if (isWord(text, token, "as")) return [];
    if (!isWord(text, token, "with") || !isMark(text, tokens[at + 1], "(")) continue;
    // FOR VALUES WITH (MODULUS 4, REMAINDER 0)
    if (isWord(text, tokens[at - 1], "values")) continue;
    const close = tokens.findIndex((one, k) => k > at && isMark(text, one, ")"));
    return tokens.slice(at + 2, close === -1 ? tokens.length : close);
  }
  return [];
}

/** `toast.autovacuum_enabled` is one name. */
function namesOf(text: string, list: readonly Token[]): readonly string[] {
  const names: string[] = [];
  let isHead = true;
  for (const [at, token] of list.entries()) {
    if (isHead) {
      const isPath = isMark(text, list[at + 1], ".");
      const end = isPath ? list[at + 2] : token;
      names.push(text.slice(token.start, end?.end).toLowerCase());
    }
    isHead = isMark(text, token, ",");
  }
  return names;
}

import type { Statement } from "../../model/statement.ts";
import { findNewWords } from "../facts/new-words.ts";
import type { Ledger } from "./ledger.ts";
import { needVersion } from "./ledger.ts";

/** Refuses what only newer servers than the target understand, seen from its words. */
export function checkWords(ledger: Ledger, statement: Statement): void {
  const { text, version } = ledger.world;
  for (const { what, since, sqlstate } of findNewWords(statement, text, version))
    if (sqlstate !== null) needVersion(ledger, since, what, sqlstate);
}

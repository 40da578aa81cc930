import type { Statement } from "../../model/statement.ts";
import { findNewWords } from "../facts/new-words.ts";
import { isOwnCall } from "../own-functions.ts";
import type { Ledger } from "./ledger.ts";
import { needVersion } from "./ledger.ts";

/** Refuses what only newer servers than the target understand, seen from its words. */
export function checkWords(ledger: Ledger, statement: Statement): void {
  const { schema, text, version } = ledger.world;
  for (const { what, since, sqlstate, called } of findNewWords(statement, text, version))
    if (sqlstate !== null && !isOwnCall(schema, called)) needVersion(ledger, since, what, sqlstate);
}

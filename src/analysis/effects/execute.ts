import { nameOf, quoteName } from "../../sql/names.ts";
import { isWord, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import { givenBy, isOtherwise, nameExecuted } from "../prepared.ts";
import { depend, fail, type Ledger } from "./ledger.ts";

/** EXECUTE: what the prepared statement does, as long as it gives what it gave when it was prepared. */
export function execute(ledger: Ledger, span: Span): void {
  const { world } = ledger;
  const name = nameExecuted(world.text, span);
  const found = name === null ? undefined : world.prepared?.get(name);
  if (found === undefined) {
    depend(ledger, "what the prepared statement does");
    if (name !== null) fail(ledger, "26000", `no statement ${quoteName(name)} is prepared`);
    return;
  }
  if (isOtherwise(found.gives, givenBy(found.statement, world.schema, world.searchPath)))
    fail(ledger, "0A000", `${quoteName(name ?? "")} was prepared for other columns, or other types of them`);
  const inner: Ledger = { ...ledger, world: { ...world, text: found.text } };
  ledger.collect(inner, found.statement);
  ledger.fails = inner.fails;
  ledger.uncertain = inner.uncertain;
  ledger.unread = inner.unread;
  if (inner.refusesTransaction) ledger.refusesTransaction = true;
}

/** DEALLOCATE of what is not prepared, as far as anybody can tell. */
export function refuseDeallocate(ledger: Ledger, { start, end }: Span): void {
  const { text, prepared } = ledger.world;
  const last = tokensIn(text, start, end).at(-1);
  if (last === undefined || isWord(text, last, "all") || prepared?.has(nameOf(text, last)) !== false) return;
  depend(ledger, "what the session has prepared before");
  fail(ledger, "26000", `no statement ${quoteName(nameOf(text, last))} is prepared`);
}

import type { OtherStatement } from "../../model/statement.ts";
import { nameOf, quoteName } from "../../sql/names.ts";
import { tokensIn } from "../../sql/tokens.ts";
import { execute, refuseDeallocate } from "./execute.ts";
import { fail, type Ledger } from "./ledger.ts";
import { checkNow } from "./set-constraints.ts";

/** Statements that the model knows by their words alone. */
export function command(ledger: Ledger, statement: OtherStatement): void {
  switch (statement.command) {
    case "set constraints":
      checkNow(ledger, statement);
      return;
    case "execute":
      execute(ledger, statement.span);
      return;
    case "deallocate":
      refuseDeallocate(ledger, statement.span);
      return;
    case "create role":
    case "create user":
    case "create group":
      refuseRole(ledger, statement);
      return;
    default:
      return;
  }
}

/** Names of roles that the server keeps for itself. */
function refuseRole(ledger: Ledger, { span }: OtherStatement): void {
  const { text } = ledger.world;
  const named = tokensIn(text, span.start, span.end)[2];
  const name = named === undefined ? "" : nameOf(text, named);
  if (name.startsWith("pg_"))
    fail(ledger, "42939", `the server keeps the role name ${quoteName(name)} for itself`);
}

import type { StatementOf } from "../../model/statement.ts";
import { refuseFunctionForm } from "./function-form-refusals.ts";
import { refuseReplacement } from "./function-refusals.ts";
import { refuseBody } from "./function-results.ts";
import { refuseGoneBody } from "./gone-body.ts";
import { type Ledger, needVersion } from "./ledger.ts";
import { lockRewritten } from "./mentions.ts";

/** The body of an SQL function is read when it is made, and what it names is looked at. */
export function createFunction(ledger: Ledger, statement: StatementOf<"create function">): void {
  refuseFunctionForm(ledger, statement);
  refuseReplacement(ledger, statement);
  if (statement.language !== "sql") return;
  const { text } = ledger.world;
  if (statement.body === null) needVersion(ledger, 14, "a function body without quotes");
  // Nobody looks into the body then, but for one that is part of the statement.
  if (statement.body !== null && isOff(ledger.world.settings.get("check_function_bodies")?.value)) return;
  refuseGoneBody(ledger, statement);
  refuseBody(ledger, statement);
  lockRewritten(ledger, text, statement.body ?? statement.span);
}

function isOff(value: string | undefined): boolean {
  return value !== undefined && ["off", "false", "no", "0"].includes(value.toLowerCase());
}

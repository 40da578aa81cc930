import type { SetStatement } from "../../model/statement.ts";
import type { Ledger } from "./ledger.ts";
import { fail, needVersion } from "./ledger.ts";

/** Settings that say how long, and since when the server has them. */
const durations: ReadonlyMap<string, number> = new Map([
  ["lock_timeout", 9],
  ["statement_timeout", 9],
  ["idle_in_transaction_session_timeout", 9],
  ["deadlock_timeout", 9],
  ["idle_session_timeout", 14],
  ["transaction_timeout", 17],
]);

/** A number and one of six units, in lower case; `2 hours` is none. */
const duration = /^\s*[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|0x[\da-f]+)\s*(?:us|ms|s|min|h|d)?\s*$/i;
const unit = /[a-z]+\s*$/i;

/** SET of a timeout to what is no time. */
export function refuseSetting(ledger: Ledger, { name, value }: SetStatement): void {
  const since = durations.get(name);
  if (since === undefined) return;
  needVersion(ledger, since, `the setting ${name}`, "42704");
  if (value === null) return;
  const written = unit.exec(value)?.[0] ?? "";
  const isTime = duration.test(value) && (written === written.toLowerCase() || /^\s*0x/i.test(value));
  if (!isTime || value.trim().startsWith("-"))
    fail(ledger, "22023", `${name} cannot be ${value}: it is a number with us, ms, s, min, h or d behind it`);
}

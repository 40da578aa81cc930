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
const duration = /^[+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+|0x[\da-f]+)\s*(us|ms|s|min|h|d)?$/i;

/** Longer values are not repeated to the end. */
const shownLength = 40;

/** SET of a timeout to what is no time. */
export function refuseSetting(ledger: Ledger, { name, value }: SetStatement): void {
  const since = durations.get(name);
  if (since === undefined) return;
  needVersion(ledger, since, `the setting ${name}`, "42704");
  if (value === null) return;
  const written = value.trim();
  const match = duration.exec(written);
  const unit = match?.[1] ?? "";
  const isTime = match !== null && (unit === unit.toLowerCase() || /^0x/i.test(written));
  const shown = written.length > shownLength ? `${written.slice(0, shownLength)}...` : value;
  if (!isTime || written.startsWith("-"))
    fail(ledger, "22023", `${name} cannot be ${shown}: it is a number with us, ms, s, min, h or d behind it`);
}

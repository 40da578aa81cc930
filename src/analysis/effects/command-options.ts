import { nameOf } from "../../sql/names.ts";
import { isMark, isNameToken, tokensIn } from "../../sql/tokens.ts";
import type { Span } from "../../text/span.ts";
import type { Ledger } from "./ledger.ts";
import { fail } from "./ledger.ts";
import { optionNames } from "./option-list.ts";

/** What each command can be told in parentheses, by any server; which one has it since when is asked elsewhere. */
const options = {
  vacuum:
    "analyze buffer_usage_limit disable_page_skipping freeze full index_cleanup only_database_stats parallel process_main " +
    "process_toast skip_database_stats skip_locked truncate verbose",
  analyze: "buffer_usage_limit skip_locked verbose",
  reindex: "concurrently tablespace verbose",
  cluster: "verbose",
  explain:
    "analyze buffers costs debug format generic_plan memory range_table serialize settings summary timing verbose wal",
} as const;

/** An option in the parentheses behind the command that no server has. */
export function refuseOptions(ledger: Ledger, command: keyof typeof options, { start, end }: Span): void {
  const { text } = ledger.world;
  const [, opening, ...rest] = tokensIn(text, start, end);
  const close = rest.findIndex((token) => isMark(text, token, ")"));
  if (!isMark(text, opening, "(") || close === -1) return;
  const list = rest.slice(0, close);
  const [first] = list;
  // EXPLAIN (SELECT ...): a query in parentheses.
  const isQuery =
    first === undefined ||
    !isNameToken(first) ||
    ["select", "with", "values", "table"].includes(nameOf(text, first));
  if (isQuery) return;
  const known = options[command].split(" ");
  const odd = optionNames(text, list).find((name) => name !== "analyse" && !known.includes(name));
  if (odd !== undefined) fail(ledger, "42601", `${command.toUpperCase()} has no option ${odd}`);
}

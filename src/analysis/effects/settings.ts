import type { SetStatement } from "../../model/statement.ts";
import { shorten } from "../../text/shorten.ts";
import { isServerSetting } from "../facts/server-settings.ts";
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

/** Other settings that came after 12 and that a session can change, and since when the server has them. */
const later: ReadonlyMap<string, number> = new Map(
  Object.entries({
    13:
      "backtrace_functions enable_incremental_sort hash_mem_multiplier log_min_duration_sample log_parameter_max_length " +
      "log_parameter_max_length_on_error log_statement_sample_rate logical_decoding_work_mem maintenance_io_concurrency " +
      "wal_skip_threshold",
    14:
      "client_connection_check_interval compute_query_id debug_discard_caches default_toast_compression enable_async_append " +
      "enable_memoize track_wal_io_timing vacuum_failsafe_age vacuum_multixact_failsafe_age",
    15: "recursive_worktable_factor stats_fetch_consistency",
    16:
      "createrole_self_grant debug_logical_replication_streaming debug_parallel_query enable_presorted_aggregate " +
      "icu_validation_level scram_iterations vacuum_buffer_usage_limit",
    17: "enable_group_by_reordering event_triggers io_combine_limit",
    18:
      "enable_distinct_reordering enable_self_join_elimination extension_control_path file_copy_method log_lock_failures " +
      "md5_password_warnings track_cost_delay_timing vacuum_max_eager_freeze_failure_rate vacuum_truncate",
  }).flatMap(([since, names]) => names.split(" ").map((name) => [name, Number(since)] as const)),
);

/** A number and one of six units, in lower case; `2 hours` is none. */
const duration = /^[+-]?(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+|0x[\da-f]+)\s*(us|ms|s|min|h|d)?$/i;

/** SET of what the server does not have yet, or of a timeout to what is no time. */
export function refuseSetting(ledger: Ledger, { name, value }: SetStatement): void {
  needSetting(ledger, name);
  if (isServerSetting(name))
    fail(ledger, "55P02", `${name} is a setting of the whole server: no session can change it`);
  if (!durations.has(name) || value === null) return;
  const written = value.trim();
  const match = duration.exec(written);
  const unit = match?.[1] ?? "";
  const isTime = match !== null && (unit === unit.toLowerCase() || /^0x/i.test(written));
  if (!isTime || written.startsWith("-"))
    fail(
      ledger,
      "22023",
      `${name} cannot be ${shorten(value)}: it is a number with us, ms, s, min, h or d behind it`,
    );
}

/** A setting that came after the server does not exist there. */
export function needSetting(ledger: Ledger, name: string): void {
  const since = durations.get(name) ?? later.get(name);
  if (since !== undefined) needVersion(ledger, since, `the setting ${name}`, "42704");
}

import type { Action, ActionKind } from "../../model/action.ts";
import type { LockMode } from "../../model/locks.ts";

/** How an action of ALTER TABLE locks the table, and whether partitions and inheritance children are locked alike. */
export interface ActionFact {
  readonly mode: LockMode;
  /** `partitions`: of a partitioned table only, not of an inheritance parent. */
  readonly spreads: "all" | "partitions" | "none";
}

const exclusive = (spreads: ActionFact["spreads"]): ActionFact => ({ mode: "ACCESS EXCLUSIVE", spreads });
const gentle = (spreads: ActionFact["spreads"]): ActionFact => ({ mode: "SHARE UPDATE EXCLUSIVE", spreads });

/**
 * Lock mode of each action, measured on 12 to 18; AlterTableGetLockLevel and ATPrepCmd of the server's tablecmds.c say the
 * same. Where the schema or the version decides more, a function of its own says so.
 */
export const actionFacts: Readonly<Record<ActionKind, ActionFact>> = {
  "add column": exclusive("all"),
  "drop column": exclusive("all"),
  "alter column type": exclusive("all"),
  "set default": exclusive("all"),
  "drop default": exclusive("all"),
  "set not null": exclusive("all"),
  "drop not null": exclusive("all"),
  "set expression": exclusive("all"),
  "drop expression": exclusive("all"),
  "set storage": exclusive("all"),
  "set compression": exclusive("none"),
  "set statistics": gentle("all"),
  "set column options": gentle("none"),
  "reset column options": gentle("none"),
  "add identity": exclusive("none"),
  "set identity": exclusive("none"),
  "drop identity": exclusive("none"),
  "add constraint": exclusive("all"),
  "alter constraint": exclusive("none"),
  "validate constraint": gentle("none"),
  "drop constraint": exclusive("none"),
  "enable trigger": { mode: "SHARE ROW EXCLUSIVE", spreads: "partitions" },
  "disable trigger": { mode: "SHARE ROW EXCLUSIVE", spreads: "partitions" },
  "enable rule": exclusive("none"),
  "disable rule": exclusive("none"),
  "enable row security": exclusive("none"),
  "disable row security": exclusive("none"),
  "force row security": exclusive("none"),
  "no force row security": exclusive("none"),
  "cluster on": gentle("none"),
  "set without cluster": gentle("none"),
  "set logged": exclusive("none"),
  "set unlogged": exclusive("none"),
  "set without oids": exclusive("none"),
  "set access method": exclusive("none"),
  "set tablespace": exclusive("none"),
  "set options": gentle("none"),
  "reset options": gentle("none"),
  "set foreign options": exclusive("none"),
  inherit: exclusive("none"),
  "no inherit": exclusive("none"),
  "of type": exclusive("none"),
  "not of": exclusive("none"),
  "owner to": exclusive("none"),
  "replica identity": exclusive("none"),
  "attach partition": gentle("none"),
  "detach partition": exclusive("none"),
};

/** Storage parameters that need ACCESS EXCLUSIVE; all others are SHARE UPDATE EXCLUSIVE (reloptions.c). */
const exclusiveOptions = new Set([
  "user_catalog_table",
  "security_barrier",
  "security_invoker",
  "check_option",
  "fastupdate",
  "gin_pending_list_limit",
  "pages_per_range",
  "autosummarize",
  "buffering",
]);

/** The parameters that a table can have (reloptions.c); others are refused. `toast.` stands before some of them. */
const tableOptions = new Set(
  (
    "fillfactor toast_tuple_target parallel_workers user_catalog_table vacuum_index_cleanup vacuum_truncate " +
    "vacuum_max_eager_freeze_failure_rate autovacuum_enabled autovacuum_vacuum_threshold autovacuum_vacuum_max_threshold " +
    "autovacuum_vacuum_scale_factor autovacuum_vacuum_insert_threshold autovacuum_vacuum_insert_scale_factor " +
    "autovacuum_analyze_threshold autovacuum_analyze_scale_factor autovacuum_vacuum_cost_delay " +
    "autovacuum_vacuum_cost_limit autovacuum_freeze_min_age autovacuum_freeze_max_age autovacuum_freeze_table_age " +
    "autovacuum_multixact_freeze_min_age autovacuum_multixact_freeze_max_age autovacuum_multixact_freeze_table_age " +
    "log_autovacuum_min_duration oids"
  ).split(" "),
);

/** Those that came after 12, and when. */
const newOptions: ReadonlyMap<string, number> = new Map([
  ["autovacuum_vacuum_insert_threshold", 13],
  ["autovacuum_vacuum_insert_scale_factor", 13],
  ["deduplicate_items", 13],
  ["security_invoker", 15],
  ["autovacuum_vacuum_max_threshold", 18],
  ["vacuum_max_eager_freeze_failure_rate", 18],
]);

/** The first option of the list that servers of this version do not have yet, and which has it. */
export function findNewOption(
  options: readonly string[],
  version: number,
): { readonly what: string; readonly since: number } | undefined {
  for (const option of options) {
    const what = option.toLowerCase().replace("toast.", "");
    const since = newOptions.get(what) ?? 0;
    if (since > version) return { what, since };
  }
  return undefined;
}

/**
 * An option of the list that no table has; undefined: none. A namespace other than `toast` is an extension's, which takes such
 * an option out before the server looks at it.
 */
export function findUnknownOption(options: readonly string[]): string | undefined {
  return options.find((option) => {
    const name = option.toLowerCase().replace("toast.", "");
    return !name.includes(".") && !tableOptions.has(name);
  });
}

/** The mode of SET and RESET (...): the strongest that one of the options needs. */
export function modeOfOptions(options: readonly string[]): LockMode {
  const isExclusive = options.some((option) => exclusiveOptions.has(option.toLowerCase()));
  return isExclusive ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE";
}

/** The lock that an action needs on its table, as AlterTableGetLockLevel has it. */
export function modeOfAction(action: Action): LockMode {
  if (action.kind === "set options" || action.kind === "reset options") return modeOfOptions(action.options);
  if (action.kind === "add constraint" && action.constraint.kind === "foreign key")
    return "SHARE ROW EXCLUSIVE";
  if (action.kind === "detach partition" && (action.concurrently || action.finalize))
    return "SHARE UPDATE EXCLUSIVE";
  return actionFacts[action.kind].mode;
}

/** The server version that brought an action or a form of it; 0 where every supported version knows it. */
export function versionOfAction(action: Action): number {
  switch (action.kind) {
    case "drop expression":
      return 13;
    case "set expression":
      return 17;
    case "set compression":
      return 14;
    case "set access method":
      return action.method === null ? 17 : 15;
    case "detach partition":
      return action.concurrently || action.finalize ? 14 : 0;
    case "alter constraint":
      return action.enforced !== null || action.inherit === true ? 18 : 0;
    default:
      return 0;
  }
}

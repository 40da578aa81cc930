import type { Action } from "../../model/action.ts";
import type { LockMode } from "../../model/locks.ts";
import type { AlterTable } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import type { Lock } from "../effect.ts";
import { actionFacts, modeOfOptions } from "../facts/actions.ts";
import { refuseNewOption } from "./alter-action.ts";
import { isOfServer } from "./foreign-table-refusals.ts";
import { unknownParameter } from "./index-refusals.ts";
import type { Ledger, Target } from "./ledger.ts";
import { bareNameOf, depend, fail, lock, lockTarget, needVersion } from "./ledger.ts";
import { viewOptions } from "./object-refusals.ts";
import { attachPartition } from "./partitions.ts";
import { hasWords, lastName } from "./words.ts";

/** ALTER INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE and TYPE, and ALTER TABLE on one of them. */
export function alterOther(
  ledger: Ledger,
  statement: AlterTable,
  target: Target,
  actions: readonly Action[],
): void {
  if (statement.object === "type" && target.known === null) return;
  const kind = kindOf(statement, target);
  for (const action of actions) {
    refuseForKind(ledger, target, action, kind);
    if (action.kind === "attach partition") {
      attachPartition(ledger, target, action);
      continue;
    }
    lockTarget(ledger, target, kind, modeOf(action));
    if (action.kind === "set access method" && kind === "materialized view" && action.method !== "heap") {
      ledger.rewrites.add(target.label);
      ledger.scans.add(target.label);
      if (target.known !== null)
        for (const index of ledger.world.schema.indexesOf(target.known.id)) {
          lock(ledger, index, "ACCESS EXCLUSIVE");
          ledger.buildsIndexes.add(index.name);
        }
    }
    if (action.kind === "cluster on") {
      const name = lastName(ledger, action.span);
      const index = name === null ? undefined : ledger.world.schema.findIndex({ schema: null, name });
      if (index !== undefined) lock(ledger, index, "SHARE UPDATE EXCLUSIVE");
    }
    if (action.kind === "set tablespace" && action.tablespace.name !== "pg_default") {
      // A partitioned index has no file.
      if (isOfPartitioned(ledger, target)) continue;
      if (kind === "index") ledger.buildsIndexes.add(bareNameOf(target));
      else if (kind === "materialized view") ledger.rewrites.add(target.label);
    }
    if (action.kind === "owner to" && target.known?.kind === "materialized view")
      for (const index of ledger.world.schema.indexesOf(target.known.id))
        lock(ledger, index, "ACCESS EXCLUSIVE");
  }
}

function isOfPartitioned(ledger: Ledger, target: Target): boolean {
  const index = target.known?.kind === "index" ? target.known : undefined;
  return index !== undefined && ledger.world.schema.tableById(index.table)?.partitionBy != null;
}

/** What a relation of the kind can be given, as ATSimplePermissions of the server has it; a composite type is no relation here. */
const allowed: Readonly<Record<Exclude<Lock["kind"], "table">, ReadonlySet<Action["kind"]>>> = {
  view: new Set<Action["kind"]>([
    "set default",
    "drop default",
    "add identity",
    "set identity",
    "drop identity",
    "set options",
    "reset options",
    "owner to",
  ]),
  "materialized view": new Set<Action["kind"]>([
    "set statistics",
    "set column options",
    "reset column options",
    "set storage",
    "set compression",
    "cluster on",
    "set without cluster",
    "set access method",
    "set tablespace",
    "set options",
    "reset options",
    "owner to",
    "replica identity",
  ]),
  index: new Set<Action["kind"]>([
    "set statistics",
    "set tablespace",
    "set options",
    "reset options",
    "attach partition",
    "owner to",
  ]),
  sequence: new Set<Action["kind"]>(["set logged", "set unlogged", "owner to"]),
};

/** What a view, an index or a sequence cannot be given. */
function refuseForKind(ledger: Ledger, target: Target, action: Action, kind: Lock["kind"]): void {
  // A name that nobody knows may be that of anything, whatever the word before it.
  const isSure = kind === "view" || kind === "materialized view" || target.known !== null;
  if (kind !== "table" && isSure && (!allowed[kind].has(action.kind) || isOfServer(ledger, action)))
    fail(ledger, "42809", `${action.kind} is not possible for ${kind === "index" ? "an" : "a"} ${kind}`);
  if (kind === "view") refuseIdentity(ledger, action);
  if (action.kind === "set options") {
    refuseNewOption(ledger, action.options);
    // With a dot it is an extension's own.
    const odd = action.options.find(
      (option) => !option.includes(".") && !viewOptions.includes(option.toLowerCase()),
    );
    const isReadOnly = target.known?.kind === "view" && target.known.isReadOnly === true;
    if (isReadOnly && action.options.some((option) => option.toLowerCase() === "check_option"))
      fail(ledger, "0A000", "WITH CHECK OPTION needs a view that can be written through");
    if (kind === "view" && odd !== undefined && target.known !== null)
      fail(ledger, "22023", `a view has no parameter ${odd}`);
  }
  const isDefault = action.kind === "set default" || action.kind === "drop default";
  const outputs = target.known?.kind === "view" ? target.known.outputs : null;
  if (isDefault && outputs !== null && !outputs.includes(action.column.name))
    fail(ledger, "42703", `column ${quoteName(action.column.name)} of the view does not exist`);
  const index = target.known?.kind === "index" ? target.known : undefined;
  if (action.kind === "set options" && index !== undefined) {
    const odd = unknownParameter(index.method, action.options);
    if (odd !== undefined)
      fail(ledger, "22023", `an index of method ${index.method} has no parameter ${odd}`);
  }
  if (action.kind === "set statistics" && index !== undefined) {
    const all = [...index.keys, ...index.including];
    const at = Number(action.column.name) - 1;
    if (at >= all.length) fail(ledger, "42703", `${quoteName(index.name)} has no column number ${at + 1}`);
    const key = all[at];
    if (key != null) fail(ledger, "0A000", `${key} is a column of the table: its statistics are kept there`);
  }
  if (isOfPartitioned(ledger, target) && (action.kind === "set options" || action.kind === "reset options"))
    fail(ledger, "42809", "a partitioned index has no storage parameters");
  if (action.kind === "owner to" && target.known?.kind === "sequence" && target.known.ownedBy !== null) {
    // That of the table may have been given to the same role before.
    depend(ledger, "who owns the table of the sequence");
    fail(ledger, "0A000", "an owned sequence has the owner of its table");
  }
  const isPersistence = action.kind === "set logged" || action.kind === "set unlogged";
  if (kind === "sequence" && isPersistence)
    needVersion(ledger, 15, `${action.kind.toUpperCase()} of a sequence`, "42809");
}

/** The server lets a view come as far as the column, which is never NOT NULL and never an identity. */
function refuseIdentity(ledger: Ledger, action: Action): void {
  if (action.kind === "add identity")
    fail(
      ledger,
      "55000",
      `column ${quoteName(action.column.name)} must be NOT NULL before identity can be added`,
    );
  const isDropped = action.kind === "drop identity";
  if (action.kind === "set identity" || (isDropped && !hasWords(ledger, action.span, "if", "exists")))
    fail(ledger, "55000", `column ${quoteName(action.column.name)} is not an identity column`);
}

function kindOf(statement: AlterTable, target: Target): Lock["kind"] {
  const known = target.known?.kind;
  if (known !== undefined) return known === "foreign table" ? "table" : known;
  const { object } = statement;
  return object === "foreign table" || object === "type" ? "table" : object;
}

function modeOf(action: Action): LockMode {
  if (action.kind === "set options" || action.kind === "reset options") return modeOfOptions(action.options);
  return actionFacts[action.kind].mode;
}

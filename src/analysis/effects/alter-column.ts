import type { Action } from "../../model/action.ts";
import type { Expression } from "../../model/expression.ts";
import type { Identifier } from "../../model/name.ts";
import { quoteName } from "../../sql/names.ts";
import type { Span } from "../../text/span.ts";
import type { Table } from "../entities.ts";
import { passesNotNull } from "../inherited-not-null.ts";
import { actionsOn, hasActionOn } from "../same-statement.ts";
import { columnsOf } from "../schema/expressions.ts";
import { unknownRange } from "../sequence-range.ts";
import type { AlterPlan } from "./alter-plan.ts";
import { columnOf, planRewrite, planScan } from "./alter-plan.ts";
import { isInteger } from "./domains.ts";
import {
  ancestorsOf,
  constraintsInForce,
  familyOf,
  hasChildren,
  isPartitioned,
  kinship,
  sequenceOf,
} from "./family.ts";
import { depend, fail, failSeen, lock } from "./ledger.ts";
import { refuseRange } from "./sequences.ts";
import { hasWords, nameBehind } from "./words.ts";

/** Whether the column is surely no identity column. */
export function lacksIdentity(plan: AlterPlan, name: string): boolean {
  const column = columnOf(plan, name);
  return plan.target.known?.isComplete === true && column !== undefined && !column.identity;
}

function isMadeNotNull(plan: AlterPlan, name: string): boolean {
  return hasActionOn(plan.statement, "set not null", name);
}

/** Generated and identity columns have no default of their own. */
export function refuseGenerated(plan: AlterPlan, name: string): void {
  const column = columnOf(plan, name);
  if (column === undefined || (column.generated === null && !column.identity)) return;
  // What makes it one is dropped before.
  if (drops(plan, name, column.identity ? "drop identity" : "drop expression")) return;
  failSeen(
    plan.ledger,
    "42601",
    `column ${quoteName(name)} is ${column.identity ? "an identity" : "a generated"} column`,
  );
}

/** A partition cannot be looser than its parent. */
function refuseInheritedNotNull(plan: AlterPlan, name: string): void {
  const table = plan.target.known;
  if (table === null || (table.partitionOf === null && plan.ledger.world.version < 18)) return;
  const isRequired = ancestorsOf(plan.ledger.world.schema, table).some((parent) =>
    passesNotNull(parent, name),
  );
  if (isRequired) fail(plan.ledger, "42P16", `column ${quoteName(name)} is NOT NULL in the parent table`);
}

/** A stored column is computed anew for every row; a virtual one is not stored, but a NOT NULL or CHECK on it is verified. */
export function setExpression(plan: AlterPlan, name: string, value: Expression): void {
  const table = plan.target.known;
  const computed = columnsOf(value).find((one) => (columnOf(plan, one)?.generated ?? null) !== null);
  if (computed !== undefined)
    fail(plan.ledger, "42P17", `a generated column cannot read the generated column ${quoteName(computed)}`);
  const column = columnOf(plan, name);
  const { schema } = plan.ledger.world;
  const members: readonly (Table | null)[] =
    table === null ? [null] : familyOf(schema, table, plan.statement.only);
  if (table !== null && column?.generated === "virtual") {
    const isChecked = constraintsInForce(schema, table).some(
      (one) => one.kind === "check" && one.validated && one.columns.includes(name),
    );
    if (isChecked)
      fail(
        plan.ledger,
        "0A000",
        `SET EXPRESSION is not supported while a constraint reads ${quoteName(name)}`,
      );
    if (column.notNull === "valid") for (const member of members) planScan(plan, member);
    return;
  }
  for (const member of members) planRewrite(plan, member);
  if (column === undefined && !(table?.isComplete ?? false))
    depend(plan.ledger, `whether ${quoteName(name)} is a stored or a virtual generated column`);
}

/** DROP NOT NULL is refused where a primary key or a parent demands it. */
export function dropNotNull(plan: AlterPlan, name: string, place: Span): void {
  const { ledger, statement } = plan;
  const { schema, version } = ledger.world;
  const table = plan.target.known;
  if (columnOf(plan, name)?.identity === true && !drops(plan, name, "drop identity"))
    failSeen(ledger, "42601", `column ${quoteName(name)} is an identity column`);
  if (statement.only && version < 18 && table !== null && isPartitioned(table) && hasChildren(schema, table))
    fail(ledger, "42P16", "NOT NULL cannot be dropped from only the partitioned table");
  if (table !== null && statement.only && columnOf(plan, name)?.notNull === "valid") {
    // From 18 the constraint of each child is told that it is its own now.
    if (version >= 18)
      for (const child of [...schema.partitionsOf(table.id), ...schema.childrenOf(table.id)])
        lock(ledger, child, "ACCESS EXCLUSIVE", kinship(ledger.world, child, table));
  }
  // Both are done in the order in which they are written.
  const isGone = (key: string) =>
    actionsOn(statement, "drop constraint", key).some(({ span }) => span.start < place.start);
  const isKey = plan.target.known?.constraints.some(
    (one) => one.kind === "primary key" && one.columns.includes(name) && !isGone(one.name),
  );
  if (isKey === true) fail(plan.ledger, "42P16", `column ${quoteName(name)} is in a primary key`);
  const identity = schema.indexesOf(table?.id ?? 0).find((one) => one.id === table?.identityIndex);
  if (identity?.keys.includes(name) === true)
    fail(ledger, "42P16", `column ${quoteName(name)} is in the replica identity ${quoteName(identity.name)}`);
  refuseInheritedNotNull(plan, name);
}

/** Drops run first, whatever the order in which they are written. */
function drops(
  plan: AlterPlan,
  column: string,
  kind: "drop default" | "drop identity" | "drop expression",
): boolean {
  return hasActionOn(plan.statement, kind, column);
}

/** The sequence of an identity column is locked with it. */
export function alterIdentity(plan: AlterPlan, action: Action & { readonly column: Identifier }): void {
  const { ledger, target } = plan;
  const name = action.column.name;
  const table = target.known;
  if (plan.statement.only && isPartitioned(table) && ledger.world.version >= 17)
    fail(ledger, "42P16", "the identity of a column is that of the partitioned table and its partitions");
  if (table?.partitionOf != null && ledger.world.version >= 17)
    fail(ledger, "42P16", "the identity column of a partition is that of the partitioned table");
  if (action.kind === "add identity") {
    const type = columnOf(plan, name)?.type ?? null;
    if (type !== null && !isInteger(ledger.world, type))
      fail(ledger, "22023", "an identity column is smallint, integer or bigint");
    if ((columnOf(plan, name)?.notNull ?? "valid") !== "valid" && !isMadeNotNull(plan, name))
      fail(ledger, "55000", `column ${quoteName(name)} must be NOT NULL before identity can be added`);
    const column = columnOf(plan, name);
    const hasDefault = column !== undefined && column.default !== null && !drops(plan, name, "drop default");
    const named = hasWords(ledger, action.span, "sequence", "name")
      ? nameBehind(ledger, action.span, "name")
      : null;
    if (
      named !== null &&
      ledger.world.schema.findRelation({ ...named, schema: named.schema ?? table?.schema ?? null }) !==
        undefined
    )
      fail(ledger, "42P07", `relation ${quoteName(named.name)} already exists`);
    if ((column?.identity === true && !drops(plan, name, "drop identity")) || hasDefault)
      fail(ledger, "55000", `column ${quoteName(name)} is an identity column or has a default already`);
    return;
  }
  // From 13 on the statement may have made it one before.
  const isMade = ledger.world.version >= 13 && hasActionOn(plan.statement, "add identity", name);
  if (isMade && action.kind === "set identity") return;
  if (lacksIdentity(plan, name) && !hasWords(ledger, action.span, "if", "exists"))
    fail(ledger, "55000", `column ${quoteName(name)} is not an identity column`);
  if (lacksIdentity(plan, name)) return;
  if (action.kind === "set identity") refuseSettings(plan, action);
  const sequence = table === null ? undefined : sequenceOf(ledger.world, table, name);
  const owned = table === null ? [] : ledger.world.schema.sequencesOf(table.id);
  // 12 cannot tell which of them is its own.
  if (ledger.world.version < 13 && owned.filter(({ ownedBy }) => ownedBy?.column === name).length > 1)
    fail(ledger, "XX000", `more than one sequence belongs to ${quoteName(name)}`);
  const mode = action.kind === "drop identity" ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE";
  if (sequence !== undefined) lock(ledger, sequence, mode, `identity of ${quoteName(name)}`);
}

/** What is said of the sequence of an identity column: not its name, and nothing that no sequence can be. */
function refuseSettings(
  { ledger }: AlterPlan,
  { span, column }: Action & { readonly column: Identifier },
): void {
  const behind = { start: column.span.end, end: span.end };
  if (hasWords(ledger, behind, "sequence", "name"))
    fail(ledger, "42601", "the sequence of an identity column gets its name where it is made");
  refuseRange(ledger, behind, unknownRange);
}

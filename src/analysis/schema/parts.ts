import type { Expression } from "../../model/expression.ts";
import { isStandIn } from "../../model/stand-in.ts";
import type { CreateRule, CreateTrigger, Policy } from "../../model/statement.ts";
import { truncateName } from "../../sql/names.ts";
import type { Table, Trigger } from "../entities.ts";
import { type Draft, dependents, findRelation, MAX_PARTS } from "./draft.ts";
import { columnsOf } from "./expressions.ts";
import { readExpression, sourceOf, startReading } from "./scope.ts";
import { isTable } from "./state.ts";
import { changeTable, tableFor } from "./tables.ts";

export function foldCreateTrigger(draft: Draft, statement: CreateTrigger): void {
  const table = tableFor(draft, statement.table);
  if (table === undefined) return;
  const named = statement.columns.map((column) => truncateName(column.name));
  const trigger: Trigger = {
    name: truncateName(statement.name.name),
    columns: [...new Set([...named, ...(statement.when === null ? [] : columnsOf(statement.when))])],
    enabled: true,
    forEachRow: statement.forEachRow,
    ...(statement.isConstraint && { isConstraint: true }),
    function: statement.function,
  };
  putTrigger(draft, table.id, trigger);
}

/** Row triggers of a partitioned table are cloned for its partitions. */
function putTrigger(draft: Draft, id: number, trigger: Trigger): void {
  const table = changeTable(draft, id, (current) => ({ triggers: replaced(current.triggers, trigger) }));
  if (table === undefined || table.partitionBy === null || !trigger.forEachRow) return;
  for (const partition of dependents(draft, "partition", id)) putTrigger(draft, partition.id, trigger);
}

export function foldPolicy(draft: Draft, statement: Policy): void {
  const table = tableFor(draft, statement.table);
  if (table === undefined) return;
  const name = truncateName(statement.name.name);
  const read = [statement.using, statement.withCheck].flatMap((expression) =>
    expression === null ? [] : columnsRead(draft, table, expression),
  );
  // ALTER POLICY replaces only the clause that it names; which columns that clause read is not kept.
  const before = table.policies.find((policy) => policy.name === name);
  const kept = statement.kind === "alter policy" ? (before?.columns ?? []) : [];
  const policy = { name, columns: [...new Set([...kept, ...read])] };
  changeTable(draft, table.id, (current) => ({ policies: replaced(current.policies, policy) }));
}

/** Columns of the table that an expression reads, in its subqueries too. */
function columnsRead(draft: Draft, table: Table, expression: Expression): readonly string[] {
  const reading = startReading((schema, name) => findRelation(draft, { schema, name }));
  readExpression(reading, expression, sourceOf(table, null));
  return [...reading.columns.values()].flatMap((read) => (read.table === table.id ? [read.column] : []));
}

export function foldCreateRule(draft: Draft, statement: CreateRule): void {
  const relation = findRelation(draft, statement.table);
  if (relation !== undefined && !isTable(relation)) return;
  const table = tableFor(draft, statement.table);
  const name = truncateName(statement.name.name);
  if (table === undefined || table.rules.length >= MAX_PARTS) return;
  changeTable(draft, table.id, (current) => ({ rules: [...new Set([...current.rules, name])] }));
}

/** DROP TRIGGER, POLICY and RULE. A part that only the server can name may be any: then none of them is sure to be left. */
export function dropPart(
  draft: Draft,
  id: number,
  object: "trigger" | "policy" | "rule",
  name: string,
): void {
  const isKept = (own: string) => own !== name && !isStandIn(name);
  changeTable(draft, id, (table) => {
    if (object === "trigger") return { triggers: table.triggers.filter((own) => isKept(own.name)) };
    if (object === "policy") return { policies: table.policies.filter((own) => isKept(own.name)) };
    return { rules: table.rules.filter(isKept) };
  });
  if (object !== "trigger") return;
  for (const partition of dependents(draft, "partition", id)) dropPart(draft, partition.id, object, name);
}

function replaced<Part extends { readonly name: string }>(
  parts: readonly Part[],
  part: Part,
): readonly Part[] {
  const index = parts.findIndex((own) => own.name === part.name);
  if (index !== -1) return parts.with(index, part);
  return parts.length >= MAX_PARTS ? parts : [...parts, part];
}

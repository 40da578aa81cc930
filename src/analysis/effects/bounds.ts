import type { Expression } from "../../model/expression.ts";
import type { PartitionBound } from "../../model/table.ts";
import { append } from "../../text/append.ts";
import type { Table } from "../entities.ts";
import { implies } from "../implication.ts";
import { partitionConstraint } from "../partition-bound.ts";
import { constraintsInForce } from "./family.ts";
import type { EffectsWorld } from "./ledger.ts";

/** What valid constraints say of every row of the table: its CHECKs, and which columns are never null. */
function factsOf(world: EffectsWorld, table: Table): readonly Expression[] {
  const isPresent = (column: string): Expression => ({
    kind: "is null",
    argument: { kind: "column", path: [column] },
    negated: true,
  });
  const columns = table.columns.filter((one) => one.notNull === "valid").map((one) => isPresent(one.name));
  const constraints = constraintsInForce(world.schema, table).flatMap((one) => {
    if (!one.validated || !one.enforced) return [];
    if (one.kind === "check") return [one.expression];
    return one.kind === "primary key" || one.kind === "not null" ? one.columns.map(isPresent) : [];
  });
  return [...columns, ...constraints];
}

function typesOf(table: Table): (column: string) => string | undefined {
  return (column) => table.columns.find((one) => one.name === column)?.type?.name;
}

/** Whether valid constraints of the table show that all its rows belong into the bound, so that nobody has to look. */
export function provesBound(
  world: EffectsWorld,
  parent: Table,
  bound: PartitionBound,
  table: Table,
): boolean {
  const goal = partitionConstraint(parent.partitionBy, bound);
  return goal !== null && implies(factsOf(world, table), goal, typesOf(table));
}

/** Whether valid constraints of the default partition show that none of its rows belongs into a new bound. */
export function excludesBound(
  world: EffectsWorld,
  parent: Table,
  bound: PartitionBound,
  rest: Table,
): boolean {
  const goal = partitionConstraint(parent.partitionBy, bound);
  if (goal === null) return false;
  return implies(factsOf(world, rest), { kind: "not", argument: goal }, typesOf(rest));
}

/** Whether two bounds surely have a row in common. */
export function overlaps(parent: Table, bound: PartitionBound, other: PartitionBound): boolean {
  if (bound.kind === "default" || other.kind === "default") return bound.kind === other.kind;
  return isInside(parent, bound, other) || isInside(parent, other, bound);
}

/** Whether a value that belongs into the first bound belongs into the second: one of a list, or the start of a range. */
function isInside(parent: Table, bound: PartitionBound, other: PartitionBound): boolean {
  const column = parent.partitionBy?.columns[0]?.column;
  const goal = partitionConstraint(parent.partitionBy, other);
  if (column === null || column === undefined || goal === null || parent.partitionBy?.columns.length !== 1)
    return false;
  const values = bound.kind === "list" ? bound.values : bound.kind === "range" ? bound.from : [];
  return values.some((value) => implies(equalTo(column, value), goal, typesOf(parent)));
}

function equalTo(column: string, value: Expression): readonly Expression[] {
  const key: Expression = { kind: "column", path: [column] };
  return [
    { kind: "operator", name: "=", left: key, right: value },
    { kind: "is null", argument: key, negated: true },
  ];
}

/** Whether a condition keeps all rows of a partition out, so that the server does not touch it. */
function isPruned(parent: Table, partition: Table, condition: Expression): boolean {
  const goal = partitionConstraint(parent.partitionBy, partition.partitionOf?.bound ?? null);
  return goal !== null && implies([condition], { kind: "not", argument: goal }, typesOf(parent));
}

/** The table and what lies below it, but for partitions that the condition rules out. */
export function touchedBy(world: EffectsWorld, table: Table, where: Expression | null): readonly Table[] {
  const { schema } = world;
  const found: Table[] = [];
  const open = [table];
  const seen = new Set<number>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next.id)) continue;
    seen.add(next.id);
    found.push(next);
    const parent = next;
    append(
      open,
      schema.partitionsOf(parent.id).filter((part) => where === null || !isPruned(parent, part, where)),
    );
    append(open, schema.childrenOf(parent.id));
  }
  return found;
}

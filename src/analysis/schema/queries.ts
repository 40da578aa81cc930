import type { Expression } from "../../model/expression.ts";
import type { TypeDescription } from "../../model/name.ts";
import type { PartitionBound } from "../../model/table.ts";
import type { Table } from "../entities.ts";
import { implies, impliesNotNull } from "../implication.ts";
import { partitionConstraint } from "../partition-bound.ts";
import type { Schema } from "./known-schema.ts";

/** The CHECK constraints that PostgreSQL believes: valid and enforced. */
function believedChecks(table: Table): readonly Expression[] {
  return table.constraints.flatMap((constraint) =>
    constraint.kind === "check" && constraint.validated && constraint.enforced ? [constraint.expression] : [],
  );
}

/** Whether valid CHECK constraints prove that the column holds no nulls: SET NOT NULL does not scan then. */
export function isNotNullProven(table: Table, column: string): boolean {
  return believedChecks(table).some((check) => impliesNotNull(check, column));
}

/** Whether the table's constraints prove that all of its rows belong into the partition: ATTACH does not scan it then. */
export function isBoundProven(schema: Schema, parent: Table, bound: PartitionBound, table: Table): boolean {
  const goals = boundsOf(schema, parent, bound);
  if (goals === null) return false;
  const given = [...believedChecks(table), ...notNullsOf(table)];
  return goals.every((goal) => implies(given, goal, typeOf(schema, table)));
}

/** Whether the default partition's constraints prove that none of its rows belongs into a new partition. */
export function isBoundExcluded(schema: Schema, parent: Table, bound: PartitionBound, rest: Table): boolean {
  const goal = partitionConstraint(parent.partitionBy, bound);
  if (goal === null) return false;
  const given = [...believedChecks(rest), ...notNullsOf(rest)];
  return implies(given, { kind: "not", argument: goal }, typeOf(schema, rest));
}

/** The type below all domains: what is stored. */
export function resolveType(schema: Schema, type: TypeDescription): TypeDescription {
  let current = type;
  // A domain over itself cannot be, but a broken history can say so.
  for (let depth = 0; depth < 32 && current.dimensions === 0; depth += 1) {
    const found = schema.findType(current);
    if (found?.kind !== "domain" || found.base === null) return current;
    current = found.base;
  }
  return current;
}

/** The bound and those of the parents above: the server proves them all. */
function boundsOf(schema: Schema, parent: Table, bound: PartitionBound): readonly Expression[] | null {
  const goals: Expression[] = [];
  let table: Table | undefined = parent;
  let current: PartitionBound | null = bound;
  while (table !== undefined) {
    const goal = partitionConstraint(table.partitionBy, current);
    if (goal === null) return null;
    goals.push(goal);
    if (table.partitionOf === null) return goals;
    current = table.partitionOf.bound;
    table = schema.tableById(table.partitionOf.parent);
  }
  return null;
}

function notNullsOf(table: Table): readonly Expression[] {
  return table.columns.flatMap(({ name, notNull }): Expression[] => {
    if (notNull !== "valid") return [];
    return [{ kind: "is null", argument: { kind: "column", path: [name] }, negated: true }];
  });
}

function typeOf(schema: Schema, table: Table): (column: string) => string | undefined {
  return (name) => {
    const type = table.columns.find((column) => column.name === name)?.type;
    return type == null || type.dimensions > 0 ? undefined : resolveType(schema, type).name;
  };
}

export { columnsOf } from "./expressions.ts";

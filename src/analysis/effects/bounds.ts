import type { Expression } from "../../model/expression.ts";
import type { PartitionBound } from "../../model/table.ts";
import { append } from "../../text/append.ts";
import { effort } from "../effort.ts";
import { isTable, type Table } from "../entities.ts";
import { clauseOf, implies, proves } from "../implication.ts";
import { normalise } from "../normalise.ts";
import { partitionConstraint } from "../partition-bound.ts";
import { itemNamed } from "../schema/places.ts";
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
  return (column) => itemNamed(table.columns, column)?.type?.name;
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
  if (bound.kind === "hash" && other.kind === "hash") {
    // One modulus is a factor of the other: rows of the finer one are rows of the coarser where the remainders agree.
    const least = Math.min(bound.modulus, other.modulus);
    return least > 0 && bound.remainder % least === other.remainder % least;
  }
  if (takesNull(bound) && takesNull(other)) return true;
  const column = parent.partitionBy?.columns[0]?.column;
  if (column === null || column === undefined || parent.partitionBy?.columns.length !== 1) return false;
  const [first, second] = [rowsOf(parent, bound, column), rowsOf(parent, other, column)];
  if (first.values !== null && second.values !== null && first.values.type === second.values.type)
    return haveCommon(first.values.all, second.values.all);
  const type = typesOf(parent);
  const isInside = (samples: readonly Expression[], goal: Expression | null) =>
    goal !== null && samples.slice(0, mostSamples).some((sample) => proves(sample, goal, type));
  return isInside(first.samples, second.goal) || isInside(second.samples, first.goal);
}

function takesNull(bound: PartitionBound): boolean {
  return (
    bound.kind === "list" && bound.values.some((value) => value.kind === "constant" && value.type === "null")
  );
}

/** Of longer lists no more values are held against another bound: each would be held against all of its. */
const mostSamples = 100;

function haveCommon(first: ReadonlySet<string>, second: ReadonlySet<string>): boolean {
  const [few, many] = first.size < second.size ? [first, second] : [second, first];
  for (const value of few) if (many.has(value)) return true;
  return false;
}

/** Values of a list that are equal only if they are written alike: whole numbers, and words of a type that keeps them so. */
interface PlainValues {
  readonly type: "integer" | "string";
  readonly all: ReadonlySet<string>;
}

const wordTypes = new Set(["text", "varchar"]);

function plainValues(bound: PartitionBound, columnType: string | undefined): PlainValues | null {
  if (bound.kind !== "list") return null;
  const [first] = bound.values;
  const type = first?.kind === "constant" ? first.type : null;
  if (type !== "integer" && (type !== "string" || !wordTypes.has(columnType ?? ""))) return null;
  const all = new Set<string>();
  for (const value of bound.values) {
    if (value.kind !== "constant" || value.type !== type) return null;
    if (type === "integer" && !/^(?:0|[1-9]\d*)$/.test(value.value)) return null;
    all.add(value.value);
  }
  return { type, all };
}

/** What a bound says, ready to be compared with others. */
interface BoundRows {
  readonly parent: Pick<Table, "partitionBy" | "columns">;
  /** Null: not known. */
  readonly goal: Expression | null;
  /** Rows that surely belong into it: those of each value of a list, or at the start of a range. */
  readonly samples: readonly Expression[];
  readonly values: PlainValues | null;
}

/** A bound is compared with each neighbour that comes after it: what it says is worked out once. */
const rows = new WeakMap<PartitionBound, BoundRows>();

function rowsOf(parent: Table, bound: PartitionBound, column: string): BoundRows {
  const known = rows.get(bound);
  if (known?.parent.partitionBy === parent.partitionBy && known.parent.columns === parent.columns)
    return known;
  const type = typesOf(parent);
  const constraint = partitionConstraint(parent.partitionBy, bound);
  const values = bound.kind === "list" ? bound.values : bound.kind === "range" ? bound.from : [];
  const { partitionBy, columns } = parent;
  const made = {
    parent: { partitionBy, columns },
    goal: constraint === null ? null : normalise(constraint, type),
    samples: values.map((value) => clauseOf(equalTo(column, value), type)),
    values: plainValues(bound, type(column)),
  };
  rows.set(bound, made);
  return made;
}

function equalTo(column: string, value: Expression): readonly Expression[] {
  const key: Expression = { kind: "column", path: [column] };
  return [
    { kind: "operator", name: "=", left: key, right: value },
    { kind: "is null", argument: key, negated: true },
  ];
}

/** A condition is held against a bound: as much as to list so many relations. */
const effortOfProof = 50;

/** Whether a condition keeps all rows of a partition out, so that the server does not touch it. */
function isPruned(parent: Table, partition: Table, condition: Expression): boolean {
  effort.spent += effortOfProof;
  const goal = partitionConstraint(parent.partitionBy, partition.partitionOf?.bound ?? null);
  return goal !== null && implies([condition], { kind: "not", argument: goal }, typesOf(parent));
}

/** Whether all rows that fulfil the condition belong into one of the other partitions, so that the default has none. */
function isElsewhere(world: EffectsWorld, parent: Table, partition: Table, condition: Expression): boolean {
  if (partition.partitionOf?.bound?.kind !== "default") return false;
  return world.schema.usersOf("partition of", parent.id, comparedBounds).some((other) => {
    if (!isTable(other) || other.id === partition.id) return false;
    effort.spent += effortOfProof;
    const goal = partitionConstraint(parent.partitionBy, other.partitionOf?.bound ?? null);
    return goal !== null && implies([condition], withoutNulls(goal), typesOf(parent));
  });
}

/** What is compared with something is not null. */
function withoutNulls(goal: Expression): Expression {
  if (goal.kind !== "and") return goal;
  return { kind: "and", arguments: goal.arguments.filter((part) => part.kind !== "is null") };
}

/** To compare a bound or a condition with each of thousands would take longer the more there are. */
export const comparedBounds = 100;

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
      schema
        .partitionsOf(parent.id)
        .filter(
          (part) =>
            where === null || !(isPruned(parent, part, where) || isElsewhere(world, parent, part, where)),
        ),
    );
    append(open, schema.childrenOf(parent.id));
  }
  return found;
}

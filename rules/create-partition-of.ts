import type { Table } from "../src/analysis/entities.ts";
import type { CreateTable } from "../src/model/statement.ts";
import { relationSql } from "../src/recipes/names.ts";
import { boundCondition, findBound } from "../src/recipes/partition-bound.ts";
import { type Proof, provenRecipe } from "../src/recipes/partition-proof.ts";
import { type Context, defineRule, type Migration } from "../src/rule.ts";

export default defineRule({
  id: "create-partition-of",
  severity: "warning",
  category: "lock",
  summary: "CREATE TABLE ... PARTITION OF a table that is in use",
  why: `
CREATE TABLE ... PARTITION OF takes an ACCESS EXCLUSIVE lock on the partitioned table. The work is short, but the lock has to wait for every
transaction that has used it, and while it waits all later ones queue behind it. A default partition is locked as well, and
read: a row of the new partition might lie in it.

A table that is made by itself and then attached needs less: ATTACH PARTITION lets others read and write the partitioned table.`,
  instead: "CREATE TABLE ... (LIKE parent INCLUDING ALL), then ALTER TABLE parent ATTACH PARTITION.",
  references: [
    "ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
    "sql-createtable.html#SQL-CREATETABLE-PARTITION",
  ],
  on: ["create table"],

  *check(create, context) {
    const { partitionOf } = create;
    if (partitionOf === null || context.isNew(partitionOf.parent)) return;
    const { fails, uncertain, scans } = context.effects;
    if (fails !== null && uncertain === null) return;
    const parent = context.nameOf(partitionOf.parent);
    const rest = scans.length === 0 ? undefined : defaultOf(partitionOf.parent, context);
    const rewrite = stepsFor(create, partitionOf.parent, rest, context);
    const alsoRead = rest === undefined ? "" : `, and while every row of ${relationSql(rest)} is checked`;
    yield {
      at: create.head,
      message: `Reads and writes of ${parent} wait while the partition is made, and while that waits for older queries${alsoRead}`,
      ...(rewrite === null
        ? {
            advice: `Create the table by itself with the columns of ${parent}, then ALTER TABLE ${parent} ATTACH PARTITION`,
          }
        : { rewrite }),
    };
  },
});

type Partition = NonNullable<CreateTable["partitionOf"]>;

function defaultOf(name: Partition["parent"], context: Context): Table | undefined {
  const parent = context.schema.findTable(name);
  const rest =
    parent === undefined ? undefined : context.schema.usersOf("default partition of", parent.id)[0];
  return rest === undefined ? undefined : context.schema.tableById(rest.id);
}

/** Null where columns of the partition's own, or a foreign table, stand in the way of LIKE. */
function stepsFor(
  create: CreateTable,
  parentName: Partition["parent"],
  rest: Table | undefined,
  context: Context,
): Migration[] | null {
  if (create.columns.length > 0 || create.constraints.length > 0 || create.isForeign) return null;
  const bound = findBound(context.sourceText, parentName.span.end, create.span.end);
  if (bound === null) return null;
  const parent = context.nameOf(parentName);
  const table = context.nameOf(create.table);
  const tail = context.sourceText.slice(bound.span.end, create.span.end).trim();
  // An identity comes from the partitioned table; a partition must not bring its own.
  const made = `${context.text(create.head)} ${table} (LIKE ${parent} INCLUDING ALL EXCLUDING IDENTITY)${tail === "" ? "" : ` ${tail}`};`;
  const step: Migration = {
    title: "Make the table, then attach it: others go on reading and writing",
    sql: `${made}\nALTER TABLE ${parent} ATTACH PARTITION ${table} ${context.text(bound.span)};`,
    transaction: true,
  };
  if (rest === undefined) return [step];
  const condition = boundCondition(context.schema.findTable(parentName)?.partitionBy ?? null, bound);
  if (condition === null)
    return [
      {
        ...step,
        title: `Make the table, then attach it: only ${relationSql(rest)} is kept from others, while it is checked`,
      },
    ];
  const suffix = `not_${create.table.name.name}`;
  const proof: Proof = {
    table: relationSql(rest),
    target: rest,
    condition: `NOT (${condition})`,
    suffix,
  };
  return provenRecipe([proof], step, context);
}

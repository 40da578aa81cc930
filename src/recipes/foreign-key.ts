import type { Table } from "../analysis/entities.ts";
import { hasActionOn } from "../analysis/same-statement.ts";
import type { ForeignKey } from "../model/table.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { alterHead, constraintName, definitionOf, dropsBefore, notValidRecipe } from "./alter-table.ts";
import { relationSql } from "./names.ts";
import { leavesOf } from "./partitions.ts";

/** A foreign key that is first promised, then checked. Before 18 a partitioned table cannot promise: its partitions do. */
export function foreignKeyRecipe(key: ForeignKey, context: Context): Migration[] {
  const { table: statement, schema, version } = context;
  const name = constraintName(key, statement, context);
  const definition = tableForm(key, context);
  const head = alterHead(statement, context);
  const known = schema.findTable(statement.table);
  if (known !== undefined && known.partitionBy !== null && version < 18)
    return onPartitions(known, key, name, definition, context);
  const steps = notValidRecipe(head, name, definition, {
    drops: dropsBefore(key, name, context),
    add: "Check new and changed rows from now on; older rows are not read",
    validate: "Check the older rows while others read and write",
  });
  const [add, ...rest] = steps;
  if (add === undefined || !changesType(key, context)) return steps;
  return [{ ...add, after: "the columns of the key have their new types" }, ...rest];
}

/** Whether the same statement gives one of its columns another type: until then the two sides may not be comparable. */
function changesType(key: ForeignKey, context: Context): boolean {
  return key.columns.some(({ name }) => hasActionOn(context.table, "alter column type", name));
}

/** `FOREIGN KEY (user_id) REFERENCES users (id)`, also where it stood behind a column. */
function tableForm(key: ForeignKey, context: Context): string {
  const definition = definitionOf(key, context);
  if (!/^references\b/i.test(definition)) return definition;
  return `FOREIGN KEY (${key.columns.map((column) => context.text(column.span)).join(", ")}) ${definition}`;
}

function onPartitions(
  parent: Table,
  key: ForeignKey,
  name: string,
  definition: string,
  context: Context,
): Migration[] {
  const head = alterHead(context.table, context);
  const leaves = leavesOf(context.schema, parent);
  if (leaves.length === 0) return [];
  const each = (action: (constraint: string) => string) =>
    leaves.map((leaf) => `ALTER TABLE ${relationSql(leaf)} ${action(name)};`).join("\n");
  return [
    {
      title: "Add it to each partition; older rows are not read",
      sql: each((constraint) => `ADD CONSTRAINT ${constraint} ${definition} NOT VALID`),
      transaction: true,
    },
    {
      title: "Check the older rows while others read and write",
      sql: each((constraint) => `VALIDATE CONSTRAINT ${constraint}`),
      transaction: true,
      after: "the step before is committed",
    },
    {
      title: `Add it to ${quoteName(parent.name)}, which takes over the keys of its partitions and reads no row`,
      sql: `${head} ${dropsBefore(key, name, context)}ADD CONSTRAINT ${name} ${definition};`,
      transaction: true,
      after: "the step before is committed",
    },
  ];
}

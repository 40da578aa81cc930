import type { Column, Table, UserType } from "../analysis/entities.ts";
import type { Expression } from "../model/expression.ts";
import type { AlterEnum } from "../model/statement.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteLiteral, quoteName } from "../sql/names.ts";
import { backfillBatch } from "./backfill.ts";
import { relationSql } from "./names.ts";

/** A value under a new name beside the old one, which the rows leave in batches; it stays in the type, unused. */
export function enumValueRecipe(
  statement: AlterEnum,
  type: UserType | undefined,
  context: Context,
): Migration[] {
  const fresh = quoteLiteral(statement.newName ?? "");
  const old = quoteLiteral(statement.value);
  const written = context.nameOf(statement.type);
  const steps: Migration[] = [
    {
      title: "Add the new value beside the old one",
      sql: `ALTER TYPE ${written} ADD VALUE ${fresh} AFTER ${old};`,
      transaction: true,
      undo: `A value of an enum cannot be taken out again: leave ${fresh} unused.`,
    },
  ];
  if (type === undefined) return steps;
  const uses = context.schema
    .tablesUsingType(type.id)
    .flatMap((table) =>
      table.columns.filter((one) => isOf(one, type, context)).map((column) => ({ table, column })),
    );
  const defaults = uses.filter(({ column }) => isLabel(column.default, statement.value));
  if (defaults.length > 0)
    steps.push({
      title: `Let new rows begin with ${fresh}`,
      sql: defaults
        .map(({ table, column }) => `${alterColumn(table, column)} SET DEFAULT ${fresh};`)
        .join("\n"),
      transaction: true,
      after: `every running version of the application understands ${fresh}`,
    });
  uses.forEach(({ table, column }, index) => {
    const name = quoteName(column.name);
    const step = backfillBatch(
      {
        title: `Change the older rows of ${relationSql(table)}`,
        table: relationSql(table),
        key: keyOfTable(table),
        set: `${name} = ${fresh}`,
        where: `${name} = ${old}`,
      },
      context,
    );
    const after = `no running version of the application writes ${old}`;
    steps.push(index === 0 ? { ...step, after } : step);
  });
  return steps;
}

function isOf(column: Column, type: UserType, context: Context): boolean {
  return (
    column.type !== null &&
    column.type.dimensions === 0 &&
    column.generated === null &&
    context.schema.findType(column.type)?.id === type.id
  );
}

function isLabel(value: Expression | null, label: string): boolean {
  if (value?.kind === "cast") return isLabel(value.argument, label);
  return value?.kind === "constant" && value.type === "string" && value.value === label;
}

function alterColumn(table: Table, column: Column): string {
  return `ALTER TABLE ${relationSql(table)} ALTER COLUMN ${quoteName(column.name)}`;
}

function keyOfTable(table: Table): string {
  const primary = table.constraints.find(({ kind }) => kind === "primary key");
  const [column] = primary?.columns ?? [];
  return primary?.columns.length === 1 && column !== undefined ? quoteName(column) : "ctid";
}

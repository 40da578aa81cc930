import { serialBase, spokenName } from "../model/type-names.ts";
import type { Context, Migration } from "../rule.ts";
import { quoteLiteral, truncateName } from "../sql/names.ts";
import type { AddColumn } from "./add-column.ts";
import { filledColumnRecipe } from "./filled-column.ts";
import { sequenceOptions } from "./identity.ts";
import { freshName } from "./text.ts";

/** A serial or identity column, numbered in batches. */
export function selfFillingRecipe(action: AddColumn, context: Context): Migration[] {
  const { column } = action;
  const { table: statement } = context;
  const name = context.text(column.name.span);
  const table = context.nameOf(statement.table);
  const schema = statement.table.schema === null ? "" : `${context.text(statement.table.schema.span)}.`;
  const isIdentity = column.identity !== null;
  const parts = [statement.table.name.name, column.name.name, isIdentity ? "fill" : "seq"];
  const isTaken = (taken: string) =>
    context.schema.findRelation({ schema: statement.table.schema?.name ?? null, name: taken }) !== undefined;
  const sequence = `${schema}${freshName(parts, isTaken)}`;
  const integer = spokenName(serialBase(column.type) ?? "int8");
  const type = isIdentity && column.type !== null ? context.text(column.type.span) : integer;
  // Its numbers are the ones that the identity would have given.
  const options = column.identity === null ? "" : sequenceOptions(context.text(column.identity.span));
  const next = `nextval(${quoteLiteral(sequence)})`;
  return filledColumnRecipe(
    action,
    {
      title: "Add a plain column whose new rows are numbered by a sequence",
      omission: isIdentity ? { identity: true } : { type },
      before: `CREATE SEQUENCE ${sequence} AS ${type}${options};`,
      behind: [
        `ALTER TABLE ${table} ALTER COLUMN ${name} SET DEFAULT ${next};`,
        ...(isIdentity ? [] : [`ALTER SEQUENCE ${sequence} OWNED BY ${table}.${name};`]),
      ].join("\n"),
      value: next,
      isRequired: true,
      ...(column.identity === null ? {} : { more: [identityStep(table, column, sequence, context)] }),
    },
    context,
  );
}

/** The identity brings a sequence of its own, which goes on where the first one stopped. */
function identityStep(
  table: string,
  { name, identity }: AddColumn["column"],
  sequence: string,
  context: Context,
): Migration {
  const column = context.text(name.span);
  const clause = identity === null ? "" : context.text(identity.span);
  // The function takes the table as SQL, the column as a bare name.
  const bare = quoteLiteral(truncateName(name.name));
  return {
    title: "Make it an identity column: only the catalog changes",
    sql: `ALTER TABLE ${table} ALTER COLUMN ${column} DROP DEFAULT;
ALTER TABLE ${table} ALTER COLUMN ${column} ADD ${clause};
SELECT setval(pg_get_serial_sequence(${quoteLiteral(table)}, ${bare}), nextval(${quoteLiteral(sequence)}));
DROP SEQUENCE ${sequence};`,
    transaction: true,
  };
}

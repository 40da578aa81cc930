import type { Context } from "../rule.ts";
import { quoteName } from "../sql/names.ts";
import { dollarQuote } from "./batch-loop.ts";
import { freshName } from "./text.ts";

/** A trigger that computes a column from the other columns of its row. All parts but `tableName` and `columnName` are SQL. */
export interface SyncTrigger {
  readonly table: string;
  readonly tableName: string;
  readonly column: string;
  readonly columnName: string;
  readonly value: string;
}

/**
 * The statements that make it, a function and a trigger, and those that take it away. Triggers run in the order of their
 * names: this one has to see what the others made of the row.
 */
export function syncTrigger(
  trigger: SyncTrigger,
  context: Context,
): { readonly create: string; readonly drop: string } {
  const { table, tableName, column, value } = trigger;
  const name = freshName([tableName, trigger.columnName, "sync"], isFunction(context));
  const last = freshName(["zz", tableName, trigger.columnName, "sync"]);
  const quote = dollarQuote(value);
  return {
    create: `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS ${quote}
BEGIN
  NEW.${column} := (SELECT ${value} FROM (SELECT NEW.*) AS ${quoteName(tableName)});
  RETURN NEW;
END
${quote};
CREATE TRIGGER ${last} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${name}();`,
    drop: `DROP TRIGGER ${last} ON ${table};\nDROP FUNCTION ${name}();`,
  };
}

/** Whether the history has a function of the name. */
export function isFunction({ schema }: Context): (name: string) => boolean {
  return (name) => schema.findFunctions({ schema: null, name }).length > 0;
}

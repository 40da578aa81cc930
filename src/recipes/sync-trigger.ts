import { quoteName } from "../sql/names.ts";
import { freshName } from "./text.ts";

/** A trigger that computes a column from the other columns of its row. All parts but `tableName` are SQL. */
export interface SyncTrigger {
  readonly table: string;
  readonly tableName: string;
  readonly column: string;
  readonly columnName: string;
  readonly value: string;
}

/** The statements that make it: a function and a trigger of the same name. */
export function syncTrigger(trigger: SyncTrigger): string {
  const { table, tableName, column, value } = trigger;
  const name = freshName([tableName, trigger.columnName, "sync"]);
  return `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.${column} := (SELECT ${value} FROM (SELECT NEW.*) AS ${quoteName(tableName)});
  RETURN NEW;
END
$$;
CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION ${name}();`;
}

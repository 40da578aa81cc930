import type { Action } from "../../model/action.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import { neededTypes } from "./gone-types.ts";
import { failEvident, type Ledger, nameParts } from "./ledger.ts";

/** Types of other databases that PostgreSQL and its extensions do not have, and what it has instead. */
const instead: ReadonlyMap<string, string> = new Map([
  ...["datetime", "datetime2", "smalldatetime"].map((name) => [name, "timestamptz or timestamp"] as const),
  ...["datetimeoffset", "timestampz"].map((name) => [name, "timestamptz"] as const),
  ...["tinytext", "mediumtext", "longtext", "ntext", "clob", "nclob", "string"].map(
    (name) => [name, "text"] as const,
  ),
  ...["blob", "tinyblob", "mediumblob", "longblob", "varbinary"].map((name) => [name, "bytea"] as const),
  ["tinyint", "smallint"],
  ["mediumint", "integer"],
  ["double", "double precision"],
  ["number", "numeric"],
  ["nvarchar", "varchar"],
  ["uniqueidentifier", "uuid"],
]);

/** Refuses `paid_at datetime`: a domain of that name would be the history's, or a server's that somebody told. */
export function refuseForeignTypes(ledger: Ledger, statement: Statement, only: Action | null): void {
  const { schema } = ledger.world;
  // DROP DOMAIN datetime tells that there is one.
  const isAboutType = !statement.kind.startsWith("create ") && statement.kind !== "alter table";
  if (isAboutType || schema.hasGap || schema.hasUnread) return;
  for (const type of neededTypes(statement, only, ledger)) {
    const { schema: own, name } = nameParts(type);
    const known = own === null ? instead.get(name) : undefined;
    if (known === undefined || schema.findType(type) !== undefined) continue;
    failEvident(ledger, "42704", `there is no type ${quoteName(name)}: PostgreSQL has ${known}`);
  }
}

import type { QualifiedName } from "../../model/name.ts";
import type { Statement } from "../../model/statement.ts";
import { quoteName } from "../../sql/names.ts";
import type { Ledger } from "./ledger.ts";
import { fail, findRelation } from "./ledger.ts";

/** The server's own tables: everybody finds them without a schema. */
const catalogs: ReadonlySet<string> = new Set(
  (
    "pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_auth_members pg_authid pg_cast pg_class pg_collation " +
    "pg_constraint pg_conversion pg_database pg_db_role_setting pg_default_acl pg_depend pg_description pg_enum " +
    "pg_event_trigger pg_extension pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_index pg_inherits " +
    "pg_init_privs pg_language pg_largeobject pg_largeobject_metadata pg_namespace pg_opclass pg_operator pg_opfamily " +
    "pg_partitioned_table pg_policy pg_proc pg_publication pg_publication_rel pg_range pg_replication_origin pg_rewrite " +
    "pg_seclabel pg_sequence pg_shdepend pg_shdescription pg_shseclabel pg_statistic pg_statistic_ext pg_subscription " +
    "pg_subscription_rel pg_tablespace pg_transform pg_trigger pg_ts_config pg_ts_config_map pg_ts_dict pg_ts_parser " +
    "pg_ts_template pg_type pg_user_mapping"
  ).split(" "),
);

/** Schemas in which nobody makes relations, and those that none is moved into or out of. */
const closed: ReadonlySet<string> = new Set(["pg_catalog", "pg_toast"]);
const fixed: ReadonlySet<string> = new Set(["pg_toast", "pg_temp"]);

/** Refuses what is done to the server's own tables, and what is made among them. */
export function refuseCatalog(ledger: Ledger, statement: Statement): void {
  for (const name of changed(statement))
    if (isCatalog(ledger, name))
      fail(ledger, "42501", `${quoteName(name.name.name)} is a system catalog, which nobody may change`);
  const schema = made(statement)?.schema?.name;
  if (schema !== undefined && closed.has(schema))
    fail(
      ledger,
      "42501",
      `relations cannot be made in schema ${quoteName(schema)}, which is the server's own`,
    );
  if (statement.kind === "set schema" && relations.has(statement.object) && fixed.has(statement.to.name))
    fail(ledger, "0A000", `relations cannot be moved into schema ${quoteName(statement.to.name)}`);
}

const relations: ReadonlySet<string> = new Set([
  "table",
  "view",
  "materialized view",
  "sequence",
  "foreign table",
]);

function isCatalog({ world }: Ledger, name: QualifiedName): boolean {
  if (!catalogs.has(name.name.name)) return false;
  const schema = name.schema?.name;
  return schema === "pg_catalog" || (schema === undefined && findRelation(world, name) === undefined);
}

function changed(statement: Statement): readonly QualifiedName[] {
  switch (statement.kind) {
    case "alter table":
    case "create index":
    case "create trigger":
    case "create rule":
    case "create policy":
      return [statement.table];
    case "rename":
    case "set schema":
      return relations.has(statement.object) ? [statement.target] : [];
    case "truncate":
      return statement.tables;
    case "drop":
      return relations.has(statement.object) ? statement.names : [];
    default:
      return [];
  }
}

function made(statement: Statement): QualifiedName | null {
  switch (statement.kind) {
    case "create table":
    case "create table as":
      return statement.table;
    case "create view":
      return statement.view;
    case "create sequence":
      return statement.sequence;
    default:
      return null;
  }
}

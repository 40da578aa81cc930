import type { Matcher } from "./matchers.ts";

/** Statements about all other objects, and what belongs to a session. */
export const objectParts: readonly (readonly [string, string | Matcher])[] = [
  [
    "drop",
    "DROP { dropped_relation [ IF EXISTS ] any_name,... | INDEX CONCURRENTLY [ IF EXISTS ] any_name,... | " +
      "{ TYPE | DOMAIN } [ IF EXISTS ] type_name,... | " +
      "{ EXTENSION | SCHEMA | PUBLICATION } [ IF EXISTS ] name,... | " +
      "{ TRIGGER | POLICY | RULE } [ IF EXISTS ] name ON any_name | " +
      "{ FUNCTION | PROCEDURE | ROUTINE } [ IF EXISTS ] signature,... } behavior",
  ],
  [
    "dropped_relation",
    "TABLE | INDEX | VIEW | MATERIALIZED VIEW | SEQUENCE | FOREIGN TABLE | STATISTICS | COLLATION",
  ],
  ["signature", "function_name [ ( [ argument,... ] ) ]"],
  [
    "argument",
    "{ [ mode ] function function_type | function [ mode ] function_type | [ mode ] function_type }",
  ],
  ["mode", "IN OUT | IN | OUT | INOUT | VARIADIC"],
  ["comment", "COMMENT ON commented IS { string | NULL }"],
  [
    "commented",
    "{ COLUMN | TABLE | INDEX | VIEW | MATERIALIZED VIEW | SEQUENCE | FOREIGN TABLE } any_name | " +
      "{ SCHEMA | EXTENSION | DATABASE | ROLE } name | { TYPE | DOMAIN } type_name | { FUNCTION | PROCEDURE } signature | " +
      "{ TRIGGER | POLICY | CONSTRAINT | RULE } name ON any_name",
  ],
  [
    "rename",
    "ALTER { TABLE [ IF EXISTS ] relation { RENAME TO name | RENAME CONSTRAINT name TO name | " +
      "RENAME [ COLUMN ] name TO name } | " +
      "{ INDEX | SEQUENCE } [ IF EXISTS ] any_name RENAME TO name | " +
      "{ VIEW | MATERIALIZED VIEW } [ IF EXISTS ] any_name { RENAME TO name | RENAME [ COLUMN ] name TO name } | " +
      "SCHEMA name RENAME TO name | TYPE any_name RENAME TO name | " +
      "TYPE any_name RENAME ATTRIBUTE name TO name behavior | " +
      "TRIGGER name ON any_name RENAME TO name | POLICY name ON any_name RENAME TO name | " +
      "{ FUNCTION | PROCEDURE } signature RENAME TO name }",
  ],
  [
    "set_schema",
    "ALTER { TABLE [ IF EXISTS ] relation | { SEQUENCE | VIEW | MATERIALIZED VIEW } [ IF EXISTS ] any_name | " +
      "TYPE any_name | EXTENSION name | { FUNCTION | PROCEDURE } signature } SET SCHEMA name",
  ],
  [
    "alter_owner",
    "ALTER { SCHEMA name | TYPE any_name | DOMAIN any_name | { FUNCTION | PROCEDURE } signature } OWNER TO role",
  ],
  ["create_enum", "CREATE TYPE any_name AS ENUM ( [ string,... ] )"],
  ["create_composite", "CREATE TYPE any_name AS ( { name type collate },... )"],
  [
    "alter_enum",
    "ALTER TYPE any_name { ADD VALUE [ IF NOT EXISTS ] string [ { BEFORE | AFTER } string ] | " +
      "RENAME VALUE string TO string }",
  ],
  ["alter_type", "ALTER TYPE any_name type_action,..."],
  [
    "type_action",
    "ADD ATTRIBUTE name type collate behavior | DROP ATTRIBUTE [ IF EXISTS ] name behavior | " +
      "ALTER ATTRIBUTE name [ SET DATA ] TYPE type collate behavior",
  ],
  ["update_extension", "ALTER EXTENSION name UPDATE [ TO { plain | string } ]"],
  [
    "create_function",
    "CREATE [ OR REPLACE ] { PROCEDURE function_name ( [ full_argument,... ] ) | FUNCTION function_name { " +
      "( [ given_argument,... ] ) RETURNS TABLE ( { function function_type },... ) | " +
      "( [ full_argument,... ] ) [ RETURNS function_type ] } } { function_option }*",
  ],
  [
    "given_argument",
    "{ [ IN | VARIADIC ] function function_type | function [ IN | VARIADIC ] function_type | " +
      "[ IN | VARIADIC ] function_type } [ { DEFAULT | = } unheard_expr ]",
  ],
  ["full_argument", "argument [ { DEFAULT | = } unheard_expr ]"],
  [
    "function_option",
    "LANGUAGE { plain | string } | AS string | IMMUTABLE | STABLE | VOLATILE | STRICT | WINDOW | " +
      "CALLED ON NULL INPUT | RETURNS NULL ON NULL INPUT | [ EXTERNAL ] SECURITY { DEFINER | INVOKER } | " +
      "[ NOT ] LEAKPROOF | COST number | ROWS number | PARALLEL name | SET setting",
  ],
  ["alter_function", "ALTER { FUNCTION | PROCEDURE } signature altered_option { altered_option }*"],
  [
    "altered_option",
    "IMMUTABLE | STABLE | VOLATILE | STRICT | [ EXTERNAL ] SECURITY { DEFINER | INVOKER } | " +
      "[ NOT ] LEAKPROOF | COST number | ROWS number | PARALLEL name | SET setting",
  ],
  ["do", "DO { string | LANGUAGE { plain | string } } { string | LANGUAGE { plain | string } }*"],
  [
    "create_trigger",
    "CREATE { [ OR REPLACE ] TRIGGER name { BEFORE | AFTER | INSTEAD OF } trigger_events ON any_name " +
      "[ REFERENCING transition { transition }* ] [ FOR [ EACH ] { ROW | STATEMENT } ] | " +
      "CONSTRAINT TRIGGER name AFTER trigger_events ON any_name [ FROM any_name ] [ deferral ] FOR EACH ROW } " +
      "[ WHEN ( expr ) ] EXECUTE { FUNCTION | PROCEDURE } function_name ( [ trigger_argument,... ] )",
  ],
  ["transition", "{ NEW | OLD } { TABLE | ROW } [ AS ] name"],
  ["trigger_argument", "string | integer | float | label"],
  [
    "create_policy",
    "CREATE POLICY name ON any_name [ AS permissiveness ] " +
      "[ FOR { ALL | SELECT | INSERT | UPDATE | DELETE } ] [ TO role,... ] policy_conditions",
  ],
  ["alter_policy", "ALTER POLICY name ON any_name [ TO role,... ] policy_conditions"],
  ["policy_conditions", "[ USING ( expr ) ] [ WITH CHECK ( expr ) ]"],
  ["grant_role", "GRANT name,... TO role,..."],
  ["grant_privileges", "GRANT privileges ON granted TO role,... [ WITH GRANT OPTION ]"],
  ["revoke_role", "REVOKE name,... FROM role,... behavior"],
  ["revoke_privileges", "REVOKE [ GRANT OPTION FOR ] privileges ON granted FROM role,... behavior"],
  ["privileges", "ALL [ PRIVILEGES ] | { { SELECT | REFERENCES | CREATE | name } [ columns ] },..."],
  [
    "granted",
    "ALL { TABLES | SEQUENCES | FUNCTIONS | PROCEDURES | ROUTINES } IN SCHEMA name,... | " +
      "{ TABLE | SEQUENCE } any_name,... | { SCHEMA | DATABASE } name,... | TYPE any_name,... | " +
      "{ FUNCTION | PROCEDURE } signature,... | any_name,...",
  ],
  [
    "default_privileges",
    "ALTER DEFAULT PRIVILEGES { FOR { ROLE | USER } role,... | IN SCHEMA name,... }* " +
      "{ GRANT privileges ON default_objects TO role,... [ WITH GRANT OPTION ] | " +
      "REVOKE privileges ON default_objects FROM role,... behavior }",
  ],
  ["default_objects", "TABLES | FUNCTIONS | ROUTINES | SEQUENCES | TYPES | SCHEMAS"],
  ["create_extension", "CREATE EXTENSION [ IF NOT EXISTS ] name [ WITH ] { extension_option }*"],
  ["extension_option", "SCHEMA name | VERSION { plain | string } | CASCADE"],
  ["create_schema", "CREATE SCHEMA { IF NOT EXISTS name | name } [ AUTHORIZATION role ]"],
  ["create_sequence", "CREATE [ TEMP | TEMPORARY ] SEQUENCE [ IF NOT EXISTS ] any_name { sequence_option }*"],
  ["alter_sequence", "ALTER SEQUENCE [ IF EXISTS ] any_name sequence_option { sequence_option }*"],
  [
    "create_view",
    "CREATE [ OR REPLACE ] [ TEMP | TEMPORARY ] VIEW any_name [ columns ] [ WITH options ] AS query " +
      "[ WITH [ CASCADED | LOCAL ] CHECK OPTION ]",
  ],
  [
    "create_materialized_view",
    "CREATE MATERIALIZED VIEW [ IF NOT EXISTS ] any_name [ columns ] [ USING name ] [ WITH options ] " +
      "[ TABLESPACE name ] AS query with_data",
  ],
  [
    "create_table_as",
    "CREATE [ TEMP | TEMPORARY | UNLOGGED ] TABLE [ IF NOT EXISTS ] any_name [ columns ] [ USING name ] " +
      "[ WITH options ] [ ON COMMIT { DROP | DELETE ROWS | PRESERVE ROWS } ] [ TABLESPACE name ] AS query with_data",
  ],
  ["with_data", "[ WITH [ NO ] DATA ]"],
  ["refresh", "REFRESH MATERIALIZED VIEW [ CONCURRENTLY ] any_name with_data"],
];

import type { Matcher } from "./matchers.ts";

/**
 * CREATE TABLE, CREATE INDEX and the actions of ALTER TABLE. Attributes of constraints stand here in the order in which
 * people write them: the grammar takes them in any, but not all together.
 */
export const tableParts: readonly (readonly [string, string | Matcher])[] = [
  ["create_table", "CREATE [ TEMP | TEMPORARY | UNLOGGED ] TABLE [ IF NOT EXISTS ] any_name table_body"],
  ["table_body", "partition_body | ( [ table_element,... ] ) [ INHERITS ( any_name,... ) ] table_ending"],
  ["partition_body", "PARTITION OF any_name [ ( partition_element,... ) ] bound table_ending"],
  ["partition_element", "table_constraint | name [ WITH OPTIONS ] column_clauses"],
  [
    "table_ending",
    "[ PARTITION BY strategy ( partition_key,... ) ] [ USING name ] [ WITH options | WITHOUT OIDS ] " +
      "[ ON COMMIT { DROP | DELETE ROWS | PRESERVE ROWS } ] [ TABLESPACE name ]",
  ],
  ["partition_key", "{ call | ( expr ) | name } collate [ any_name ]"],
  ["bound", "DEFAULT | FOR VALUES { IN ( expr,... ) | FROM ( expr,... ) TO ( expr,... ) }"],
  ["table_element", "table_constraint | LIKE any_name { { INCLUDING | EXCLUDING } like_option }* | column"],
  [
    "like_option",
    "ALL | COMMENTS | COMPRESSION | CONSTRAINTS | DEFAULTS | GENERATED | IDENTITY | INDEXES | STATISTICS | STORAGE",
  ],
  ["column", "name type column_clauses"],
  // COLLATE may stand there once.
  ["column_clauses", "{ column_clause }* [ COLLATE any_name { column_clause }* ]"],
  ["column_clause", "CONSTRAINT name column_constraint | column_constraint | attribute"],
  [
    "column_constraint",
    "NOT NULL [ NO INHERIT ] | NULL | DEFAULT bexpr | PRIMARY KEY key_ending | references | " +
      "UNIQUE nulls_distinct key_ending | CHECK ( expr ) [ NO INHERIT ] | " +
      "GENERATED ALWAYS AS ( expr ) [ STORED | VIRTUAL ] | " +
      "GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY [ ( sequence_option { sequence_option }* ) ]",
  ],
  ["attribute", "NOT DEFERRABLE | DEFERRABLE | INITIALLY DEFERRED | INITIALLY IMMEDIATE"],
  ["nulls_distinct", "[ NULLS [ NOT ] DISTINCT ]"],
  ["key_ending", "[ WITH ( { label [ = option_value ] },... ) ] [ USING INDEX TABLESPACE name ]"],
  ["references", "REFERENCES any_name [ columns ] [ MATCH FULL | MATCH SIMPLE ] key_actions"],
  ["key_actions", "[ on_delete [ on_update ] | on_update [ on_delete ] ]"],
  ["on_delete", "ON DELETE { key_action | SET { NULL | DEFAULT } [ columns ] }"],
  ["on_update", "ON UPDATE { key_action | SET { NULL | DEFAULT } }"],
  ["key_action", "CASCADE | RESTRICT | NO ACTION"],
  ["table_constraint", "CONSTRAINT name constraint | constraint"],
  [
    "constraint",
    "PRIMARY KEY key | UNIQUE unique_key | CHECK ( expr ) [ NOT VALID [ NO INHERIT ] | NO INHERIT [ NOT VALID ] ] | " +
      "FOREIGN KEY columns references [ deferral [ NOT VALID ] | NOT VALID [ deferral ] ] | exclusion | " +
      "NOT NULL name [ NOT VALID ] [ NO INHERIT ]",
  ],
  ["key", "columns including key_ending [ deferral ] | USING INDEX name [ deferral ]"],
  ["unique_key", "USING INDEX name [ deferral ] | nulls_distinct columns including key_ending [ deferral ]"],
  ["including", "[ INCLUDE columns ]"],
  [
    "deferral",
    "DEFERRABLE [ INITIALLY { DEFERRED | IMMEDIATE } ] | NOT DEFERRABLE [ INITIALLY IMMEDIATE ] | " +
      "INITIALLY { DEFERRED | IMMEDIATE } [ DEFERRABLE ]",
  ],
  [
    "exclusion",
    "EXCLUDE [ USING name ] ( { index_element WITH any_operator },... ) including key_ending " +
      "[ WHERE ( expr ) ] [ deferral ]",
  ],
  ["index_element", "{ call | ( expr ) | name } collate [ any_name [ options ] ] direction"],
  [
    "create_index",
    "CREATE [ UNIQUE ] INDEX [ CONCURRENTLY ] { IF NOT EXISTS name | name | empty } ON relation [ USING name ] " +
      "( index_element,... ) including nulls_distinct [ WITH options ] [ TABLESPACE name ] [ WHERE expr ]",
  ],
  ["alter_table", "ALTER altered_table alter_action,..."],
  [
    "altered_table",
    "TABLE [ IF EXISTS ] relation | { INDEX | SEQUENCE | VIEW | MATERIALIZED VIEW } [ IF EXISTS ] any_name",
  ],
  [
    "alter_action",
    "ADD add_action | ALTER CONSTRAINT name deferral | ALTER [ COLUMN ] name column_action | " +
      "DROP CONSTRAINT [ IF EXISTS ] name behavior | DROP [ COLUMN ] { IF EXISTS name | name } behavior | " +
      "VALIDATE CONSTRAINT name | OWNER TO role | { ENABLE | DISABLE | FORCE | NO FORCE } ROW LEVEL SECURITY | " +
      "SET set_action | RESET option_names | REPLICA IDENTITY replica_identity | CLUSTER ON name | " +
      "{ DISABLE TRIGGER | ENABLE TRIGGER } { ALL | USER | name } | ENABLE { ALWAYS | REPLICA } TRIGGER name | " +
      "INHERIT any_name | NO INHERIT any_name",
  ],
  ["add_action", "IF NOT EXISTS column | COLUMN [ IF NOT EXISTS ] column | table_constraint | column"],
  [
    "column_action",
    "SET NOT NULL | SET DEFAULT expr | DROP DEFAULT | DROP NOT NULL | DROP IDENTITY [ IF EXISTS ] | " +
      "DROP EXPRESSION [ IF EXISTS ] | [ SET DATA ] TYPE type collate [ USING expr ] | SET STATISTICS [ + | - ] integer | " +
      "SET STORAGE name | SET GENERATED { ALWAYS | BY DEFAULT } | SET EXPRESSION AS ( expr ) | " +
      "RESTART [ [ WITH ] number ] | SET options | RESET option_names | " +
      "ADD GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY [ ( sequence_option { sequence_option }* ) ]",
  ],
  [
    "set_action",
    "options | LOGGED | UNLOGGED | WITHOUT CLUSTER | WITHOUT OIDS | TABLESPACE name | ACCESS METHOD name",
  ],
  ["replica_identity", "FULL | NOTHING | DEFAULT | USING INDEX name"],
  ["attach_partition", "ALTER TABLE [ IF EXISTS ] relation attach_action"],
  [
    "attach_action",
    "ATTACH PARTITION any_name bound | DETACH PARTITION any_name [ CONCURRENTLY | FINALIZE ]",
  ],
  [
    "sequence_option",
    "AS { SMALLINT | INTEGER | INT | BIGINT | type_name } | CACHE number | CYCLE | INCREMENT [ BY ] number | MAXVALUE number | MINVALUE number | " +
      "NO { MAXVALUE | MINVALUE | CYCLE } | OWNED BY any_name | SEQUENCE NAME any_name | START [ WITH ] number | RESTART [ [ WITH ] number ]",
  ],
];

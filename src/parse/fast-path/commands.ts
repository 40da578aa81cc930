import type { Matcher } from "./matchers.ts";

/** Transactions, settings, maintenance and changes of data. */
export const commandParts: readonly (readonly [string, string | Matcher])[] = [
  [
    "transaction",
    "{ BEGIN [ WORK | TRANSACTION ] | START TRANSACTION } [ transaction_mode { [ , ] transaction_mode }* ] | " +
      "{ COMMIT | END | ROLLBACK | ABORT } [ WORK | TRANSACTION ] [ AND [ NO ] CHAIN ] | SAVEPOINT name | " +
      "RELEASE { SAVEPOINT name | name }",
  ],
  ["rollback_to", "ROLLBACK [ WORK | TRANSACTION ] TO { SAVEPOINT name | name }"],
  [
    "transaction_mode",
    "ISOLATION LEVEL { SERIALIZABLE | REPEATABLE READ | READ COMMITTED | READ UNCOMMITTED } | " +
      "READ ONLY | READ WRITE | [ NOT ] DEFERRABLE",
  ],
  ["set", "SET { LOCAL setting | SESSION setting | setting }"],
  [
    "setting",
    "name [ . name ] { TO | = } { DEFAULT | set_value,... } | TIME ZONE { string | LOCAL | DEFAULT } | " +
      "ROLE { plain | string } | SESSION AUTHORIZATION { plain | string }",
  ],
  ["set_value", "number | string | TRUE | FALSE | ON | plain"],
  ["set_constraints", "SET CONSTRAINTS { ALL | any_name,... } { DEFERRED | IMMEDIATE }"],
  ["reset", "RESET { ALL | name [ . name ] }"],
  ["lock", "LOCK [ TABLE ] relation,... [ IN lock_mode MODE ] [ NOWAIT ]"],
  [
    "lock_mode",
    "ACCESS { SHARE | EXCLUSIVE } | ROW { SHARE | EXCLUSIVE } | SHARE [ UPDATE EXCLUSIVE | ROW EXCLUSIVE ] | EXCLUSIVE",
  ],
  ["truncate", "TRUNCATE [ TABLE ] relation,... [ RESTART IDENTITY | CONTINUE IDENTITY ] behavior"],
  [
    "reindex",
    "REINDEX { { INDEX | TABLE } [ CONCURRENTLY ] any_name | SCHEMA [ CONCURRENTLY ] name | " +
      "DATABASE [ CONCURRENTLY ] name }",
  ],
  ["vacuum", "VACUUM [ FULL ] [ FREEZE ] [ VERBOSE ] [ ANALYZE ] [ { any_name [ columns ] },... ]"],
  ["analyze", "ANALYZE [ VERBOSE ] [ { any_name [ columns ] },... ]"],
  ["select", "query"],
  [
    "insert",
    "[ with ] INSERT INTO any_name [ AS name ] insert_source " +
      "[ ON CONFLICT [ conflict_target ] DO { NOTHING | UPDATE SET assignments [ WHERE unheard_expr ] } ] returning",
  ],
  ["insert_source", "DEFAULT VALUES | ( insert_column,... ) [ overriding ] query | [ overriding ] query"],
  ["insert_column", "name"],
  ["overriding", "OVERRIDING { SYSTEM | USER } VALUE"],
  ["conflict_target", "ON CONSTRAINT name | ( unheard_index_element,... ) [ WHERE unheard_expr ]"],
  ["assignments", "assignment,..."],
  ["assignment", "( name,... ) = expr | name = expr"],
  ["returning", "[ RETURNING unheard_targets ]"],
  ["update", "[ with ] UPDATE aliased SET assignments [ FROM sources ] [ WHERE expr ] returning"],
  ["delete", "[ with ] DELETE FROM aliased [ USING sources ] [ WHERE expr ] returning"],
  ["aliased", "relation [ AS name | bare_alias ]"],
];

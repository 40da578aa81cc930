/**
 * What PL/pgSQL calls errors behind WHEN: those that a migration is refused with, those that handlers are written for, and their
 * classes, whose codes end in 000 and which stand for all of theirs.
 */
const conditions: ReadonlyMap<string, string> = new Map(
  `
feature_not_supported 0A000, invalid_grantor 0L000, invalid_grant_operation 0LP01, case_not_found 20000, data_exception 22000,
string_data_right_truncation 22001, numeric_value_out_of_range 22003, invalid_datetime_format 22007,
datetime_field_overflow 22008, division_by_zero 22012, invalid_parameter_value 22023, invalid_text_representation 22P02,
integrity_constraint_violation 23000, not_null_violation 23502, foreign_key_violation 23503, unique_violation 23505,
check_violation 23514, exclusion_violation 23P01, invalid_transaction_state 25000, active_sql_transaction 25001,
no_active_sql_transaction 25P01, dependent_privilege_descriptors_still_exist 2B000, dependent_objects_still_exist 2BP01,
invalid_transaction_termination 2D000, savepoint_exception 3B000, invalid_savepoint_specification 3B001,
invalid_schema_name 3F000, transaction_rollback 40000, serialization_failure 40001, deadlock_detected 40P01,
syntax_error_or_access_rule_violation 42000, insufficient_privilege 42501, syntax_error 42601, invalid_name 42602,
invalid_column_definition 42611, duplicate_column 42701, ambiguous_column 42702, undefined_column 42703,
undefined_object 42704, duplicate_object 42710, duplicate_alias 42712, duplicate_function 42723, ambiguous_function 42725,
grouping_error 42803, datatype_mismatch 42804, wrong_object_type 42809, invalid_foreign_key 42830, cannot_coerce 42846,
undefined_function 42883, generated_always 428C9, reserved_name 42939, undefined_table 42P01, undefined_parameter 42P02,
duplicate_database 42P04, duplicate_schema 42P06, duplicate_table 42P07, invalid_column_reference 42P10,
invalid_function_definition 42P13, invalid_table_definition 42P16, invalid_object_definition 42P17, windowing_error 42P20,
object_not_in_prerequisite_state 55000, object_in_use 55006, lock_not_available 55P03, unsafe_new_enum_value_usage 55P04,
query_canceled 57014, raise_exception P0001, no_data_found P0002, too_many_rows P0003, assert_failure P0004
`
    .trim()
    .split(/,\s+/)
    .map((line) => line.split(" ") as [string, string]),
);

/** What WHEN OTHERS leaves to those further out. */
const uncaught: ReadonlySet<string> = new Set(["57014", "P0004"]);

/** The code of a condition that is raised by its name or by its code; null where nobody can tell. */
export function sqlstateOf(condition: string): string | null {
  const code = conditions.get(condition) ?? condition;
  return /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Whether a handler may wait for an error: by `others`, by the name of a condition, or by the code of SQLSTATE. */
export function mayCatch(condition: string, sqlstate: string): boolean {
  if (condition === "others") return !uncaught.has(sqlstate);
  const code = conditions.get(condition) ?? condition;
  // A name that is none of these may be any.
  if (!/^[0-9A-Z]{5}$/.test(code)) return true;
  return code === sqlstate || (code.endsWith("000") && code.slice(0, 2) === sqlstate.slice(0, 2));
}

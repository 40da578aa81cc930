/** The aggregates of PostgreSQL 12 to 18, from pg_proc; those that are window functions as well stand below. */
const aggregates = new Set(
  `any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg
json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict jsonb_agg
jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict max min
mode percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept regr_r2
regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance
xmlagg`.split(/\s+/),
);

const windowFunctions = new Set(
  `cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`.split(
    " ",
  ),
);

/** Whether PostgreSQL comes with an aggregate of this name. */
export function isAggregate(name: string): boolean {
  return aggregates.has(name);
}

/** Whether PostgreSQL comes with a window function of this name that is no aggregate. */
export function isWindowFunction(name: string): boolean {
  return windowFunctions.has(name);
}

/** Functions that yield rows, in all of their forms. */
const setFunctions = new Set(
  `aclexplode generate_series generate_subscripts json_array_elements json_array_elements_text json_each json_each_text
json_object_keys json_populate_recordset json_to_recordset jsonb_array_elements jsonb_array_elements_text jsonb_each
jsonb_each_text jsonb_object_keys jsonb_path_query jsonb_path_query_tz jsonb_populate_recordset jsonb_to_recordset
regexp_matches regexp_split_to_table string_to_table unnest`.split(/\s+/),
);

export function returnsRows(name: string): boolean {
  return setFunctions.has(name);
}

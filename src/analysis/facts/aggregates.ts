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

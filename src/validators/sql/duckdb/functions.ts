/**
 * The reviewed list for DuckDB 2.0, by family. DuckDB's functions have no signatures to allow by, so a name stands for
 * all its overloads. In none of them is what reads files, the catalog, settings, variables, sequences, secrets or logs,
 * takes SQL or the name of a function or a table as text, writes, waits, or shows another statement.
 */
export const functionFamilies: Readonly<Record<string, string>> = {
  operators: `!~~ !~~* % & && * ** + - ->> -> / // < << <= <> = == != > >= >> @> <@ ^ ^@ | || ~ ~~ ~~* ~~~ ! xor`,
  aggregates: `any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_min
    arg_min_null argmax argmin array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count count_if count_star countif
    covar_pop covar_samp entropy favg first fsum geomean geometric_mean group_concat histogram kahan_sum kurtosis
    kurtosis_pop last list listagg mad max max_by mean median min min_by mode percentile_cont percentile_disc product
    quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy reservoir_quantile sem skewness stddev stddev_pop stddev_samp string_agg sum sumkahan var_pop var_samp variance
    wavg weighted_avg json_group_array json_group_object`,
  windows: `cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank rank_dense
    row_number`,
  numbers: `abs acos acosh add asin asinh atan atan2 atanh bin bit_count cbrt ceil ceiling cos cosh cot degrees divide
    equi_width_bins even exp factorial fdiv floor fmod gamma gcd greatest greatest_common_divisor hex isfinite isinf isnan lcm
    least least_common_multiple lgamma ln log log10 log2 mod multiply nextafter pi pow power radians random round round_even
    roundbankers sign signbit sin sinh sqrt subtract tan tanh to_base to_binary to_hex trunc unbin unhex from_binary from_hex`,
  text: `array_to_string ascii bar base64 bit_length bit_position char_length character_length chr concat concat_ws contains
    damerau_levenshtein decode editdist3 encode ends_with format format_bytes formatreadabledecimalsize formatreadablesize
    from_base64 hamming hash ilike_escape instr jaccard jaro_similarity jaro_winkler_similarity lcase left left_grapheme len
    length length_grapheme levenshtein like_escape lower lpad ltrim md5 mismatches nfc_normalize not_ilike_escape
    not_like_escape octet_length ord overlay position prefix printf regexp_escape regexp_extract regexp_extract_all
    regexp_full_match regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right right_grapheme rpad
    rtrim sha1 sha256 split split_part starts_with str_split str_split_regex string_split string_split_regex string_to_array
    strip_accents strlen strpos substr substring substring_grapheme suffix to_base64 translate trim ucase unicode upper
    url_decode url_encode`,
  dates: `age ago century current_date current_localtime current_localtimestamp current_timestamp date_add date_diff
    date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month
    decade epoch epoch_ms epoch_ns epoch_us era get_current_time get_current_timestamp hour isodow isoyear julian last_day
    localtime localtimestamp make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz
    microsecond millennium millisecond minute month monthname nanosecond normalized_interval now quarter second strftime
    strptime time_bucket timezone timezone_hour timezone_minute to_centuries to_days to_decades to_hours to_microseconds
    to_millennia to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years today
    transaction_timestamp try_strptime week weekday weekofyear year yearweek`,
  lists: `apply array_append array_apply array_cat array_concat array_contains array_cosine_distance array_cosine_similarity
    array_cross_product array_distance array_distinct array_dot_product array_extract array_filter array_grade_up array_has
    array_has_all array_has_any array_indexof array_inner_product array_intersect array_length array_pop_back array_pop_front
    array_position array_prepend array_push_back array_push_front array_reduce array_resize array_reverse array_reverse_sort
    array_select array_slice array_sort array_transform array_unique array_value array_where array_zip element_at filter
    flatten generate_series grade_up list_any_value list_append list_apply list_approx_count_distinct list_avg list_bit_and
    list_bit_or list_bit_xor list_bool_and list_bool_or list_cat list_concat list_contains list_cosine_distance
    list_cosine_similarity list_count list_distance list_distinct list_dot_product list_element list_entropy list_extract
    list_filter list_first list_grade_up list_has list_has_all list_has_any list_histogram list_indexof list_inner_product
    list_intersect list_kurtosis list_last list_mad list_max list_median list_min list_mode list_pack list_position
    list_prepend list_product list_reduce list_resize list_reverse list_reverse_sort list_select list_sem list_skewness
    list_slice list_sort list_stddev_pop list_stddev_samp list_string_agg list_sum list_transform list_unique list_value
    list_var_pop list_var_samp list_where list_zip range reduce unnest`,
  structs: `cardinality map map_concat map_contains map_contains_entry map_contains_value map_entries map_extract
    map_extract_value map_from_entries map_keys map_values row struct_concat struct_contains struct_extract struct_extract_at
    struct_has struct_indexof struct_insert struct_keys struct_pack struct_position struct_update struct_values union_extract
    union_tag union_value`,
  json: `array_to_json from_json from_json_strict json json_array json_array_length json_contains json_deep_merge json_exists
    json_extract json_extract_path json_extract_path_text json_extract_string json_keys json_merge_patch json_normalize
    json_object json_pretty json_quote json_structure json_transform json_transform_strict json_type json_valid json_value
    row_to_json to_json`,
  values: `coalesce constant_or_null enum_code enum_first enum_last enum_range gen_random_uuid grouping if nullif
    pg_size_pretty pg_typeof typeof uuid uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7`,
}

/** The functions that may stand in FROM. */
export const tableFunctions: ReadonlySet<string> = new Set([
  'range',
  'generate_series',
  'unnest',
  'json_each',
  'json_tree',
])

export const functionNames: ReadonlySet<string> = new Set(
  Object.values(functionFamilies).flatMap((names) => names.split(/\s+/)),
)

/** Names of plain types; those that objects of the database could have are not among them. */
export const typeNames: ReadonlySet<string> = new Set(
  `array bigint binary bit bitstring blob bool boolean bpchar bytea char date datetime dec decimal double enum float float4
    float8 guid hugeint int int1 int128 int16 int2 int32 int4 int64 int8 integer integral interval json list logical long map
    nvarchar numeric real row short signed smallint string struct text time timestamp timestamptz timestamp_ms timestamp_ns
    timestamp_s timestamp_us timetz tinyint ubigint uhugeint uint128 uint16 uint32 uint64 uint8 uinteger union usmallint
    utinyint uuid varbinary varchar`.split(/\s+/),
)

/** What other databases call it, for whoever reads the refusal. */
export const foreignFunctions: Readonly<Record<string, string>> = {
  to_char: "strftime(date, '%Y-%m')",
  to_date: "strptime(text, '%Y-%m-%d')::date",
  ifnull: 'coalesce(a, b)',
  isnull: 'coalesce(a, b)',
  nvl: 'coalesce(a, b)',
  getdate: 'now()',
  date_format: "strftime(date, '%Y-%m')",
  array_aggregate: 'list_sum, list_avg, … by name',
  list_aggregate: 'list_sum, list_avg, … by name',
  list_aggr: 'list_sum, list_avg, … by name',
}

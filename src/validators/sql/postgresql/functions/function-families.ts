/**
 * The reviewed list: names of built-in functions a statement may call, by family. What reads files, catalogs, settings,
 * other sessions or statistics, takes SQL as text, takes locks, writes, waits, or talks over the network is in none of
 * them, whatever its volatility says. `selectFunctions` turns the names into signatures of one server version.
 */
export const functionFamilies: Readonly<Record<string, string>> = {
  aggregates: `any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every max min
    mode percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept
    regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance`,
  windows: `cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`,
  numbers: `abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh bit_count cbrt ceil ceiling cos cosd cosh
    cot cotd degrees div erf erfc exp factorial floor gamma gcd lcm lgamma ln log log10 min_scale mod pi pow power radians
    random random_normal round scale sign sin sind sinh sqrt tan tand tanh to_bin to_hex to_oct trim_scale trunc
    width_bucket`,
  text: `ascii bit_length btrim casefold char_length character_length chr concat concat_ws convert_from convert_to crc32
    crc32c decode encode format initcap is_normalized left length like like_escape lower lpad ltrim md5 normalize notlike
    octet_length overlay parse_ident position quote_ident quote_literal quote_nullable regexp_count regexp_instr
    regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr
    repeat replace reverse right rpad rtrim sha224 sha256 sha384 sha512 similar_escape similar_to_escape split_part
    starts_with string_to_array string_to_table strpos substr substring to_ascii translate unistr upper get_bit get_byte
    set_bit set_byte`,
  dates: `age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite justify_days
    justify_hours justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps
    statement_timestamp timeofday timezone to_char to_date to_number to_timestamp transaction_timestamp`,
  conversions: `bit bool bpchar bytea char cidr date float4 float8 int2 int4 int8 interval macaddr macaddr8 money name
    numeric text time timestamp timestamptz timetz varbit varchar`,
  arrays: `array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
    array_positions array_prepend array_remove array_replace array_reverse array_sample array_shuffle array_sort
    array_to_string array_upper cardinality generate_subscripts trim_array unnest`,
  sets: `generate_series`,
  json: `array_to_json json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length
    json_build_array json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object
    json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys
    json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_agg jsonb_agg_strict jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
    jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict
    jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_match
    jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls
    jsonb_to_record jsonb_to_recordset jsonb_typeof row_to_json to_json to_jsonb`,
  ranges: `daterange datemultirange int4range int4multirange int8range int8multirange isempty lower_inc lower_inf
    multirange numrange nummultirange range_merge tsrange tsmultirange tstzrange tstzmultirange upper_inc upper_inf`,
  geometry: `area box center circle diagonal diameter height isclosed ishorizontal isopen isparallel isperp isvertical
    line lseg npoints path pclose point polygon popen radius slope width bound_box`,
  network: `abbrev broadcast family host hostmask inet_merge inet_same_family masklen netmask network set_masklen
    macaddr8_set7bit`,
  search: `array_to_tsvector json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight
    strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank ts_rank_cd tsquery_phrase tsvector_to_array
    websearch_to_tsquery`,
  values: `gen_random_uuid num_nonnulls num_nulls uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7
    enum_first enum_last enum_range`,
  facts: `version pg_typeof pg_size_pretty pg_column_size pg_relation_size pg_table_size pg_indexes_size
    pg_total_relation_size`,
}

/** Every name of every family. */
export const reviewedNames: readonly string[] = Object.values(functionFamilies).flatMap((names) => names.split(/\s+/))

/** The names among them of which some variant returns several rows, or none. */
export const setReturningNames: readonly string[] =
  `generate_series generate_subscripts json_array_elements json_array_elements_text json_each json_each_text
  json_object_keys json_to_recordset jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text
  jsonb_object_keys jsonb_path_query jsonb_to_recordset regexp_matches regexp_split_to_table string_to_table
  unnest`.split(/\s+/)

/** A function as `pg_proc` has it, plus what refers to it. */
export interface ServerFunction {
  readonly name: string
  /** `oidvectortypes(proargtypes)`. */
  readonly arguments: string
  /** Stands behind an operator or a cast: reached without its name. */
  readonly implicit: boolean
}

/** Argument types that name objects or belong to the server's insides. */
const innerTypes =
  /\b(internal|cstring|regclass|regproc|regprocedure|regoper|regoperator|regtype|regrole|regnamespace|regcollation|oid|oidvector|xid|xid8|cid|tid|aclitem|pg_lsn|pg_snapshot|txid_snapshot|xml|pg_ndistinct|pg_dependencies|pg_mcv_list|pg_node_tree|pg_brin_bloom_summary|pg_brin_minmax_multi_summary|refcursor|gtsvector|trigger|event_trigger)\b/

/** Variants of allowed names that take SQL as text, or ask the user or the configuration what they may. */
const deniedSignatures = new Set(['pg_relation_size(regclass, text)', 'ts_rewrite(tsquery, text)'])

/**
 * The allowed signatures of one server version: every overload of a reviewed name without inner argument types, and
 * what stands behind operators and casts on such types. Sorted; the same input gives the same list.
 */
export function selectFunctions(server: readonly ServerFunction[]): Record<string, string[]> {
  const reviewed = new Set(reviewedNames)
  const sized = /^pg_(relation|table|indexes|total_relation)_size$/
  const chosen = server.filter((item) => {
    if (deniedSignatures.has(`${item.name}(${item.arguments})`)) return false
    if (sized.test(item.name)) return reviewed.has(item.name) && item.arguments === 'regclass'
    if (innerTypes.test(item.arguments)) return false
    return reviewed.has(item.name) || (item.implicit && !item.name.startsWith('pg_') && !innerTypes.test(item.name))
  })
  const list: Record<string, string[]> = {}
  for (const item of chosen.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const overloads = (list[item.name] ??= [])
    overloads.push(item.arguments)
    overloads.sort()
  }
  return list
}

/**
 * Reviewed functions that are not immutable and yet the same for an audit and for the statement after it, by reason: both
 * run in one transaction of one session. What is on no list here and is not immutable by the server's catalog may not
 * decide about rows beside aggregate-only columns: clocks that go on within a transaction, sizes of tables, chance, and
 * what reads times from text, of which `now` is one.
 */
const steady: Readonly<Record<string, string>> = {
  'the clock of the transaction': `age now transaction_timestamp`,
  'the time zone of the session': `date date_add date_eq_timestamptz date_ge_timestamptz date_gt_timestamptz
    date_le_timestamptz date_lt_timestamptz date_ne_timestamptz date_part date_subtract date_trunc extract generate_series
    interval_pl_timestamptz make_timestamptz overlaps time timestamp timestamp_eq_timestamptz timestamp_ge_timestamptz
    timestamp_gt_timestamptz timestamp_le_timestamptz timestamp_lt_timestamptz timestamp_ne_timestamptz timestamptz
    timestamptz_eq_date timestamptz_eq_timestamp timestamptz_ge_date timestamptz_ge_timestamp timestamptz_gt_date
    timestamptz_gt_timestamp timestamptz_le_date timestamptz_le_timestamp timestamptz_lt_date timestamptz_lt_timestamp
    timestamptz_mi_interval timestamptz_ne_date timestamptz_ne_timestamp timestamptz_pl_interval timetz timezone`,
  'formats and the locale of the session': `cash_in interval_in money numeric to_char to_date to_number to_timestamp`,
  'how values are written': `anytextcat array_to_json array_to_string concat concat_ws convert_from convert_to enum_first
    enum_in enum_last enum_range format json_build_array json_build_object jsonb_build_array jsonb_build_object length
    quote_literal quote_nullable row_to_json textanycat to_json to_jsonb`,
  'the text search configuration of the session': `json_to_tsvector jsonb_to_tsvector phraseto_tsquery plainto_tsquery
    to_tsquery to_tsvector ts_match_tq ts_match_tt websearch_to_tsquery`,
  // Among the words that are read as a time, only today, tomorrow and yesterday can become a date.
  'days from text': `date_in`,
}

/** Every name of the list. */
export const steadyNames: readonly string[] = Object.values(steady).flatMap((list) => list.split(/\s+/))

const names: ReadonlySet<string> = new Set(steadyNames)

/**
 * The signatures, among those of functions that are not immutable, that may answer differently when they are called
 * again.
 */
export function unsteady(changing: readonly string[]): string[] {
  return changing.filter((signature) => {
    const name = /^pg_catalog\.(.+?)\(/.exec(signature)?.[1]
    return name === undefined || !names.has(name)
  })
}

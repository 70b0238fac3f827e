/** How many arguments a function takes. */
export interface FunctionShape {
  readonly minimum: number
  readonly maximum: number
  /** What its first argument, or the argument of that index, may make large: an integer literal within the budget. */
  readonly length?: number
  readonly kind: 'plain' | 'window' | 'aggregate'
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

const plain: Readonly<Record<string, readonly string[]>> = {
  '0': ['pi', 'now', 'curdate', 'current_date', 'current_timestamp', 'utc_date', 'utc_timestamp'],
  '1': words(`
    abs ceil ceiling floor sqrt exp ln log2 log10 sign degrees radians sin cos tan asin acos crc32
    lower lcase upper ucase length octet_length char_length character_length ltrim rtrim trim
    reverse ascii ord hex isnull date time year month day dayofmonth dayofweek dayofyear weekday
    weekofyear quarter hour minute second microsecond last_day to_days from_days to_seconds dayname
    monthname sec_to_time time_to_sec json_valid json_type json_unquote`),
  '2': words(`
    mod power pow truncate atan2 left right instr strcmp find_in_set ifnull nullif date_format
    str_to_date datediff timediff makedate time_format addtime subtime date_add date_sub adddate
    subdate sha2 period_add period_diff`),
  '3': ['if', 'replace', 'substring_index', 'timestampdiff', 'timestampadd', 'convert_tz'],
  '1-2': [
    'round',
    'log',
    'atan',
    'week',
    'yearweek',
    'from_unixtime',
    'json_length',
    'json_keys',
    'format',
    'timestamp',
  ],
  '0-1': ['unix_timestamp'],
  '2-3': ['substring', 'substr', 'mid', 'locate', 'json_contains'],
  '1-64': ['coalesce', 'concat'],
  '2-64': ['greatest', 'least', 'concat_ws', 'field', 'elt', 'json_extract'],
  '0-64': ['json_object', 'json_array'],
}

const windows: Readonly<Record<string, readonly string[]>> = {
  '0': ['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist'],
  '1': ['ntile', 'first_value', 'last_value'],
  '1-3': ['lag', 'lead'],
  '2': ['nth_value'],
}

function shapes(kind: FunctionShape['kind'], byCount: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(byCount).flatMap(([count, names]) => {
    const [minimum = 0, maximum = minimum] = count.split('-').map(Number)
    return names.map((name): [string, FunctionShape] => [name, { minimum, maximum, kind }])
  })
}

/**
 * Functions that are built into every supported version of both servers, read their arguments only, and tell nothing of
 * the server, its files, its other sessions or other rows. A name that is not here is refused: a server that lacks a
 * function would take its name for a stored one, which the sessions, having no default database, do not find either.
 */
export const reviewedFunctions: ReadonlyMap<string, FunctionShape> = new Map([
  ...shapes('plain', plain),
  ...shapes('window', windows),
  ...shapes('aggregate', { '1': words('stddev stddev_pop stddev_samp var_pop var_samp') }),
  ['repeat', { minimum: 2, maximum: 2, kind: 'plain', length: 1 }],
  ['space', { minimum: 1, maximum: 1, kind: 'plain', length: 0 }],
  ['lpad', { minimum: 3, maximum: 3, kind: 'plain', length: 1 }],
  ['rpad', { minimum: 3, maximum: 3, kind: 'plain', length: 1 }],
])

/** Aggregates that the parser tells from other functions. */
export const aggregates: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max', 'group_concat'])

/** What stands for part of a date. */
export const dateUnits: ReadonlySet<string> = new Set(
  words(`
    microsecond second minute hour day week month quarter year minute_second hour_minute day_hour
    year_month hour_second day_minute day_second`),
)

/** Operators between two values, as the parser names them. XOR and the bits have another precedence in the parser. */
export const binaryOperators: ReadonlySet<string> = new Set(
  words(`
    + - * / % DIV MOD = <> != < <= > >= AND OR LIKE NOT LIKE`),
)

/** Targets of CAST; those in the second list take a length. */
export const castTypes: ReadonlySet<string> = new Set(
  'SIGNED,UNSIGNED,SIGNED INTEGER,UNSIGNED INTEGER,DATE,DATETIME,TIME,CHAR,DECIMAL,DOUBLE'.split(','),
)

/** What a refused name should be written as. */
export const insteadOf: Readonly<Record<string, string>> = {
  convert: 'Write CAST(value AS type).',
  ilike: 'LIKE ignores case here.',
  string_agg: 'Write GROUP_CONCAT(value SEPARATOR …).',
  to_char: 'Write DATE_FORMAT(value, format).',
  date_trunc: "Write DATE_FORMAT(value, '%Y-%m-01').",
  strftime: 'Write DATE_FORMAT(value, format).',
  to_date: 'Write STR_TO_DATE(text, format).',
  any_value: 'Write MIN(value).',
  json_arrayagg: 'Write GROUP_CONCAT(value).',
  json_objectagg: 'Write GROUP_CONCAT(CONCAT(name, value)).',
  regexp_replace: 'Write REPLACE(value, from, to).',
  regexp_like: 'Write LIKE.',
  char: 'Write the text itself.',
  // MySQL 9.6 and later have these in a component of their own.
  md5: 'Write SHA2(value, 256).',
  sha1: 'Write SHA2(value, 256).',
  any: 'Write IN, or EXISTS.',
  all: 'Write NOT EXISTS.',
  some: 'Write IN, or EXISTS.',
}

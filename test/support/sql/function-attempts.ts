/** A value of each type that functions take, and one made of the number `#`; null where there is no such one. */
const samples: Readonly<Record<string, readonly [plain: string, made: string | null] | undefined>> = {
  smallint: ['1::int2', '(# % 9)::int2'],
  integer: ['1', '#::int'],
  bigint: ['1::int8', '#::int8'],
  numeric: ['1.5', '#'],
  real: ['1.5::float4', '#::float4'],
  'double precision': ['1.5::float8', '#::float8'],
  money: ['1.5::money', '#::money'],
  text: ["'a'", '#::text'],
  name: ["'UTF8'::name", null],
  character: ["'a'::bpchar", '#::text::bpchar'],
  boolean: ['true', '(# > 50)'],
  date: ["date '2020-01-01'", "(date '2020-01-01' + #::int % 999)"],
  interval: ["interval '1 day'", "(# * interval '1 second')"],
  'timestamp without time zone': ["timestamp '2020-01-01'", "(timestamp '2020-01-01' + # * interval '1 second')"],
  'timestamp with time zone': ["timestamptz '2020-01-01'", 'to_timestamp(#::float8)'],
  'time without time zone': ["time '12:00'", null],
  json: [`'{"a": 1}'::json`, 'to_json(#)'],
  jsonb: [`'{"a": 1}'::jsonb`, 'to_jsonb(#)'],
  jsonpath: ["'$'::jsonpath", null],
  bytea: ["'a'::bytea", "convert_to(#::text, 'UTF8')"],
  bit: ["B'101'", '#::int8::bit(40)'],
  'bit varying': ["B'101'::varbit", '#::int8::bit(40)::varbit'],
  inet: ["inet '10.0.0.1'", "(inet '10.0.0.0' + #::int8 % 99999)"],
  uuid: ["'00000000-0000-4000-8000-000000000000'::uuid", null],
  tsvector: ["'a'::tsvector", 'to_tsvector(#::text)'],
  tsquery: ["'a'::tsquery", 'plainto_tsquery(#::text)'],
  'text[]': ["'{a,b}'::text[]", 'ARRAY[#::text]'],
  'integer[]': ["'{1,2}'::int[]", 'ARRAY[#::int]'],
  'double precision[]': ["'{0.5}'::float8[]", null],
  anyelement: ['1', '#'],
  anynonarray: ['1', '#'],
  anycompatible: ['1', '#'],
  '"any"': ['1', '#'],
  anyarray: ["'{1,2}'::int[]", 'ARRAY[#]'],
  anycompatiblearray: ["'{1,2}'::int[]", 'ARRAY[#]'],
  anyrange: ["'[1,9)'::int4range", 'numrange(#, NULL)'],
  record: ['ROW(1, 2)', 'ROW(#, 2)'],
  point: ["'(1,2)'::point", 'point(#::float8, 1)'],
}

/** A function of the allow list: name and argument types as the catalog writes them. */
export interface Signature {
  readonly name: string
  readonly types: readonly string[]
  readonly returnsSet: boolean
}

/** A call with samples for its arguments; with `value`, made of it wherever the type lets it. Null where a type has no sample. */
export function callOf({ name, types }: Signature, value: string | null): string | null {
  const args = types.map((type) => {
    const sample = samples[type]
    if (sample === undefined) return null
    return value === null ? sample[0] : (sample[1]?.replaceAll('#', value) ?? sample[0])
  })
  if (args.includes(null)) return null
  return value !== null && !args.some((arg) => arg?.includes(value) === true) ? null : `${name}(${args.join(', ')})`
}

/**
 * Every way in which a function could get the rest of everybody but one past an audit: around the sum, of the sum in FROM,
 * beside it, in its groups, over the column itself, and choosing that one row.
 */
export function attemptsWith(signature: Signature, target: number): string[] {
  const rest = `FROM staff WHERE id <> ${target}`
  const around = callOf(signature, 'sum(pay)')
  const within = callOf(signature, 'q.s')
  const inside = callOf(signature, 'pay')
  const plain = callOf(signature, null)
  const column = callOf(signature, 'id')
  return [
    ...(around === null
      ? []
      : [
          `SELECT ${around} ${rest}`,
          `SELECT level FROM staff WHERE id <> ${target} GROUP BY level HAVING ${around} IS NOT NULL OR level > 0`,
        ]),
    ...(around === null
      ? []
      : [
          `SELECT CASE WHEN sum(pay) > 1 THEN ${around} END ${rest}`.replace(
            /CASE WHEN (.*) THEN (.*) END/,
            signature.returnsSet ? '$2' : 'CASE WHEN $1 THEN $2 END',
          ),
        ]),
    ...(within === null ? [] : [`SELECT x FROM (SELECT sum(pay) AS s ${rest}) q, LATERAL (SELECT ${within} AS x) l`]),
    ...(inside === null ? [] : [`SELECT ${inside} FROM staff WHERE id = ${target}`]),
    ...(plain === null ? [] : [`SELECT ${plain}, sum(pay) ${rest}`, `SELECT sum(pay) ${rest} GROUP BY ${plain}`]),
    ...(column === null ? [] : [`SELECT ${column} AS level, sum(pay) ${rest} GROUP BY level`]),
    ...(plain === null
      ? []
      : [`SELECT sum(pay) FROM staff WHERE id <> ${target} OR ascii(right((${plain})::text, 1)) % 2 = 0`]),
  ]
}

import postgresql14 from './postgresql-14.json' with { type: 'json' }
import postgresql15 from './postgresql-15.json' with { type: 'json' }
import postgresql16 from './postgresql-16.json' with { type: 'json' }
import postgresql17 from './postgresql-17.json' with { type: 'json' }
import postgresql18 from './postgresql-18.json' with { type: 'json' }

type FunctionList = Readonly<Record<string, readonly string[] | undefined>>

const lists: Readonly<Record<number, FunctionList | undefined>> = {
  14: postgresql14,
  15: postgresql15,
  16: postgresql16,
  17: postgresql17,
  18: postgresql18,
}

/** Readers of the text form of plain types: what stands behind `value::type` where no cast function does. */
const textReaders =
  `boolin int2in int4in int8in float4in float8in numeric_in cash_in textin varcharin bpcharin charin namein
  byteain bit_in varbit_in date_in time_in timetz_in timestamp_in timestamptz_in interval_in uuid_in json_in jsonb_in
  jsonpath_in inet_in cidr_in macaddr_in macaddr8_in point_in line_in lseg_in box_in path_in poly_in circle_in range_in
  multirange_in tsvectorin tsqueryin array_in enum_in domain_in`.split(/\s+/)

/** Major versions whose functions were reviewed. */
export const reviewedMajors: readonly number[] = Object.keys(lists).map(Number)

/**
 * Allowed built-in functions of a major version: argument types by name. A version that was not reviewed gets an empty
 * list, so every call is refused.
 */
export function builtInFunctions(major: number): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(Object.entries(lists[major] ?? {}).map(([name, overloads]) => [name, new Set(overloads)]))
}

/** Types of the order and of the distance in `RANGE BETWEEN … PRECEDING AND …`, each compared by a function of its own. */
const frameTypes: readonly (readonly [order: string, distance: string])[] = [
  ...['smallint', 'integer'].flatMap((type) =>
    ['smallint', 'integer', 'bigint'].map((distance) => [type, distance] as const),
  ),
  ['bigint', 'bigint'],
  ['real', 'double precision'],
  ['double precision', 'double precision'],
  ['numeric', 'numeric'],
  ...['date', 'interval', 'time', 'timestamp'].flatMap((type) =>
    (type.startsWith('time') ? [`${type} without time zone`, `${type} with time zone`] : [type]).map(
      (full) => [full, 'interval'] as const,
    ),
  ),
]

/** Allowed signatures that no statement can call by name: sampling methods, window frames and readers of text forms. */
export const implicitSignatures: ReadonlySet<string> = new Set([
  'pg_catalog.bernoulli(internal)',
  'pg_catalog.system(internal)',
  ...frameTypes.map(([order, distance]) => `pg_catalog.in_range(${order}, ${order}, ${distance}, boolean, boolean)`),
  ...textReaders.flatMap((name) => [
    `pg_catalog.${name}(cstring)`,
    `pg_catalog.${name}(cstring, oid, integer)`,
    `pg_catalog.${name}(cstring, oid)`,
  ]),
])

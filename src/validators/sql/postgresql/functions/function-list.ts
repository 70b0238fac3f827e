import functions from './functions.json' with { type: 'json' }

/** Argument types of one overload, with the major versions that have it where those are not all. */
type Overload = string | { readonly types: string; readonly since?: number; readonly until?: number }

const listed: Readonly<Record<string, readonly Overload[]>> = functions

/** Readers of the text form of plain types: what stands behind `value::type` where no cast function does. */
const textReaders =
  `boolin int2in int4in int8in float4in float8in numeric_in cash_in textin varcharin bpcharin charin namein
  byteain bit_in varbit_in date_in time_in timetz_in timestamp_in timestamptz_in interval_in uuid_in json_in jsonb_in
  jsonpath_in inet_in cidr_in macaddr_in macaddr8_in point_in line_in lseg_in box_in path_in poly_in circle_in range_in
  multirange_in tsvectorin tsqueryin array_in enum_in domain_in`.split(/\s+/)

/** Major versions whose functions were reviewed. */
export const reviewedMajors: readonly number[] = [14, 15, 16, 17, 18]

/**
 * Allowed built-in functions of a major version: argument types by name. A version that was not reviewed gets an empty
 * list, so every call is refused.
 */
export function builtInFunctions(major: number): ReadonlyMap<string, ReadonlySet<string>> {
  if (!reviewedMajors.includes(major)) return new Map()
  const found = Object.entries(listed).map(([name, overloads]) => {
    const types = overloads.filter((overload) => isIn(overload, major)).map(typesOf)
    return [name, new Set(types)] as const
  })
  return new Map(found.filter(([, types]) => types.size > 0))
}

function isIn(overload: Overload, major: number): boolean {
  if (typeof overload === 'string') return true
  return major >= (overload.since ?? 0) && major <= (overload.until ?? Infinity)
}

function typesOf(overload: Overload): string {
  return typeof overload === 'string' ? overload : overload.types
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

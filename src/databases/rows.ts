import type { JsonValue } from '../core/json.ts'
import type { QueryLimits, QueryResult, ResultColumn } from './database.ts'
import type { RawField, RawResult, ReadCaps, Session } from './session.ts'
import { readOwnTypes } from './value-types.ts'
import { toJsonValue, type ValueType } from './values.ts'

interface DescribedField {
  readonly column: ResultColumn
  readonly type: ValueType
}

const describeStatement = `
  SELECT pg_catalog.format_type(t.oid, f.modifier), t.typname, t.typdelim, e.typname, e.typdelim,
         n.nspname, c.relname, a.attname, e.oid
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[]),
                  pg_catalog.unnest($3::pg_catalog.oid[]), pg_catalog.unnest($4::pg_catalog.int2[]))
       WITH ORDINALITY AS f(type, modifier, relation, number, position)
  LEFT JOIN pg_catalog.pg_type t ON t.oid = f.type
  LEFT JOIN pg_catalog.pg_type e
         ON e.oid = t.typelem AND t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc
  LEFT JOIN pg_catalog.pg_class c ON c.oid = f.relation
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = f.relation AND a.attnum = f.number
  ORDER BY f.position`

/** Types and origins of a result's columns, asked of the server's catalog in the same transaction. */
export async function describeFields(session: Session, fields: readonly RawField[]): Promise<DescribedField[]> {
  if (fields.length === 0) return []
  const list = (values: readonly number[]): string => `{${values.join(',')}}`
  const { rows } = await session.run(describeStatement, [
    list(fields.map((field) => field.typeOid)),
    list(fields.map((field) => field.typeModifier)),
    list(fields.map((field) => field.tableOid)),
    list(fields.map((field) => field.columnNumber)),
  ])
  const own = await readOwnTypes(
    session,
    fields.map(({ typeOid }, index) => ({ typeOid, elementOid: Number(rows[index]?.[8] ?? 0) })),
  )
  return fields.map((field, index) => {
    const [printed, name, delimiter, elementName, elementDelimiter, schema, relation, column] = rows[index] ?? []
    const element = elementName ? { name: elementName, element: null, delimiter: elementDelimiter ?? ',' } : null
    return {
      column: {
        name: field.name,
        type: printed ?? 'unknown',
        origin: schema && relation && column ? { relation: `${schema}.${relation}`, column } : null,
      },
      type: own.get(field.typeOid) ?? {
        name: name ?? 'unknown',
        element,
        delimiter: element?.delimiter ?? delimiter ?? ',',
      },
    }
  })
}

type Rows = Pick<QueryResult, 'columns' | 'rows' | 'truncated'>

export interface RowLimits extends QueryLimits {
  /** Columns by position that are masked later: how long their values are counts for nothing here. */
  readonly hidden?: readonly number[]
}

/**
 * A raw result as JSON rows within the limits. `raw` holds one row more than allowed where there are more. Hidden values
 * count as nulls, which no mask is shorter than: the rows are cut to the byte after they were masked.
 */
export function toRows(raw: RawResult, described: readonly DescribedField[], limits: RowLimits): Rows {
  const rows: JsonValue[][] = []
  const columns = described.map((field) => field.column)
  let bytes = 0
  for (const rawRow of raw.rows) {
    if (rows.length === limits.maximumRows) return { columns, rows, truncated: 'rows' }
    const row = described.map((field, index) => toJsonValue(rawRow[index] ?? null, field.type))
    bytes += rowBytes(row, limits.hidden)
    if (bytes > limits.maximumBytes) return { columns, rows, truncated: 'bytes' }
    rows.push(row)
  }
  if (raw.isCut !== true) return { columns, rows, truncated: null }
  return { columns, rows, truncated: rows.length === limits.maximumRows ? 'rows' : 'bytes' }
}

/** Bytes of a row as JSON; hidden values count as nulls. */
export function rowBytes(row: readonly JsonValue[], hidden: readonly number[] = []): number {
  const seen = hidden.length === 0 ? row : row.map((value, position) => (hidden.includes(position) ? null : value))
  return Buffer.byteLength(JSON.stringify(seen))
}

/** Caps for reading so that `toRows` can tell exactly what was cut: one row more, and text that is sure to be enough. */
export function readCaps(limits: RowLimits): ReadCaps {
  // Text is at most twice its JSON (bytea in hex against base64), but for `t`, `f` and the separators it is shorter.
  return { rows: limits.maximumRows + 1, bytes: limits.maximumBytes * 2, hidden: limits.hidden ?? [] }
}

import { createHmac } from 'node:crypto'
import { ServiceError } from '../core/errors.ts'
import type { JsonValue } from '../core/json.ts'
import type { Vetted } from '../core/vetted.ts'
import type { QueryResult } from './database.ts'
import { rowBytes } from './rows.ts'

type Mask = NonNullable<Vetted<'sql'>['masks']>[number]
type Masker = (value: JsonValue, key: Uint8Array) => JsonValue

/**
 * How a value leaves, by the name of its mask. What a mask cannot read becomes null: a value nobody expected is not
 * shown. `hash` is keyed, so that values cannot be guessed by hashing candidates, and equal values stay equal.
 */
const maskers: Readonly<Record<string, Masker>> = {
  null: () => null,
  hash: (value, key) => createHmac('sha256', key).update(JSON.stringify(value)).digest('hex').slice(0, 16),
  partial: (value) => {
    const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
    if (text === null) return null
    const characters = Array.from(text)
    return characters.length < 8 ? '•••' : `•••${characters.slice(-4).join('')}`
  },
  bucket: (value) => {
    const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN
    if (!Number.isFinite(number)) return null
    const width = 10 ** Math.max(1, Math.floor(Math.log10(Math.abs(number) || 1)))
    const low = Math.floor(number / width) * width
    return `${low} to below ${low + width}`
  },
  year: (value) => datePart(value, /^[+-]?\d{4,}(?=-\d\d-\d\d)/),
  month: (value) => datePart(value, /^[+-]?\d{4,}-\d\d(?=-\d\d)/),
}

function datePart(value: JsonValue, pattern: RegExp): JsonValue {
  return typeof value === 'string' ? (pattern.exec(value)?.[0] ?? null) : null
}

/** Output columns that are masked by position: even the length of their values is hidden. */
export function hiddenPositions({ masks = [] }: Vetted<'sql'>): readonly number[] {
  return masks.map(({ position }) => position)
}

/** The first rows that together take at most so many bytes as JSON. Masked values count as they leave. */
export function withinBytes(result: QueryResult, maximumBytes: number): QueryResult {
  let bytes = 0
  const end = result.rows.findIndex((row) => (bytes += rowBytes(row)) > maximumBytes)
  return end < 0 ? result : { ...result, rows: result.rows.slice(0, end), truncated: 'bytes' }
}

/**
 * The result with every masked column masked: those the gate planned by position, and, whatever the plan says, every
 * column that the database itself reports to come from a masked table column. Throws where a mask has no rule.
 */
export function maskResult(result: QueryResult, statement: Vetted<'sql'>, key: Uint8Array): QueryResult {
  checkOrigins(result, statement)
  const masks = statement.masks ?? []
  if (masks.length === 0) return result
  const byColumn = result.columns.map((column, position) => maskFor(column.origin, position, masks))
  if (masks.some((mask) => mask.position >= result.columns.length)) {
    throw new ServiceError('internal', 'a masked column is not among those the database returned')
  }
  const rows = result.rows.map((row) =>
    row.map((value, position) => {
      const masker = byColumn[position] ?? null
      return masker === null || value === null ? value : masker(value, key)
    }),
  )
  const columns = result.columns.map((column, position) =>
    byColumn[position] === null ? column : { ...column, type: 'text' },
  )
  return { ...result, columns, rows }
}

/**
 * A column that comes from where the gate resolved nothing means that what ran is not what was vetted: nothing of it
 * leaves.
 */
function checkOrigins(result: QueryResult, statement: Vetted<'sql'>): void {
  const stranger = result.columns.find(
    ({ origin }) => origin !== null && !statement.columns.includes(`${origin.relation}.${origin.column}`),
  )
  if (stranger === undefined) return
  throw new ServiceError('internal', 'the database returned a column that was not resolved; the result is withheld')
}

function maskFor(
  origin: QueryResult['columns'][number]['origin'],
  position: number,
  masks: readonly Mask[],
): Masker | null {
  const mask = masks.find(
    (candidate) =>
      candidate.position === position ||
      (origin !== null && origin.relation === candidate.relation && origin.column === candidate.column),
  )
  if (mask === undefined) return null
  const masker = Object.hasOwn(maskers, mask.how) ? maskers[mask.how] : undefined
  if (masker === undefined) throw new ServiceError('internal', `there is no mask "${mask.how}"`)
  return masker
}

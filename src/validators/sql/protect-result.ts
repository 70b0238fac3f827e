import { createHmac } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { Secret } from '../../core/secret.ts'
import type { Vetted } from '../../core/vetted.ts'

interface Result {
  readonly columns: readonly {
    readonly name: string
    readonly origin: { readonly relation: string; readonly column: string } | null
  }[]
  readonly rows: readonly (readonly JsonValue[])[]
}

/**
 * The rows as they may leave: values of masked columns replaced, by position and by the table column the database says
 * a value comes from. Fails closed: a value from a column that was not resolved when the statement was vetted is an
 * `internal` fault, and nothing of the result leaves. `key` keys the hashes, so that equal values stay equal within
 * one deployment and cannot be looked up in a table of hashes.
 */
export function protectRows(result: Result, vetted: Vetted<'sql'>, key: Secret): JsonValue[][] {
  const stranger = result.columns.find(({ origin }) => {
    return origin !== null && !vetted.columns.includes(`${origin.relation}.${origin.column}`)
  })
  if (stranger !== undefined) {
    throw new ServiceError('internal', 'The database returned a column that was not resolved; the result is withheld.')
  }
  const masks = vetted.masks ?? []
  const how = result.columns.map(({ origin }, position) => {
    const mask =
      masks.find((mask) => mask.position === position) ??
      masks.find((mask) => mask.relation === origin?.relation && mask.column === origin.column)
    return mask?.how ?? null
  })
  if (how.every((kind) => kind === null)) return result.rows.map((row) => [...row])
  return result.rows.map((row) =>
    row.map((value, index) => {
      const kind = how[index] ?? null
      return kind === null ? value : maskValue(value, kind, key)
    }),
  )
}

/** An unknown kind of mask hides the whole value. Null stays null. */
export function maskValue(value: JsonValue, how: string, key: Secret): JsonValue {
  if (value === null) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  switch (how) {
    case 'hash':
      return createHmac('sha256', key.reveal()).update(text).digest('hex').slice(0, 16)
    case 'partial':
      return partial(text)
    case 'bucket':
      return bucket(Number(text))
    case 'year':
      return /^-?\d{4}/.exec(text)?.[0] ?? null
    case 'month':
      return /^-?\d{4}-\d{2}/.exec(text)?.[0] ?? null
    default:
      return null
  }
}

/** `a***@example.com`; else the last four characters of a text of at least eight. */
function partial(text: string): string {
  const at = text.lastIndexOf('@')
  if (at > 0) return `${text.slice(0, 1)}***${text.slice(at)}`
  const characters = Array.from(text)
  return characters.length < 8 ? '***' : `***${characters.slice(-4).join('')}`
}

/** The range of one leading digit a number lies in: 4711 is in `4000–5000`. */
function bucket(value: number): string | null {
  if (!Number.isFinite(value)) return null
  if (value === 0) return '0–1'
  const width = 10 ** Math.floor(Math.log10(Math.abs(value)))
  const low = Math.floor(value / width) * width
  const tidy = (bound: number): number => Number(bound.toPrecision(12))
  return `${tidy(low)}–${tidy(low + width)}`
}

import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import type { FilterPart } from '../../filters/filter.ts'
import type { Screener } from './screener.ts'

/** Deeper than any figure or record is: what lies below is withheld, so that no value recurses the checks to death. */
const maximumDepth = 48

/** The text of a value that a detector can see something in; a number of few digits holds nothing. */
function textOf(value: JsonValue): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) >= 1_000_000) return String(value)
  return null
}

type Visit = (text: string, label: string | undefined) => string

/** A copy of `value` with every text, key and long number passed through `visit`. */
function walk(
  value: JsonValue,
  visit: Visit,
  at: { readonly label: string | undefined; readonly depth: number },
): JsonValue {
  const text = textOf(value)
  if (text !== null) {
    const seen = visit(text, at.label)
    return seen === text ? value : seen
  }
  if (typeof value !== 'object' || value === null) return value
  if (at.depth >= maximumDepth) return '[withheld]'
  const depth = at.depth + 1
  if (Array.isArray(value)) return value.map((item: JsonValue) => walk(item, visit, { label: at.label, depth }))
  const copy: [string, JsonValue][] = Object.entries(value).map(([key, item]) => [
    visit(key, undefined),
    walk(item, visit, { label: key, depth }),
  ])
  return Object.fromEntries(copy)
}

/** Values of any shape, screened together. */
export async function screenValues(
  values: readonly JsonValue[],
  screener: Screener,
  { label, signal }: { readonly label?: string; readonly signal: AbortSignal },
): Promise<readonly JsonValue[]> {
  const places = new Map<string, number>()
  const parts: FilterPart[] = []
  const keyOf = (text: string, name: string | undefined) => `${name ?? ''}\u0000${text}`
  const collect: Visit = (text, name) => {
    const key = keyOf(text, name)
    if (!places.has(key)) {
      places.set(key, parts.length)
      parts.push(name === undefined ? { text, provenance: 'row' } : { text, provenance: 'row', label: name })
    }
    return text
  }
  for (const value of values) walk(value, collect, { label, depth: 0 })
  if (parts.length === 0) return values
  const screened = await screener.texts(parts, signal)
  if (screened.every((text, index) => text === parts[index]?.text) && !values.some(isDeep)) return values
  const replace: Visit = (text, name) => screened[places.get(keyOf(text, name)) ?? -1] ?? '[withheld]'
  return values.map((value) => walk(value, replace, { label, depth: 0 }))
}

function isDeep(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null
}

export async function screenJson(value: JsonValue, screener: Screener, signal: AbortSignal): Promise<JsonValue> {
  const [screened = null] = await screenValues([value], screener, { signal })
  return screened
}

/** Every cell and every column name; equal cells of a column are looked at once. */
export async function screenTable(table: TableData, screener: Screener, signal: AbortSignal): Promise<TableData> {
  const names = await screener.texts(
    table.columns.map((column) => ({ text: column.name, provenance: 'row' })),
    signal,
  )
  const rows = table.rows.map((row) => [...row])
  const width = Math.max(table.columns.length, ...rows.slice(0, 1).map((row) => row.length))
  for (let index = 0; index < width; index += 1) {
    const label = table.columns[index]?.name
    const cells = rows.map((row) => row[index] ?? null)
    const screened = await screenValues(cells, screener, label === undefined ? { signal } : { label, signal })
    if (screened === cells) continue
    for (const [place, row] of rows.entries()) if (index < row.length) row[index] = screened[place] ?? null
  }
  const columns = table.columns.map((column, index) => ({ name: names[index] ?? '', type: column.type }))
  return { columns, rows, totalRows: table.totalRows }
}

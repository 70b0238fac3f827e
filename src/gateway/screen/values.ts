import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import type { Screener, ScreenedPart } from './screener.ts'

/** Deeper than any figure or record is: what lies below is withheld, so that no value recurses the checks to death. */
const maximumDepth = 48
/** Cells and characters that are looked at before other work gets its turn. */
const blockCells = 1_024
const blockCharacters = 32_768
/** A number of so many digits may be one with a check digit by chance: the values around it say. */
const checkedNumber = /^[\d -]{12,24}$/
const siblingsAround = 3

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

/** A value of a table or a record, with what stands beside it. */
interface Cell {
  readonly value: JsonValue
  readonly label?: string
  readonly place?: ScreenedPart['place']
  readonly siblings?: () => readonly string[]
}

/** No two of different labels or texts have the same, whatever characters these hold. */
const keyOf = (text: string, label = '') => `${label.length} ${label}${text}`

function isDeep(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null
}

/** Values of any shape, screened together; equal ones under the same label are looked at once. */
async function screenCells(
  cells: readonly Cell[],
  screener: Screener,
  signal: AbortSignal,
): Promise<readonly JsonValue[]> {
  const places = new Map<string, number>()
  const parts: ScreenedPart[] = []
  for (const { value, label, place, siblings } of cells) {
    const collect: Visit = (text, name) => {
      const key = keyOf(text, name)
      if (places.has(key)) return text
      places.set(key, parts.length)
      parts.push({
        text,
        provenance: 'row',
        ...(name === undefined ? {} : { label: name }),
        ...(place === undefined ? {} : { place }),
        ...(siblings === undefined || !checkedNumber.test(text) ? {} : { siblings: siblings() }),
      })
      return text
    }
    walk(value, collect, { label, depth: 0 })
  }
  const values = cells.map((cell) => cell.value)
  const screened = await screener.texts(parts, signal)
  await screener.turn()
  if (screened.every((text, index) => text === parts[index]?.text) && !values.some(isDeep)) return values
  const replace: Visit = (text, name) => screened[places.get(keyOf(text, name)) ?? -1] ?? '[withheld]'
  return cells.map(({ value, label }) => walk(value, replace, { label, depth: 0 }))
}

export async function screenJson(value: JsonValue, screener: Screener, signal: AbortSignal): Promise<JsonValue> {
  const [screened = null] = await screenCells([{ value }], screener, signal)
  return screened
}

/** Other texts of the column near the row. */
function siblingsIn(rows: TableData['rows'], row: number, column: number): readonly string[] {
  const near = rows.slice(Math.max(0, row - siblingsAround), row + siblingsAround + 1)
  const own = row - Math.max(0, row - siblingsAround)
  return near.flatMap((cells, index) => {
    const text = index === own ? null : textOf(cells[column] ?? null)
    return text === null ? [] : [text]
  })
}

/** Rows from `from` on, as many as are looked at in one go, one at least. */
function blockFrom(rows: TableData['rows'], from: number): TableData['rows'] {
  let cells = 0
  let characters = 0
  let end = from
  while (end < rows.length && cells < blockCells && characters < blockCharacters) {
    const row = rows[end] ?? []
    for (const cell of row) if (typeof cell === 'string') characters += cell.length
    cells += row.length
    end += 1
  }
  return rows.slice(from, end)
}

/** Every cell and every column name. Works through the rows in blocks, so that other callers get their turn. */
export async function screenTable(table: TableData, screener: Screener, signal: AbortSignal): Promise<TableData> {
  const names = await screener.texts(
    table.columns.map((column) => ({ text: column.name, provenance: 'row' })),
    signal,
  )
  const rows: (readonly JsonValue[])[] = []
  const replaced = new Set<number>()
  for (let from = rows.length; from < table.rows.length; from = rows.length) {
    await screener.turn()
    const block = blockFrom(table.rows, from)
    const cells = block.flatMap((row, offset) =>
      row.map((value, column): Cell => {
        const label = table.columns[column]?.name
        return {
          value,
          ...(label === undefined ? {} : { label }),
          place: { line: from + offset + 1, column: column + 1 },
          siblings: () => siblingsIn(table.rows, from + offset, column),
        }
      }),
    )
    const screened = await screenCells(cells, screener, signal)
    let at = 0
    for (const row of block) {
      const seen = screened.slice(at, at + row.length)
      for (const [column, value] of seen.entries()) if (isOther(value, row[column] ?? null)) replaced.add(column)
      rows.push(seen)
      at += row.length
    }
  }
  const columns = table.columns.map((column, index) => ({ name: names[index] ?? '', type: column.type }))
  const { totalRows } = table
  if (replaced.size === 0) return { columns, rows, totalRows }
  return { columns, rows, totalRows, replaced: [...replaced].toSorted((one, other) => one - other) }
}

/** Lists and objects are copies whether or not something in them was replaced. */
function isOther(screened: JsonValue, value: JsonValue): boolean {
  return screened !== value && (!isDeep(value) || JSON.stringify(screened) !== JSON.stringify(value))
}

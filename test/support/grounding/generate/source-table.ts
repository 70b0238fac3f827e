import type { JsonValue } from '../../../../src/core/json.ts'

/** A column whose cells are numbers, or nothing. */
export interface NumberColumn {
  readonly place: number
  readonly name: string
  /** As people say it: without underlines, and without what stands in parentheses where that is not needed. */
  readonly spoken: string
  /** Most decimals of a cell. */
  readonly decimals: number
  /** Whether a sum of it, and a share of that, mean something. */
  readonly additive: boolean
  readonly unit: 'percent' | 'euro' | null
}

/** What can be said about a table: which column names its rows, which ones are numbers, which ones sort rows into few groups. */
export interface SourceTable {
  readonly id: string
  readonly origin: 'tabfact' | 'dabench' | 'made'
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly JsonValue[])[]
  readonly keys: number | null
  readonly numbers: readonly NumberColumn[]
  readonly groups: readonly number[]
  /** A column of years or months, each once, that goes up. */
  readonly times: number | null
  /** Columns of days. */
  readonly days: readonly number[]
}

const notAdditive =
  /%|pct|percent|rate|ratio|avg|average|mean|median|score|index|bmi|\bage\b|density|height|width|year|latitude|longitude|temp|price|rank|position|open|high|low|close|pressure|humidity|acceleration|per\b|gdp|loss|\bmin|\bmax/i
const noFigure =
  /^(?:no\b|#|-|id$|.*\bid\b|rank|ranking|position|pos|year|season|code|pick|week|game|round|rd|district|serial|number|unnamed|survived|pclass|.*_id$|.*fips.*|series.*|episode.*|.*deg$|dt$|lat|lon|.*(?:id|time|date|code|production number)$|\d)/i

/** Reads cells as a database or a program would: numbers where a whole column is some. */
export function sourceTable(
  id: string,
  origin: SourceTable['origin'],
  { title, columns, cells }: { title: string; columns: readonly string[]; cells: readonly (readonly string[])[] },
): SourceTable {
  const numeric = columns.map((_, place) => isNumeric(cells.map((row) => row[place] ?? '')))
  const rows = cells.map((row) => columns.map((_, place) => valueOf(row[place] ?? '', numeric[place] === true)))
  return {
    id,
    origin,
    title,
    columns,
    rows,
    keys: found(columns, (place) => isKey(texts(rows, place))),
    numbers: columns.flatMap((name, place) => numberColumn(name, place, { columns, rows, numeric })),
    groups: columns.map((_, place) => place).filter((place) => isGroup(texts(rows, place))),
    times: found(columns, (place) => isTime(rows.map((row) => plainText(row[place])))),
    days: columns.map((_, place) => place).filter((place) => isDay(texts(rows, place))),
  }
}

const empty = /^(?:|-|n ?\/ ?a|null|none|nan|tba)$/i
const plainNumber = /^-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$/

function isNumeric(column: readonly string[]): boolean {
  const filled = column.filter((cell) => !empty.test(cell.trim()))
  return filled.length >= 4 && filled.every((cell) => /\d/.test(cell) && plainNumber.test(cell.trim()))
}

function valueOf(cell: string, numeric: boolean): JsonValue {
  const trimmed = cell.trim()
  if (!numeric) return trimmed
  return empty.test(trimmed) ? null : Number(trimmed.replaceAll(',', ''))
}

function numberColumn(
  name: string,
  place: number,
  { columns, rows, numeric }: { columns: readonly string[]; rows: SourceTable['rows']; numeric: readonly boolean[] },
): NumberColumn[] {
  if (numeric[place] !== true || noFigure.test(name.trim()) || (name.match(/[a-z]/gi)?.length ?? 0) < 3) return []
  const values = rows.map((row) => row[place]).filter((value) => typeof value === 'number')
  if (new Set(values).size < 3 || values.every((value) => Number.isInteger(value) && value > 1500 && value < 2100))
    return []
  const decimals = values.reduce((most, value) => Math.max(most, decimalsOf(value)), 0)
  const unit = /%|pct|percent/i.test(name) ? 'percent' : /eur\b/i.test(name.replaceAll('_', ' ')) ? 'euro' : null
  return [{ place, name, spoken: spokenName(name, columns), decimals, additive: !notAdditive.test(name), unit }]
}

function decimalsOf(value: number): number {
  const text = String(value)
  return text.includes('e') ? 6 : (text.split('.')[1]?.length ?? 0)
}

function spokenName(name: string, columns: readonly string[]): string {
  const short = (one: string) => one.replace(/\s*\([^)]*\)| , .*$/g, '').trim()
  const plain = columns.filter((other) => short(other) === short(name)).length > 1 ? name : short(name)
  return plain
    .replace(/_(?:pct|eur|kg)$/i, '')
    .replaceAll('_', ' ')
    .trim()
}

function texts(rows: SourceTable['rows'], place: number): readonly string[] {
  return rows.map((row) => row[place]).filter((value) => typeof value === 'string')
}

function plainText(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function found(columns: readonly string[], holds: (place: number) => boolean): number | null {
  const place = columns.findIndex((_, at) => holds(at))
  return place < 0 ? null : place
}

function isKey(column: readonly string[]): boolean {
  if (column.length < 5 || new Set(column.map((cell) => cell.toLowerCase())).size < column.length) return false
  return column.every(
    (cell) =>
      /\p{L}{3}|^\p{L}-\d{3}/u.test(cell) &&
      /^[\p{L}][\p{L}\p{N} .'’&/-]{1,39}$/u.test(cell) &&
      !/\btotal\b|^all\b|average/i.test(cell) &&
      !isDayText(cell),
  )
}

function isGroup(column: readonly string[]): boolean {
  const kinds = new Set(column)
  if (kinds.size < 2 || kinds.size > 8 || column.length < kinds.size * 3) return false
  return [...kinds].every((kind) => /^[\p{L}][\p{L}\p{N} .'’&-]{1,29}$/u.test(kind) && !empty.test(kind))
}

function isTime(column: readonly string[]): boolean {
  if (column.length < 4 || !column.every((cell) => /^(?:1[5-9]|20)\d\d(?:-(?:0[1-9]|1[0-2]))?$/.test(cell)))
    return false
  return column.every((cell, at) => at === 0 || cell > (column[at - 1] ?? ''))
}

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'] // prettier-ignore
const dayInWords = new RegExp(
  `^(?:(${months.join('|')}) (\\d{1,2}) , (\\d{4})|(\\d{1,2}) (${months.join('|')}) (\\d{4}))$`,
  'i',
)

/** The day that a cell names, as `2026-07-14`; null for anything else. */
export function dayOf(cell: string): string | null {
  if (/^\d{4}-\d\d-\d\d$/.test(cell)) return cell
  const parts = dayInWords.exec(cell)
  if (parts === null) return null
  const month = months.indexOf((parts[1] ?? parts[5] ?? '').toLowerCase()) + 1
  return `${parts[3] ?? parts[6]}-${String(month).padStart(2, '0')}-${(parts[2] ?? parts[4] ?? '').padStart(2, '0')}`
}

function isDayText(cell: string): boolean {
  return dayOf(cell) !== null
}

function isDay(column: readonly string[]): boolean {
  return column.length >= 4 && column.every(isDayText)
}

/** A day as people write it, in one of four ways. */
export function writeDay(day: string, way: number): string {
  const [year = '', month = '', date = ''] = day.split('-')
  const name = months[Number(month) - 1] ?? ''
  const capital = name.charAt(0).toUpperCase() + name.slice(1)
  const ways = [day, `${Number(date)} ${capital} ${year}`, `${capital} ${Number(date)}, ${year}`, `${capital.slice(0, 3)} ${Number(date)}, ${year}`] // prettier-ignore
  return ways[way % ways.length] ?? day
}

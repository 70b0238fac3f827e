import type { JsonValue } from '../../core/json.ts'
import type { SharedChart, SharedItem, SharedTable } from '../../core/shares.ts'

/** Exchanges a text for another one. */
type Exchange = (text: string) => string

/** Members that say what something is, in words of ours. */
const ours: ReadonlySet<string> = new Set(['type', 'role', 'what', 'why', 'outcome', 'status', 'language', 'mediaType'])

/** Every text of a part but those of its tables and charts, which have cells. */
export function wordsOfItem(item: SharedItem): readonly string[] {
  const words: string[] = []
  withWords(item, (text) => {
    words.push(text)
    return text
  })
  return words
}

/** The part with other words; its tables and charts stay. */
export function withWords(item: SharedItem, exchange: Exchange): SharedItem {
  if (item.type === 'chart') return item
  if (item.type !== 'call') return walk(item as unknown as JsonValue, exchange) as unknown as SharedItem
  const { tables, charts, ...words } = item
  return { ...(walk(words, exchange) as unknown as typeof words), tables, charts }
}

/** The rows of its tables and charts, as texts are looked for in them. */
export function rowsOfItem(item: SharedItem): readonly Pick<SharedTable, 'rows' | 'columns'>[] {
  const untyped = ({ columns, rows }: SharedChart) => ({
    columns: columns.map(({ name }) => ({ name, type: '' })),
    rows,
  })
  if (item.type === 'chart') return [untyped(item.chart)]
  return item.type === 'call' ? [...item.tables, ...item.charts.map(untyped)] : []
}

/** The part with other texts in its tables and charts. */
export function withCells(item: SharedItem, exchange: Exchange): SharedItem {
  const charted = (chart: SharedChart) => walk(chart as unknown as JsonValue, exchange) as unknown as SharedChart
  if (item.type === 'chart') return { type: 'chart', chart: charted(item.chart) }
  if (item.type !== 'call') return item
  const tables = item.tables.map((table): SharedTable => {
    const columns = table.columns.map(({ name, type }) => ({ name: exchange(name), type }))
    const rows = table.rows.map((row) => row.map((value) => walk(value, exchange)))
    return { columns, rows, totalRows: table.totalRows, hidden: table.hidden.map(exchange) }
  })
  return { ...item, tables, charts: item.charts.map(charted) }
}

function walk(value: JsonValue, exchange: Exchange): JsonValue {
  if (typeof value === 'string') return exchange(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => walk(item, exchange))
  const members = Object.entries(value).map(([name, member]): [string, JsonValue] => [
    name,
    ours.has(name) && typeof member === 'string' ? member : walk(member, exchange),
  ])
  return Object.fromEntries(members)
}

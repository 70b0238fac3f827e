import Papa from 'papaparse'
import { ServiceError } from '../core/errors.ts'

export interface FileContent {
  /** For messages. */
  readonly path: string
  /** Lower case, with its dot. */
  readonly extension: string
  /** The beginning of the file. */
  readonly sample: Buffer
  readonly bytes: number
}

const tables = new Set(['.csv', '.tsv', '.tab'])
const texts = new Set(['.txt', '.md', '.json', '.jsonl', '.ndjson', '.log', '.xml', '.html', '.yaml', '.yml'])
const readers: Readonly<Record<string, string>> = {
  '.parquet': 'pandas.read_parquet',
  '.xlsx': 'pandas.read_excel',
  '.feather': 'pandas.read_feather',
  '.arrow': 'pandas.read_feather',
}
const shownRows = 3
const longestCell = 60

/** What a file holds, in a few lines for a model. Throws `invalid-file` for a table without a header. */
export function describeContent(content: FileContent): string {
  const { extension, sample } = content
  const isText = tables.has(extension) || texts.has(extension)
  if (tables.has(extension)) return describeTable(content)
  const reader = readers[extension]
  if (reader !== undefined) return `${content.bytes} bytes; read it with ${reader}.`
  return isText
    ? `${content.bytes} bytes of text, beginning:\n${textOf(sample).text.slice(0, 600)}`
    : `${content.bytes} bytes.`
}

/** A sample cut in the middle of a character is not a sign of another encoding. */
function textOf(sample: Buffer): { readonly text: string; readonly encoding: 'utf-8' | 'windows-1252' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true }), encoding: 'utf-8' }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(sample), encoding: 'windows-1252' }
  }
}

function describeTable(content: FileContent): string {
  const { text, encoding } = textOf(content.sample)
  const whole = content.bytes <= content.sample.byteLength
  const parsed = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' })
  // The last line of a sample is cut somewhere.
  const lines = whole || parsed.data.length < 2 ? parsed.data : parsed.data.slice(0, -1)
  const [header, ...rows] = lines
  if (header === undefined || header.join('').trim() === '') {
    throw new ServiceError('invalid-file', `${content.path} has no header line`)
  }
  const columns = header.map((name, index) => `${shorten(name)} (${sniffType(rows.map((row) => row[index] ?? ''))})`)
  const reading = [
    ...(parsed.meta.delimiter === ',' ? [] : [`sep=${JSON.stringify(parsed.meta.delimiter)}`]),
    ...(encoding === 'utf-8' ? [] : [`encoding='${encoding}'`]),
  ]
  return [
    `${whole ? `${rows.length} rows` : `${content.bytes} bytes`}, ${header.length} columns: ${columns.join(', ')}`,
    ...(reading.length === 0 ? [] : [`read with pandas.read_csv(path, ${reading.join(', ')})`]),
    `first rows:`,
    ...rows.slice(0, shownRows).map((row) => row.map(shorten).join(' | ')),
  ].join('\n')
}

function shorten(cell: string): string {
  const flat = cell.replaceAll(/\s+/g, ' ').trim()
  return flat.length > longestCell ? `${flat.slice(0, longestCell)}…` : flat
}

/** The narrowest type that every non-empty value of a column has. */
function sniffType(values: readonly string[]): string {
  const filled = values.map((value) => value.trim()).filter((value) => !/^(na|nan|null|none)?$/i.test(value))
  if (filled.length === 0) return 'empty'
  const is = (pattern: RegExp): boolean => filled.every((value) => pattern.test(value))
  if (is(/^[+-]?\d+$/)) return 'integer'
  if (is(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)) return 'number'
  if (is(/^(true|false|yes|no)$/i)) return 'boolean'
  if (is(/^\d{4}-\d{2}-\d{2}$/)) return 'date'
  if (is(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/)) return 'timestamp'
  return 'text'
}

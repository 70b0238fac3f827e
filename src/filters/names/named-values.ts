import type { Match } from '../text-filter.ts'
import { isNameValue, meaningOf } from './field-names.ts'

/** Parts of what fields for a person's name are called: what has none of these is none. */
const hint = /name|nom|apellido/i
/** Such a field and what separates it from its value: a text without this has none. */
const hints = /(?:name|nom|apellido)[\w -]{0,24}["'*]{0,3}[ \t]?[:=,;|\t\n]/i
const key = String.raw`\p{L}[\p{L}\d _.-]{0,40}`
/** `"last_name": "Wexler"` */
const ofJson = new RegExp(String.raw`"(${key})"\s?:\s?"([^"\\\n]{1,60})"`, 'gu')
/** `Last name: Wexler`, `last_name: Wexler`, on a line or between commas. */
const ofLine = new RegExp(
  String.raw`(?<=(?:^|[\n,;|(>*-])[ \t]{0,8})(?:\*\*)?(${key}?)(?:\*\*)?:(?:\*\*)?[ \t]{1,8}([^\n,;|:()"]{1,60})(?=[\n,;|)]|\.?\s*$|\. )`,
  'gu',
)
/** `first_name=Kim&last_name=Wexler` */
const ofForm = /(?<=^|[?&;\s])([\p{L}][\p{L}\d_.-]{0,40})=([^&;\s="'`()[\]{}]{1,60})(?=[&;\s]|$)/gu

/** A dot behind an initial ends no sentence. */
const sentenceEnd = /(?:(?<=\p{L}{4})\.\s.*|(?<=\p{L}{2})\.)$/u
const surely = 0.9

/** Values of fields whose names say that they hold a person's name, wherever they stand: in JSON, forms, lines and tables. */
export function namedValues(text: string): Match[] {
  if (!hints.test(text)) return []
  const found: Match[] = []
  for (const pattern of [ofJson, ofLine, ofForm]) {
    const anyCase = pattern === ofJson
    for (const match of text.matchAll(pattern)) {
      const [whole, label = '', held = ''] = match
      const value = held.trim().replace(sentenceEnd, '')
      if (!hint.test(label) || meaningOf(label) !== 'person') continue
      if (!isNameValue(pattern === ofForm ? value.replaceAll('+', ' ') : value, { anyCase })) continue
      const start = match.index + whole.lastIndexOf(value)
      found.push({ start, end: start + value.length, category: 'pii/person', score: surely })
    }
  }
  return [...found, ...columnValues(text)]
}

const isSame = (one: Match, other: Match): boolean => one.start === other.start && one.end === other.end
const overlaps = (one: Match, other: Match): boolean => one.start < other.end && one.end > other.start

/** What a field says of its value goes before what was read; of one and the same, what was read tells the kind. */
export function together(read: readonly Match[], named: readonly Match[]): readonly Match[] {
  const rest = read.filter((one) => !named.some((other) => overlaps(one, other) && !isSame(one, other)))
  return [...rest, ...named.filter((one) => !rest.some((other) => isSame(one, other)))]
}

const separators = [',', ';', '\t', '|'] as const
const heading = /^["']?\p{L}[\p{L}\d_.-]{0,40}(?: [\p{L}\d_-]{1,20}){0,2}["']?$/u
const statement = /^\s*(?:select|insert|return|from|def|function|const|let|var|import|values)\b/i

interface Line {
  readonly start: number
  readonly text: string
}

function* linesOf(text: string): Generator<Line> {
  for (let start = 0; start <= text.length;) {
    const next = text.indexOf('\n', start)
    const end = next < 0 ? text.length : next
    yield { start, text: text.slice(start, end) }
    start = end + 1
  }
}

interface Table {
  readonly separator: string
  readonly columns: number
  /** Those with a person's name. */
  readonly named: readonly number[]
}

/** A longer line is no heading of a table. */
const longestHeading = 1_024

/** What the headings over a table say, if the line is such. */
function tableBelow(line: string): Table | null {
  if (line.length > longestHeading || !hint.test(line) || statement.test(line)) return null
  const separator = separators.find((one) => line.includes(one))
  if (separator === undefined) return null
  const cells = line.split(separator).map((cell) => cell.trim())
  if (
    !cells.every(
      (cell, at) => heading.test(cell) || (separator === '|' && cell === '' && (at === 0 || at === cells.length - 1)),
    )
  )
    return null
  const named = cells.flatMap((cell, at) => (meaningOf(cell) === 'person' ? [at] : []))
  return named.length === 0 ? null : { separator, columns: cells.length, named }
}

function columnValues(text: string): Match[] {
  const found: Match[] = []
  let table: Table | null = null
  for (const { start, text: line } of linesOf(text)) {
    if (table !== null && line.split(table.separator).length === table.columns) {
      for (const match of valuesOfRow(line, table))
        found.push({ ...match, start: match.start + start, end: match.end + start })
      continue
    }
    table = tableBelow(line)
  }
  return found
}

function valuesOfRow(row: string, { separator, named }: Table): Match[] {
  let at = 0
  return row.split(separator).flatMap((cell, column) => {
    const begin = at
    at += cell.length + separator.length
    const value = cell.trim().replace(/^(["'])(.*)\1$/, '$2')
    if (!named.includes(column) || !isNameValue(value, { anyCase: false })) return []
    const start = begin + cell.indexOf(value)
    return [{ start, end: start + value.length, category: 'pii/person', score: surely }]
  })
}

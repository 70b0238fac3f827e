import { ordinalOf } from '../figures/number-words.ts'
import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import type { ValueMention } from './value-mentions.ts'

const ordinals = String.raw`first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\d{1,2}(?:st|nd|rd|th)|last|final`
const place = new RegExp(
  String.raw`\b(?:the )?(${ordinals})(?:[ -](?:day|week|month|year|season|hour)\b| (?=(?:to|and) the (?:${ordinals})[ -](?:day|week|month|year|season|hour)\b))`,
  'gi',
)
/** "in the tenth", behind one that says of what. */
const short = new RegExp(String.raw`\bin the (${ordinals})(?=[,.;)]|$|\s*$)`, 'gi')
const ends = /\b(?:at|from|by|since) the (?:very )?(?:(start|beginning|outset)|(end|close|finish))\b/gi
/** A period named by a text, as "2026-W05", "Jan" or "Week 3", is one of a series where each row has another. */
const period =
  /^(?:(?:19|20)\d\d-?W\d{1,2}|W(?:eek|k)?\s?\d{1,2}|Q[1-4](?: (?:19|20)\d\d)?|(?:19|20)\d\d-?Q[1-4]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?(?: (?:19|20)\d\d)?|(?:mon|tues?|wed|thu|fri|sat|sun)\w*|day \d{1,3})$/i
const mostRows = 2_000

/** "the first week", "in the tenth", "at the end": rows by their place in a column of times. */
export function placesInTime(text: string, offset: number, table: IndexedTable): readonly ValueMention[] {
  if (table.rowCount < 2 || table.rowCount > mostRows) return []
  // "last year" without an article is that before the day of the answer.
  const said = [...text.matchAll(place)]
    .filter(([whole]) => !/^last\b/i.test(whole))
    .map((match) => ({ match, at: placeOf(match[1]) }))
  if (said.length > 0) said.push(...[...text.matchAll(short)].map((match) => ({ match, at: placeOf(match[1]) })))
  said.push(...[...text.matchAll(ends)].map((match) => ({ match, at: match[1] === undefined ? -1 : 1 })))
  if (said.length === 0) return []
  const column = timeColumn(table)
  if (column === null) return []
  const times = timesOf(column, table.rowCount)
  return said.flatMap(({ match, at }) => {
    const rows = at === null ? undefined : times.at(at > 0 ? at - 1 : at)
    const start = match.index + offset
    return rows === undefined
      ? []
      : [{ start, end: start + match[0].length, column, rows, strong: true, isPlace: true }]
  })
}

function placeOf(word = ''): number | null {
  if (/^(?:last|final)$/i.test(word)) return -1
  return ordinalOf(word) ?? (Number.parseInt(word, 10) || null)
}

/** The column of days or years; one of texts where each of them is a period. */
export function timeColumn({ columns, rowCount }: IndexedTable): Column | null {
  const time = columns.find(({ kind, isYears }) => kind === 'date' || isYears)
  if (time !== undefined || rowCount > mostRows) return time ?? null
  const [first] = columns
  if (first?.kind !== 'text') return null
  for (let row = 0; row < rowCount; row += 1) if (!period.test(first.textOf(row).trim())) return null
  return first
}

/** The rows of each time, in order; texts as they stand. */
export function timesOf(column: Column, rowCount: number): readonly (readonly number[])[] {
  const groups = new Map<number | string, number[]>()
  for (let row = 0; row < rowCount; row += 1) {
    const key = column.kind === 'text' ? column.textOf(row) : (column.numbers[row] ?? Number.NaN)
    if (typeof key === 'number' && Number.isNaN(key)) continue
    const rows = groups.get(key)
    if (rows === undefined) groups.set(key, [row])
    else rows.push(row)
  }
  const entries = [...groups]
  if (column.kind !== 'text') entries.sort(([left], [right]) => Number(left) - Number(right))
  return entries.map(([, rows]) => rows)
}

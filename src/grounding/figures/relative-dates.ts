import { dayOf } from './dates.ts'
import type { Figure } from './figure.ts'

const phrases = /\b(?:(yesterday|today)|(this|last|previous|next) (year|month|quarter))\b/gi
const shifts: Readonly<Record<string, number>> = { this: 0, last: -1, previous: -1, next: 1 }
const monthsOf: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 }

/** "last year", "yesterday": the spans of days that they mean on a day. No claims where nothing speaks for or against them. */
export function relativeDates(text: string, asOf: string): readonly Figure[] {
  const [year, month, date] = (/^(\d{4})-(\d{2})-(\d{2})/.exec(asOf) ?? []).slice(1).map(Number)
  const now = year === undefined || month === undefined || date === undefined ? null : dayOf(year, month, date)
  if (year === undefined || month === undefined || now === null) return []
  return [...text.matchAll(phrases)].map((match) => {
    const [whole, phrase, which = '', unit = ''] = match
    const span = phrase === undefined ? spanOf(year, month, { which, unit }) : dayBefore(now, phrase)
    return Object.assign(span, {
      start: match.index,
      end: match.index + whole.length,
      text: whole,
      kind: 'date' as const,
      others: [],
      unit: null,
      signed: false,
      weak: true,
    })
  })
}

type Span = Pick<Figure, 'low' | 'high' | 'year'>

function dayBefore(now: number, phrase: string): Span {
  const at = phrase.toLowerCase() === 'today' ? now : now - 1
  return { low: at, high: at }
}

function spanOf(year: number, month: number, said: { readonly which: string; readonly unit: string }): Span {
  const shift = shifts[said.which.toLowerCase()] ?? 0
  const length = monthsOf[said.unit.toLowerCase()] ?? 1
  if (length === 12) return { low: year + shift, high: year + shift, year: true }
  const first = Math.floor((month - 1) / length) * length + shift * length
  return { low: firstDay(year, first), high: firstDay(year, first + length) - 1 }
}

/** The first day of a month that is counted from January of a year, from 0, and may lie in another year. */
function firstDay(year: number, month: number): number {
  return dayOf(year + Math.floor(month / 12), (((month % 12) + 12) % 12) + 1, 1) ?? Number.NaN
}

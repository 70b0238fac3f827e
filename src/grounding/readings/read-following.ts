import { fits, type Figure } from '../figures/figure.ts'
import { yearAndDay } from '../figures/dates.ts'
import { countOf, countWords } from '../figures/number-words.ts'
import type { Column } from '../tables/column.ts'
import { claimsOf, type Asked } from './asked.ts'
import { anyOf, chanceOfCell } from './coincidence.ts'
import { timeColumn } from '../words/place-in-time.ts'
import type { Judgement } from './judge.ts'
import { mostRanked, rowsOf } from './ranked-rows.ts'
import { factorsOf, fitsSaid, short, unitConflict, type Trial } from './trial.ts'

const units = 'hour|day|week|month|quarter|year|season|round|period'
const shift = new RegExp(
  String.raw`\b(?:(an?|one|${countWords}) (${units})s? (later|after(?:wards)?|on|earlier|before|prior|ago)|the (${units}) (before|after|earlier|later)|the (previous|prior|preceding|following|next|subsequent) (${units})|(?:then|next|afterwards|subsequently))\b`,
  'i',
)
/** May a number in this text say how much later or earlier another one is: "five years later"? */
export function hasShift(text: string): boolean {
  return shift.test(text)
}

const back = /^(?:earlier|before|prior|ago|previous|preceding)$/i
/** What stands between the figures of a series. */
const next =
  /^(?:\s*\p{L}+(?: in \p{L}+)?)?\s*(?:,|→|->|–|-|;)?\s*(?:and|to|then|and then|down to|up to|followed by|before|and finally|finally)?\s*(?:to|back to|only|just)?\s*[$€£~]?$/iu
const monthsOf: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 }
const daysOf: Readonly<Record<string, number>> = { day: 1, week: 7 }

/**
 * "88 in 2019 and 190 five years later", "77 in January, then 64, then 52": what comes so long after the cell that a figure
 * before it is, or right behind it. Judges anew what nothing else gave.
 */
export function withFollowing(judged: readonly Judgement[], asked: ReadonlyMap<Figure, Asked>): readonly Judgement[] {
  let made = judged
  for (const [at, judgement] of judged.entries()) {
    const about = asked.get(judgement.figure)
    if (judgement.found !== null || about === undefined || !isNumber(judgement.figure)) continue
    const before = made.slice(0, at).findLast(({ found, figure }) => found !== null && isNumber(figure))
    const found = before?.found?.verdict === 'cell' ? following(about, before.figure, before.found) : null
    if (found !== null)
      made = made.with(at, { ...judgement, found, against: null, chance: anyOf([before?.chance ?? 0, found.chance()]) })
  }
  return made
}

function isNumber({ kind }: Figure): boolean {
  return kind === 'number' || kind === 'percent' || kind === 'money'
}

function following(asked: Asked, previous: Figure, cell: Trial): Trial | null {
  const { view, figure, to } = asked
  const { column, rows } = cell
  const [row] = rows ?? []
  if (column === null || row === undefined || rows?.length !== 1 || view.table.rowCount > mostRanked) return null
  if (unitConflict(column, figure) !== null) return null
  const textAt = (start: number, end: number): string =>
    view.text.slice(start - view.sentence.start, end - view.sentence.start)
  const lead = textAt(previous.end, figure.start)
  const said = shift.exec(lead) ?? shift.exec(textAt(figure.end, Math.max(to, figure.end + 32)))
  const bound =
    said === null
      ? undefined
      : view.figures.find(
          ({ start, end }) =>
            start >= view.sentence.start + view.text.indexOf(said[0]) &&
            end <= view.sentence.start + view.text.indexOf(said[0]) + said[0].length,
        )
  const targets = said === null ? nextInSeries(asked, previous, cell, lead) : shifted(asked, cell, said)
  for (const { of, row: at, how } of targets) {
    for (const factor of factorsOf(of, figure)) {
      const value = of.numbers[at] ?? Number.NaN
      if (Number.isNaN(value) || !fitsSaid(asked, value, factor)) continue
      return {
        verdict: 'cell',
        value: value * factor,
        fits: fits(figure, value * factor),
        firm: false,
        table: view.table,
        column: of,
        rows: [at],
        ...(bound === undefined ? {} : { bound }),
        how: `${short(of.name)} ${how} that of ${short(previous.text)} in ${short(view.table.title)}`,
        chance: () => anyOf(targets.map(() => chanceOfCell(figure, of, factor))),
      }
    }
  }
  return null
}

interface Target {
  readonly of: Column
  readonly row: number
  readonly how: string
}

/** The cell right behind or before another in time, where no name stands between the two figures but that of the first one. */
function nextInSeries({ view, figure }: Asked, previous: Figure, cell: Trial, lead: string): readonly Target[] {
  const column = cell.column
  const between = view.values.filter(
    ({ start, end, figure: key }) => key !== figure && start >= previous.end && end <= figure.start,
  )
  if (column === null || between.some((value) => !(cell.mentions ?? []).some(({ start }) => start === value.start)))
    return []
  const claims = claimsOf(view)
  // Of two times that are named, each has a figure of its own.
  const time = timeColumn(view.table)
  const times = new Set(
    view.values.filter((value) => value.column === time && value.end <= figure.start).map(({ start }) => start),
  )
  if (times.size > 1) return []
  if (!next.test(lead) || claims.indexOf(figure) - claims.indexOf(previous) !== 1) return []
  const order = poolOf(view, cell)
  const at = order.indexOf(cell.rows?.[0] ?? -1)
  return [1, -1].flatMap((step) => {
    const row = at === -1 ? undefined : order[at + step]
    return row === undefined ? [] : [{ of: column, row, how: 'next to' }]
  })
}

/** Rows that the same words name besides the time, in the order of time, or as they stand. */
function poolOf({ table }: Asked['view'], { mentions = [], rows }: Trial): readonly number[] {
  const time = timeColumn(table)
  const fixed = mentions.filter(({ column, rows: named }) => column !== time && named.length > 1)
  const names = fixed.map(({ rows: named }) => new Set(named))
  const pool = rowsOf(table.rowCount).filter((row) => names.every((name) => name.has(row)))
  if (time !== null && time.kind !== 'text' && pool.every((row) => !Number.isNaN(time.numbers[row] ?? Number.NaN)))
    return pool.toSorted((left, right) => (time.numbers[left] ?? 0) - (time.numbers[right] ?? 0))
  return pool.includes(rows?.[0] ?? -1) ? pool : []
}

function shifted(asked: Asked, cell: Trial, said: RegExpExecArray): readonly Target[] {
  const [whole, many, unitOfMany, way, oneUnit, oneWay, which, unitOfWhich] = said
  const { view } = asked
  const sign = back.test(way ?? oneWay ?? which ?? '') ? -1 : 1
  const count = (many === undefined || /^(?:an?|one)$/i.test(many) ? 1 : (countOf(many) ?? 1)) * sign
  const unit = (unitOfMany ?? oneUnit ?? unitOfWhich ?? '').toLowerCase()
  const { column } = cell
  const row = cell.rows?.[0]
  if (column === null || row === undefined) return []
  const sideways = otherYear(view, column, unit === 'year' ? count : Number.NaN)
  if (sideways !== null) return [{ of: sideways, row, how: `${whole}, beside` }]
  const time = timeColumn(view.table)
  const pool = poolOf(view, cell)
  const columns = [...new Set([...asked.columns.filter((of) => of.kind === 'number'), column])]
  if (time !== null && unit !== '') {
    const isAt = (other: number): boolean => isLater(time, row, other, { count, unit })
    const rows = pool.filter(isAt).slice(0, 3)
    if (rows.length > 0) return columns.flatMap((of) => rows.map((at) => ({ of, row: at, how: `${whole},` })))
  }
  const at = pool[pool.indexOf(row) + count]
  return at === undefined || pool.indexOf(row) === -1 ? [] : columns.map((of) => ({ of, row: at, how: `${whole},` }))
}

/** Does one row lie so many days, months or years behind another? */
function isLater(
  time: Column,
  row: number,
  other: number,
  { count, unit }: { readonly count: number; readonly unit: string },
): boolean {
  const [from, to] = [time.numbers[row] ?? Number.NaN, time.numbers[other] ?? Number.NaN]
  if (time.isYears) return unit === 'year' && to - from === count
  const days = daysOf[unit]
  if (days !== undefined) return to - from === count * days
  const months = monthsOf[unit]
  if (months === undefined || Number.isNaN(from) || Number.isNaN(to)) return false
  const [one, two] = [yearAndDay(from), yearAndDay(to)]
  return (two.year - one.year) * 12 + two.month - one.month === count * months
}

const yearIn = /\b(?:19|20)\d\d\b|(?<=_)(?:19|20)\d\d/

/** Of a table with a column for each year, the one so many years on. */
function otherYear({ table }: Asked['view'], column: Column, years: number): Column | null {
  const [year] = yearIn.exec(column.name) ?? []
  if (year === undefined || !Number.isFinite(years)) return null
  const name = column.name.replace(year, String(Number(year) + years))
  return table.columns.find((other) => other.name === name && other.kind === 'number') ?? null
}

import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import { meanOf, pick } from '../readings/compute.ts'
import { columnsOfYears } from '../readings/compared-sides.ts'
import { isReadAround } from '../readings/certain.ts'
import { isPlaces } from '../readings/read-ranks.ts'
import { everyRow, narrowed, slotsOf, type Filter, type Spot } from '../readings/filters.ts'
import { sayNumber, sayFilter, short } from '../readings/trial.ts'
import type { View } from '../readings/view.ts'
import type { Direction } from '../words/operations.ts'
import { turned, type Claim } from './claim-mark.ts'
import { columnAt } from './superlatives.ts'

/** "rose from 2003 to 2004", "more than Films": two things whose order the rows decide. */
export function comparisonsOf(view: View): readonly Claim[] {
  return view.directions.flatMap((direction) => {
    const at = direction.start - view.sentence.start
    if (turned.test(view.text.slice(Math.max(0, at - 24), at))) return []
    const claim = saidFromTo(view, direction) ?? fromColumns(view, direction) ?? fromRows(view, direction)
    return claim === null || (!claim.holds && claim.column !== null && !isReadAround(view, direction)) ? [] : [claim]
  })
}

const wide = 80

/** "rose from 10 to 8" needs no rows to be wrong. */
function saidFromTo(view: View, direction: Direction): Claim | null {
  // Who drops from the 3rd to the 5th place has a larger number.
  if (direction.of !== 'change' || view.columns.some(({ columns }) => columns.some(isPlaces))) return null
  const numbers = view.figures.filter(
    ({ kind, start, year }) =>
      kind !== 'date' && kind !== 'rank' && year !== true && start > direction.end && start - direction.end < wide,
  )
  const behind = besideFrom(view, direction, numbers)
  const [first, second] = behind ?? numbers.filter((figure) => /\b(?:from|to)\s*[$€£~]?$/i.test(lead(view, figure)))
  if (first === undefined || second === undefined || (behind === null && !/\bfrom\s*[$€£~]?$/i.test(lead(view, first))))
    return null
  const change = second.low + second.high - first.low - first.high
  if (change === 0 || Math.sign(change) === direction.sign) return null
  const { start, end } = direction
  const how = `from ${first.text} to ${second.text} in this sentence`
  return {
    start,
    end,
    holds: false,
    table: view.table,
    column: null,
    rows: [],
    how,
    expected: change > 0 ? 'a rise' : 'a fall',
    chance: 0.5,
  }
}

/** "15, up from 10": what stands before the word is the later one. */
function besideFrom(view: View, direction: Direction, numbers: readonly Figure[]): readonly [Figure, Figure] | null {
  const [first] = numbers
  if (
    first === undefined ||
    !/^\s+from\s*[$€£~]?$/i.test(
      view.text.slice(direction.end - view.sentence.start, first.start - view.sentence.start),
    )
  )
    return null
  const last = view.figures.findLast(
    ({ kind, end, year }) =>
      kind === first.kind && year !== true && end <= direction.start && direction.start - end < wide,
  )
  return last === undefined ? null : [first, last]
}

function lead(view: View, figure: Figure): string {
  const at = figure.start - view.sentence.start
  return view.text.slice(Math.max(0, at - 12), at)
}

/** "rose from 2018 to 2019" of units_2018 and units_2019. */
function fromColumns(view: View, direction: Direction): Claim | null {
  const [first, second] = columnsOfYears(view)
  if (direction.of !== 'change' || first === undefined || second === undefined) return null
  const filter = slotsOf(view.values.filter(({ strong }) => strong))
    .flatMap(([spot]) => spot?.mentions.slice(0, 1) ?? [])
    .reduce(narrowed, everyRow)
  const [one, two] = [first, second].map(({ column }) => pick(column, filter.rows, view.table.rowCount))
  if (one?.numbers.length !== 1 || two?.numbers.length !== 1) return null
  const [early, late] = [meanOf(one.numbers), meanOf(two.numbers)]
  return {
    start: direction.start,
    end: direction.end,
    holds: Math.sign(late - early) === direction.sign,
    table: view.table,
    column: second.column,
    rows: two.rows,
    how: `${short(second.column.name)} of ${sayFilter(filter) || 'the row'} beside its ${short(first.column.name)} in ${short(view.table.title)}`,
    expected: `${sayNumber(late)} beside ${sayNumber(early)}`,
    chance: 0.5,
  }
}

function fromRows(view: View, direction: Direction): Claim | null {
  const column = columnAt(view, direction.start, direction.end)
  if (column === null) return null
  const strong = view.values.filter((value) => value.strong && value.column !== column)
  const slots = slotsOf(strong)
  for (const slot of slots.filter((spots) => spots.length >= 2)) {
    const pair = direction.of === 'change' ? inTime(slot) : besideThan(view, slot, direction)
    if (pair === null) continue
    const rest = slots
      .filter((other) => other !== slot && other.length === 1)
      .flatMap((other) => other[0]?.mentions.slice(0, 1) ?? [])
    return compared(view, column, direction, { left: filterOf(pair[0], rest), right: filterOf(pair[1], rest) })
  }
  return null
}

function filterOf(spot: Spot, rest: Spot['mentions']): Filter {
  return rest.reduce(narrowed, spot.mentions.slice(0, 1).reduce(narrowed, everyRow))
}

/** The later of two times and the earlier one; null where a sentence names more of them, or what is no time. */
function inTime(slot: readonly Spot[]): readonly [Spot, Spot] | null {
  const [first, second] = slot
  if (first === undefined || second === undefined || slot.length !== 2) return null
  const [one, two] = [timeOf(first), timeOf(second)]
  if (one === null || two === null || one === two) return null
  return one > two ? [first, second] : [second, first]
}

function timeOf({ mentions }: Spot): number | null {
  const [mention] = mentions
  return mention?.figure?.kind === 'date' ? mention.figure.low : null
}

/** "A has more than B": what stands before the word, and what stands behind "than". */
function besideThan(view: View, slot: readonly Spot[], direction: Direction): readonly [Spot, Spot] | null {
  const behind = view.text.slice(direction.end - view.sentence.start)
  const than = /\b(?:than|ahead of|behind|of|above|below)\b/i.exec(
    /\b(?:ahead of|behind|above|below|short of)$/i.test(view.text.slice(0, direction.end - view.sentence.start))
      ? `of ${behind}`
      : behind,
  )
  if (than === null || than.index > wide) return null
  const left = slot.findLast(({ end }) => end <= direction.start)
  const right = slot.find(({ start }) => start >= direction.end && start - direction.end < wide)
  return left === undefined || right === undefined ? null : [left, right]
}

function compared(
  view: View,
  column: Column,
  direction: Direction,
  { left, right }: { readonly left: Filter; readonly right: Filter },
): Claim | null {
  const [one, two] = [pick(column, left.rows, view.table.rowCount), pick(column, right.rows, view.table.rowCount)]
  if (one.numbers.length === 0 || two.numbers.length === 0 || one.numbers.length > 1 || two.numbers.length > 1)
    return null
  const change = meanOf(one.numbers) - meanOf(two.numbers)
  if (Number.isNaN(change)) return null
  const { start, end } = direction
  return {
    start,
    end,
    holds: Math.sign(change) === direction.sign,
    table: view.table,
    column,
    rows: [...one.rows, ...two.rows],
    how: `${short(column.name)} of ${sayFilter(left)} beside that of ${sayFilter(right)} in ${short(view.table.title)}`,
    expected: `${sayNumber(meanOf(one.numbers))} beside ${sayNumber(meanOf(two.numbers))}`,
    chance: 0.5,
  }
}

import { fits, type Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import { timeColumn } from '../words/place-in-time.ts'
import { claimsOf, type Asked } from './asked.ts'
import { chanceOfCell } from './coincidence.ts'
import type { Filter } from './filters.ts'
import type { Judgement } from './judge.ts'
import { rowsOf } from './ranked-rows.ts'
import { seriesOf } from './read-across.ts'
import { cellFoundBeside, factorsOf, unitConflict } from './trial.ts'

/** What stands between the figures of a list. */
const joint = /^\s*(?:%|\p{L}{1,3})?\s*(?:,|;|\/|→|->|–)?\s*(?:and|then|and then|to|and finally|finally)?\s*[$€£~]?$/u
const fewest = 3
/** Rows of longer tables are not put in order for a sentence. */
const mostRows = 2_000

interface Place {
  readonly column: Column
  readonly row: number
}

/**
 * "1,030, 1,116, 1,350 and 1,230": three figures or more in a list that are neighbours in a column, or in a row of a column
 * for each time.
 */
export function withSeries(judged: readonly Judgement[], asked: ReadonlyMap<Figure, Asked>): readonly Judgement[] {
  const [first] = judged.flatMap(({ figure }) => asked.get(figure) ?? [])
  if (first === undefined || first.view.table.rowCount > mostRows) return judged
  const found = new Map<Figure, readonly [Place, number]>()
  for (const run of runsOf(first.view)) {
    const about = asked.get(run[0] ?? ({} as Figure))
    if (about === undefined || judged.every(({ figure, found: known }) => !run.includes(figure) || known !== null))
      continue
    const places = placesOf(about, run)
    if (places === null) continue
    const chance = run.reduce((product, figure, at) => {
      const place = places[at]
      return place === undefined ? product : product * chanceOfCell(figure, place.column, 1)
    }, first.view.table.rowCount)
    for (const [at, figure] of run.entries()) {
      const place = places[at]
      if (place !== undefined) found.set(figure, [place, Math.min(1, chance)])
    }
  }
  return judged.map((judgement) => {
    const [place, chance] = found.get(judgement.figure) ?? []
    if (place === undefined || judgement.found !== null) return judgement
    return {
      ...judgement,
      found: cellFoundBeside(first.view.table, place, 'in a series with the figures beside it'),
      against: null,
      chance: chance ?? 0,
    }
  })
}

function runsOf(view: Asked['view']): readonly (readonly Figure[])[] {
  const runs: Figure[][] = []
  for (const figure of claimsOf(view)) {
    const last = runs.at(-1)?.at(-1)
    const between =
      last === undefined ? null : view.text.slice(last.end - view.sentence.start, figure.start - view.sentence.start)
    if (between !== null && last?.kind === figure.kind && joint.test(between)) runs.at(-1)?.push(figure)
    else runs.push([figure])
  }
  return runs.filter((run) => run.length >= fewest && run[0]?.kind !== 'date' && run[0]?.kind !== 'rank')
}

/** Where the figures of a list stand one behind another; null where they stand nowhere so. */
function placesOf(asked: Asked, run: readonly Figure[]): readonly Place[] | null {
  const { view, filters } = asked
  const { table } = view
  const said = asked.columns.filter(({ kind }) => kind === 'number')
  const columns = said.length > 0 ? said : table.columns.filter(({ kind, isYears }) => kind === 'number' && !isYears)
  for (const column of columns.slice(0, 6)) {
    for (const filter of [...filters.slice(0, 4), { rows: null, mentions: [] }]) {
      const found = neighbours(orderOf(asked, filter), run, (row) => ({ column, row }))
      if (found !== null) return found
    }
  }
  const series = seriesOf(table.columns)
  for (const { rows } of filters) {
    const [row] = rows ?? []
    if (row === undefined || rows?.length !== 1) continue
    const found = neighbours(series, run, (column) => ({ column, row }))
    if (found !== null) return found
  }
  return null
}

function orderOf({ view: { table } }: Asked, { rows }: Filter): readonly number[] {
  const all = rows ?? rowsOf(table.rowCount)
  const time = timeColumn(table)
  if (time === null || time.kind === 'text') return all
  return all.toSorted((left, right) => (time.numbers[left] ?? 0) - (time.numbers[right] ?? 0))
}

function neighbours<Item>(
  items: readonly Item[],
  run: readonly Figure[],
  placeOf: (item: Item) => Place,
): readonly Place[] | null {
  for (const ordered of [items, items.toReversed()]) {
    for (let from = 0; from + run.length <= ordered.length; from += 1) {
      const places = ordered.slice(from, from + run.length).map(placeOf)
      if (places.every((place, at) => isAt(run[at], place))) return places
    }
  }
  return null
}

function isAt(figure: Figure | undefined, { column, row }: Place): boolean {
  const value = column.numbers[row] ?? Number.NaN
  if (figure === undefined || unitConflict(column, figure) !== null) return false
  return factorsOf(column, figure).some((factor) => fits(figure, value * factor))
}

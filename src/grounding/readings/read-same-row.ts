import { fits, type Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { chanceOfCell } from './coincidence.ts'
import type { Judgement } from './judge.ts'
import { cellFoundBeside, unitConflict } from './trial.ts'

/** Rows of longer tables are not looked through for a row that nobody names. */
const mostRows = 5_000
const mostFigures = 6

interface Cell {
  readonly judgement: Judgement
  readonly columns: readonly Column[]
  readonly view: Asked['view']
}

/**
 * "The episode with 10.97 million viewers was number 2": figures that each name their column, and that stand in one row
 * together. Judges anew what nothing else gave, where no value names rows.
 */
export function withSameRow(judged: readonly Judgement[], asked: ReadonlyMap<Figure, Asked>): readonly Judgement[] {
  const cells = judged.flatMap((judgement): Cell[] => {
    const about = asked.get(judgement.figure)
    if (about === undefined || !mayBeCell(judgement, about)) return []
    return [{ judgement, columns: about.columns, view: about.view }]
  })
  const [first] = cells
  if (first === undefined || cells.length < 2 || cells.length > mostFigures) return judged
  const { view } = first
  const isNamed = view.values.some(({ strong, figure }) => strong && figure === undefined)
  if (isNamed || view.table.rowCount > mostRows || cells.every(({ judgement }) => judgement.found !== null))
    return judged
  for (let row = 0; row < view.table.rowCount; row += 1) {
    const there = cells.map(({ judgement, columns }) => columns.find((column) => isAt(judgement.figure, column, row)))
    if (there.includes(undefined) || new Set(there).size < cells.length) continue
    const chance = cells.reduce((product, { judgement }, at) => {
      const column = there[at]
      return column === undefined ? product : product * chanceOfCell(judgement.figure, column, 1)
    }, view.table.rowCount)
    return judged.map((judgement) => {
      const at = cells.findIndex((cell) => cell.judgement === judgement)
      const column = there[at]
      if (judgement.found !== null || column === undefined) return judgement
      return {
        ...judgement,
        found: cellFoundBeside(view.table, { column, row }, 'which has the other figures, too'),
        against: null,
        chance: Math.min(1, chance),
      }
    })
  }
  return judged
}

function mayBeCell({ figure, found }: Judgement, { named, operations }: Asked): boolean {
  const computes =
    operations.has('sum') || operations.has('mean') || operations.has('change') || operations.has('difference')
  const isNumber = figure.kind === 'number' || figure.kind === 'percent' || figure.kind === 'money'
  return isNumber && named === 'own' && !computes && found?.verdict !== 'computed'
}

function isAt(figure: Figure, column: Column, row: number): boolean {
  const value = column.numbers[row] ?? Number.NaN
  return (
    column.kind === 'number' &&
    unitConflict(column, figure) === null &&
    (fits(figure, value) || (column.scale !== 1 && fits(figure, value * column.scale)))
  )
}

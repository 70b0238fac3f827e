import { fits, times } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'
import type { Asked } from './asked.ts'
import { chanceOfForm } from './coincidence.ts'
import { pairsOf, type Side } from './compared-sides.ts'
import { short, unitConflict, type Trial } from './trial.ts'

/** Differences, changes and ratios between two things that a sentence names, one of them perhaps the mean. */
export function* readDifferences(asked: Asked): Generator<Trial> {
  const { operations, figure } = asked
  const wanted = operations.has('difference') || operations.has('change') || operations.has('ratio')
  if (!wanted || figure.kind === 'rank' || figure.kind === 'date') return
  for (const column of columnsOf(asked)) {
    for (const [left, right] of pairsOf(asked, column)) yield* between(asked, column, left, right)
  }
}

function columnsOf(asked: Asked): readonly Column[] {
  const said = asked.columns.filter((column) => column.kind === 'number')
  if (said.length > 0) return said
  const free = asked.view.table.columns.filter((column) => column.kind === 'number' && !column.isYears)
  return free.length <= 3 ? free : []
}

function differencesOf({ figure }: Asked, column: Column, value: number): number[] {
  if (figure.kind === 'percent' && column.isFraction) return [value * 100]
  return column.scale === 1 ? [value] : [value, value * column.scale]
}

/** Percent of what it was before, or of what stands behind "than"; of either where words leave that open. */
function partsOf({ operations, view }: Asked, left: Side, right: Side): number[] {
  const ofRight = (100 * (left.value - right.value)) / Math.abs(right.value)
  const ofLeft = (100 * (right.value - left.value)) / Math.abs(left.value)
  const inTime = left.time !== undefined && right.time !== undefined && left.time !== right.time
  if (operations.has('change') && inTime) return [(left.time ?? 0) > (right.time ?? 0) ? ofRight : ofLeft]
  return /\bthan\b/i.test(view.text) ? [ofRight] : [ofRight, ofLeft]
}

/** "by 5", "5 more", "a gap of 5": is this figure the difference, and not one of the two? */
function isSaidOf({ before, after }: Asked): boolean {
  return (
    /\b(?:by|difference of|gap of|margin of|lead of|change of)\s*[$€£]?$/i.test(before) ||
    /^\s*(?:[\p{L}%€]+\s+){0,2}(?:more|less|fewer|higher|lower|above|below|ahead|behind|longer|shorter|older|younger|larger|smaller|greater)\b/iu.test(
      after,
    )
  )
}

function* between(asked: Asked, column: Column, left: Side, right: Side): Generator<Trial> {
  const { figure, view, operations } = asked
  const isRatio = operations.has('ratio') && figure.kind === 'number'
  const isPart = figure.kind === 'percent' && figure.unit !== 'points'
  const values = isRatio
    ? [left.value / right.value, right.value / left.value]
    : isPart
      ? [...partsOf(asked, left, right), ...(column.unit === '%' ? [left.value - right.value] : [])]
      : differencesOf(asked, column, left.value - right.value)
  const said = isRatio ? 'ratio' : isPart ? 'change' : 'difference'
  const conflict = isRatio || figure.kind === 'percent' ? null : unitConflict(column, figure)
  for (const value of values) {
    const isFit = fits(figure, value) || (!figure.signed && fits(times(figure, -1), value))
    if (!Number.isFinite(value)) continue
    yield {
      verdict: 'computed',
      value: figure.signed ? value : Math.abs(value),
      fits: isFit && conflict === null,
      firm: asked.named === 'own' && isSaidOf(asked),
      table: view.table,
      column,
      rows: [...left.rows, ...right.rows],
      ...(left.mentions === undefined || right.mentions === undefined
        ? {}
        : { mentions: [...left.mentions, ...right.mentions] }),
      how: `${said} of ${short(column.name)} between ${short(left.said)} and ${short(right.said)} in ${short(view.table.title)}`,
      chance: () => Math.min(1, 2 * chanceOfForm(figure)),
    }
  }
}

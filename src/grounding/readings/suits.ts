import type { Figure } from '../figures/figure.ts'
import type { Column } from '../tables/column.ts'

/** Can cells of a column be what a figure of this kind says? */
export function suits(column: Column, figure: Figure): boolean {
  if (figure.kind === 'date') return column.kind === 'date' || (figure.year === true && column.kind === 'number')
  return column.kind === 'number' && !(column.isYears && figure.kind !== 'number')
}

import type { Column } from '../tables/column.ts'
import type { Figure } from '../figures/figure.ts'

/** Words of a sentence that are the value of a column in some rows. */
export interface ValueMention {
  readonly start: number
  readonly end: number
  readonly column: Column
  readonly rows: readonly number[]
  /** Is it the whole value, and no word that is said anyway? */
  readonly strong: boolean
  /** Is it a word of a value alone? */
  readonly isPart?: boolean
  /** Is it a place in time: "the first week"? */
  readonly isPlace?: boolean
  /** Is it the name of a column of truths: "survived"? */
  readonly isFlag?: boolean
  /** The figure that it is: a year, the number of a round. */
  readonly figure?: Figure
}

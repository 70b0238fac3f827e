import type { FactTable } from './fact-table.ts'

/**
 * A sentence as an analyst writes one about a table. Who wrote it had not seen the checker. What it claims is a program over the
 * table, so that the label is computed and not believed.
 */
export interface FreeSentence {
  readonly table: string
  readonly sentence: string
  readonly label: boolean
  readonly holds: (table: FactTable) => boolean
}

type Claim = readonly [sentence: string, holds: (table: FactTable) => boolean]

/** True and false sentences about one table. */
export function about(
  table: string,
  claims: { readonly right: readonly Claim[]; readonly wrong: readonly Claim[] },
): readonly FreeSentence[] {
  return [
    ...claims.right.map(([sentence, holds]) => ({ table, sentence, label: true, holds })),
    ...claims.wrong.map(([sentence, holds]) => ({ table, sentence, label: false, holds })),
  ]
}

/** Whether a value is what people write with so many decimals: `near(12.34, 12.3, 1)`. */
export function near(value: number, written: number, decimals = 0): boolean {
  return Math.abs(value - written) <= 0.5000001 * 10 ** -decimals
}

/** Whether two texts are one, whatever their capitals. */
export function is(left: string, right: string): boolean {
  return left.trim().toLowerCase() === right.trim().toLowerCase()
}

/** What a sentence claims whose figure is right and whose unit is not the column's. */
export function inAnotherUnit(): boolean {
  return false
}

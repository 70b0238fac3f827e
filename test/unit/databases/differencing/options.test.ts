import { describe, expect, it } from 'vitest'
import { ledgerOptions } from '../../../../src/databases/differencing/options.ts'

describe('the options of the ledger', () => {
  it('keep answers for ever by default', () => {
    expect(ledgerOptions.parse({})).toEqual({
      maximum_rows: 250_000,
      maximum_groups: 1_000,
      maximum_answers: 2_000,
      maximum_cells: 20_000_000,
      remember_days: null,
    })
  })

  it.each([
    ['maximum_rows', 100, 5_000_000],
    ['maximum_groups', 1, 100_000],
    ['maximum_answers', 1, 20_000],
    ['maximum_cells', 10_000, 200_000_000],
    ['remember_days', 1, 36_500],
  ] as const)('%s lies between %d and %d, and is whole', (name, least, most) => {
    const takes = (value: unknown) => ledgerOptions.safeParse({ [name]: value }).success
    expect([least, most].map(takes)).toEqual([true, true])
    expect([least - 1, most + 1, least + 0.5, String(least)].map(takes)).toEqual([false, false, false, false])
  })

  it('have no others', () => {
    expect(ledgerOptions.safeParse({ maximum_row: 500 }).success).toBe(false)
  })
})

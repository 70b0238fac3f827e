import { expect, it } from 'vitest'
import { CheckingBudget } from '../../../../src/endpoints/contract/checking-budget.ts'

it.each([
  [0, 100_000],
  [1, 100_008],
  [1_000, 108_000],
])('a value of %i bytes may take %i steps, and not one more', (bytes, steps) => {
  const budget = new CheckingBudget(bytes)
  budget.take(steps - 1)
  budget.take(1)
  expect(() => budget.take(1)).toThrow('The body takes more work to be held against its schema than its size allows.')
  expect(() => new CheckingBudget(bytes).take(steps + 1)).toThrow(expect.objectContaining({ parameter: 'body' }))
})

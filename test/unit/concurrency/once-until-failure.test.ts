import { expect, it } from 'vitest'
import { onceUntilFailure } from '../../../src/concurrency/once-until-failure.ts'

it('does the work once for all who ask, before and after it is done', async () => {
  let times = 0
  const ask = onceUntilFailure(async () => (times += 1))
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1])
  expect(await ask()).toBe(1)
})

it('fails for all who wait, and tries again for the next', async () => {
  let times = 0
  const ask = onceUntilFailure(async () => {
    times += 1
    if (times === 1) throw new Error('not yet')
    return times
  })
  const [first, second] = [ask(), ask()]
  await expect(first).rejects.toThrow('not yet')
  await expect(second).rejects.toThrow('not yet')
  expect(await ask()).toBe(2)
  expect(await ask()).toBe(2)
})

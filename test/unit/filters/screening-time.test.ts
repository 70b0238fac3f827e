import { expect, it } from 'vitest'
import { ScreeningTime } from '../../../src/filters/screening-time.ts'

it('the time of a response grows less by what is spent of it, and ends at none', () => {
  const time = new ScreeningTime(100)
  expect([time.limit, time.left]).toEqual([100, 100])
  time.spend(30)
  expect(time.left).toBe(70)
  time.spend(30)
  expect(time.left).toBe(40)
  time.spend(1_000)
  expect([time.limit, time.left]).toEqual([100, 0])
})

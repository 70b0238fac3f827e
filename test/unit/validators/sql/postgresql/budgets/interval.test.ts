import { describe, expect, it } from 'vitest'
import { intervalMilliseconds } from '../../../../../../src/validators/sql/postgresql/budgets/interval.ts'

const day = 86_400_000

describe('the least length of an interval', () => {
  it.each([
    ['1 day', day],
    ['  2 DAYS ', 2 * day],
    ['1day', day],
    ['-3 days', 3 * day],
    ['3 days ago', 3 * day],
    ['@ 1 hour', 3_600_000],
    ['1 month', 28 * day],
    ['1 year', 365 * day],
    ['1 decade', 3_650 * day],
    ['1 century', 36_500 * day],
    ['2 weeks', 14 * day],
    ['0.5 minutes', 30_000],
    ['.5 h', 1_800_000],
    ['7 s', 7_000],
    ['7', 7_000],
    ['250 ms', 250],
    ['500 us', 0.5],
    ['2 millennia', 730_000 * day],
    ['1 day 2 seconds', day + 2_000],
    ['1 day 2 hours 30 minutes', day + 9_000_000],
    ['1 day 02:30', day + 9_000_000],
    ['00:00:01', 1_000],
    ['01:00:00.5', 3_600_500],
    ['P1D', day],
    ['P1Y2M3W4DT5H6M7.5S', (365 + 56 + 21 + 4) * day + 18_367_500],
    ['PT1S', 1_000],
  ])('of %j is %d ms', (text, milliseconds) => {
    expect(intervalMilliseconds(text)).toBe(milliseconds)
  })

  it.each([
    [0.001, 'us usec usecs usecond useconds microsecon microsecond microseconds'],
    [1, 'ms msec msecs msecond mseconds millisecon millisecond milliseconds'],
    [1_000, 's sec secs second seconds'],
    [60_000, 'm min mins minute minutes'],
    [3_600_000, 'h hr hrs hour hours'],
    [day, 'd day days'],
    [7 * day, 'w week weeks'],
    [28 * day, 'mon mons month months'],
    [365 * day, 'y yr yrs year years'],
    [3_650 * day, 'dec decs decade decades'],
    [36_500 * day, 'c cent century centuries'],
    [365_000 * day, 'mil mils millennia millennium'],
  ])('is %d ms by every name of the unit: %s', (milliseconds, names) => {
    for (const name of names.split(' ')) expect([name, intervalMilliseconds(`1 ${name}`)]).toEqual([name, milliseconds])
  })

  it.each(['', ' ', 'day', '1 dog', '1 day x', 'infinity', '1 day 2', 'P', 'now', '1:2:3:4'])(
    'is not told by %j',
    (text) => {
      expect([null, 0]).toContain(intervalMilliseconds(text))
    },
  )
})

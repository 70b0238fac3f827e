import { describe, expect, it } from 'vitest'
import {
  amountText,
  bytesText,
  distanceText,
  moneyText,
  shareText,
} from '../../../../../src/web/pages/operate/words.ts'

describe('amounts on the pages for operators', () => {
  it.each([
    ['money', 12_345_678, '12.35'],
    ['money', 412, '0.000412'],
    ['money', 0, '0.00'],
    ['sandbox_ms', 200_000, '3 min 20 s'],
    ['bytes', 1_500_000, '1.5 MB'],
    ['requests', 1_247, '1,247'],
  ])('are in the unit that they are counted in: %s', (unit, amount, said) => {
    expect(amountText(unit, amount)).toBe(said)
  })

  it('say bytes in the unit that fits, and nothing beyond the last', () => {
    expect([0, 999, 1_000, 4_194_304, 3.2e15].map(bytesText)).toEqual(['0 B', '999 B', '1 kB', '4.2 MB', '3,200 TB'])
  })

  it('say no share where there is no whole', () => {
    expect([shareText(0, 0), shareText(1, 3), shareText(1, 1_000), shareText(2, 1)]).toEqual([
      '–',
      '33.3 %',
      '0.1 %',
      '200 %',
    ])
  })

  it('say small money to the digit that says anything', () => {
    expect([moneyText(9_999), moneyText(10_000), moneyText(-1_500_000)]).toEqual(['0.009999', '0.01', '-1.50'])
  })

  it('say how far a moment is, and what is no moment as it is', () => {
    const now = Date.parse('2026-11-30T20:00:00Z')
    expect(
      ['2026-11-30T20:03:00Z', '2026-11-30T19:59:55.800Z', '2026-11-30T20:00:00.200Z', 'soon'].map((at) =>
        distanceText(at, now),
      ),
    ).toEqual(['in 3 min', '4.2 s ago', 'now', 'soon'])
  })
})

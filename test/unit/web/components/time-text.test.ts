import { describe, expect, it } from 'vitest'
import { durationText, timeAgo } from '../../../../src/web/components/time-text.ts'

const now = new Date('2026-06-01T12:00:00Z')
const ago = (seconds: number) => timeAgo(new Date(now.getTime() - seconds * 1000), now)

describe('times for people', () => {
  it('say how long ago', () => {
    expect([ago(0), ago(59), ago(61), ago(3_700), ago(90_000)]).toEqual([
      'now',
      '59 seconds ago',
      '1 minute ago',
      '1 hour ago',
      'yesterday',
    ])
    expect(ago(-7_200)).toBe('in 2 hours')
    expect(ago(40 * 86_400)).toContain('2026')
  })

  it('say how long', () => {
    const lengths = [-5, 0, 840, 999.4, 999.6, 2_400, 59_900, 59_960, 185_000, 3_599_700, 7_260_000, 86_400_000]
    expect(lengths.map(durationText)).toEqual([
      '0 ms',
      '0 ms',
      '840 ms',
      '999 ms',
      '1 s',
      '2.4 s',
      '59.9 s',
      '1 min',
      '3 min 5 s',
      '1 h',
      '2 h 1 min',
      '1 day',
    ])
    expect(durationText(187_200_000)).toBe('2 days 4 h')
  })
})

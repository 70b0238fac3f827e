import { describe, expect, it } from 'vitest'
import { approvalState, askedFor, isOpen } from '../../../../../src/web/pages/operate/approvals/approval-words.ts'
import { barsOf, picture, scaleTop } from '../../../../../src/web/pages/operate/overview/bars.ts'
import { boundedText } from '../../../../../src/web/pages/operate/overview/overview-words.ts'
import { aboutDecision, decisions, readQuestion } from '../../../../../src/web/pages/operate/policy/questions.ts'
import { mostShown, shownDecisions, type Which } from '../../../../../src/web/pages/operate/policy/recent-decisions.ts'
import { gvisorBadge } from '../../../../../src/web/pages/operate/sandboxes/sandbox-words.ts'
import { freshnessText } from '../../../../../src/web/pages/operate/sources/source-words.ts'
import { verifies } from '../../../../support/verifies.ts'

describe('the picture of traffic', () => {
  const point = (requests: number, refused = 0, failed = 0) => ({ requests, refused, failed })

  it('has a scale of round numbers that holds every point', () => {
    expect([[], [point(1)], [point(3)], [point(12)], [point(501)]].map(scaleTop)).toEqual([1, 1, 5, 20, 1_000])
  })

  it('stands what failed and what was refused below the rest, and fits', () => {
    const bars = barsOf([point(10, 2, 1), point(0)])
    expect(bars.map(({ kind, height }) => [kind, height])).toEqual([
      ['failed', 12],
      ['refused', 24],
      ['answered', 84],
    ])
    expect(bars.map(({ y, height }) => y + height)).toEqual([120, 108, 84])
    expect(Math.max(...bars.map(({ x, width }) => x + width))).toBeLessThanOrEqual(picture.width)
  })

  it('shows a single fault among thousands', () => {
    expect(barsOf([point(100_000, 0, 1)]).find(({ kind }) => kind === 'failed')?.height).toBe(1)
  })

  it('stays in its frame where more was refused than was counted as asked', () => {
    expect(barsOf([point(1, 5, 5)]).every(({ y, height }) => y >= 0 && height >= 0)).toBe(true)
  })
})

describe('what waits', () => {
  it('is counted to a thousand', () => {
    expect([999, 1_000].map(boundedText)).toEqual(['999', '1,000 or more'])
  })
})

describe('the badge of gVisor', () => {
  it('is good only where it was proven', () => {
    verifies('web.operate-gvisor')
    const kinds = (['proven', 'unproven', 'failed'] as const).map((gvisor) => gvisorBadge(gvisor).kind)
    expect(kinds).toEqual(['good', 'warning', 'danger'])
  })
})

describe('the freshness of a source', () => {
  const replica = { standby: true, lag_ms: 8_000, lag_estimated: false, maximum_lag_ms: 10_000 }

  it.each([
    [{ ...replica, standby: null }, 'not known', 'neutral'],
    [{ ...replica, standby: false }, 'current: a primary', 'good'],
    [replica, 'a replica, 8 s behind, of 10 s permitted', 'good'],
    [
      { ...replica, lag_ms: 11_000, lag_estimated: true },
      'a replica, about 11 s behind, more than the 10 s permitted',
      'danger',
    ],
    [{ ...replica, maximum_lag_ms: null }, 'a replica, 8 s behind', 'neutral'],
    [{ ...replica, lag_ms: null }, 'a replica; how far behind is not known', 'warning'],
  ])('is said as far as it is known', (source, text, kind) => {
    expect(freshnessText(source)).toEqual({ text, kind })
  })
})

describe('an approval', () => {
  it('can be decided while it waits and is not over', () => {
    const now = Date.parse('2026-11-30T20:00:00Z')
    const [later, before] = ['2026-11-30T20:00:01Z', '2026-11-30T19:59:59Z']
    expect(isOpen({ state: 'pending', expires_at: later }, now)).toBe(true)
    expect(isOpen({ state: 'pending', expires_at: before }, now)).toBe(false)
    expect(isOpen({ state: 'allowed', expires_at: later }, now)).toBe(false)
    expect(approvalState('used').text).toBe('allowed and used')
  })

  it('says what is asked for in a line', () => {
    expect(askedFor({ tool: 'run_sql', language: 'sql', source: 'shop' })).toBe('run_sql: sql on shop')
    expect(askedFor({ tool: 'send', language: null, source: null })).toBe('send')
  })
})

describe('a dry run of policy', () => {
  it('asks with an object of JSON', () => {
    expect(readQuestion('grant', '{"channel":"http"}')).toEqual({
      question: { decision: 'grant', input: { channel: 'http' } },
    })
  })

  it.each(['{', '[]', 'null', '3'])('asks nothing with %j', (text) => {
    expect(readQuestion('grant', text)).toHaveProperty('fault')
  })

  it('says of every decision what it is about', () => {
    expect(new Set(decisions.map(aboutDecision)).size).toBe(decisions.length)
  })
})

describe('the newest decisions', () => {
  const line = (sequence: number, outcome: string) => ({
    sequence,
    time: '',
    fact: { outcome },
    previous: '',
    hash: '',
  })
  const newest = [line(5, 'allowed'), line(4, 'refused'), line(3, 'allowed'), line(2, 'fault'), line(1, 'allowed')]
  const numbers = (which: Which) => shownDecisions(newest, which).lines.map(({ sequence }) => sequence)

  it('have first what was not allowed, or nothing else', () => {
    expect([numbers('all'), numbers('refusals')]).toEqual([
      [4, 2, 5, 3, 1],
      [4, 2],
    ])
    expect(shownDecisions(newest, 'all').refused).toBe(2)
  })

  it('are no more than a list for people', () => {
    const many = Array.from({ length: 200 }, (_, at) => line(at, 'allowed'))
    expect(shownDecisions(many, 'all').lines).toHaveLength(mostShown)
  })
})

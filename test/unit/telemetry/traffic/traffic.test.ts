import { describe, expect, it } from 'vitest'
import { Traffic } from '../../../../src/telemetry/traffic/traffic.ts'
import { verifies } from '../../../support/verifies.ts'

const minute = 60_000
const hour = 60 * minute

/** Traffic on a clock that is set by hand. */
function onClock(start = 10 * hour) {
  const clock = { now: start }
  return { clock, traffic: new Traffic(() => clock.now) }
}

const answer = (status = 200, milliseconds = 100, route: string | null = '/v1/responses') => {
  return { route, status, milliseconds }
}

describe('the traffic of a process', () => {
  it('is what callers were answered, by what became of it, and how long whole answers took', () => {
    verifies('overview.traffic')
    const { traffic } = onClock()
    for (let milliseconds = 1; milliseconds <= 1_000; milliseconds += 1) traffic.answered(answer(200, milliseconds))
    for (const status of [400, 403, 429]) traffic.answered(answer(status, 90_000))
    traffic.answered(answer(503))
    const { requests, refused, failed, latency } = traffic.sumUp('1h')
    expect({ requests, refused, failed }).toEqual({ requests: 1_004, refused: 3, failed: 1 })
    for (const [share, seen] of [
      [0.5, latency?.p50],
      [0.95, latency?.p95],
      [0.99, latency?.p99],
    ] as const) {
      expect(Math.abs((seen ?? 0) / (share * 1_000) - 1)).toBeLessThan(0.06)
    }
  })

  it.each([
    '/livez',
    '/readyz',
    '/metrics',
    '/admin/v1/keys/{id}',
    '/app/',
    '/app/assets/x.js',
    '/docs',
    '/openapi.json',
  ])('is not what is asked at %s', (route) => {
    const { traffic } = onClock()
    traffic.answered(answer(200, 5, route))
    expect(traffic.sumUp('5m')).toMatchObject({ requests: 0, latency: null })
  })

  it('is also what was asked where nothing is, and at an address that begins like one of those', () => {
    const { traffic } = onClock()
    traffic.answered(answer(404, 5, null))
    traffic.answered(answer(200, 5, '/apps'))
    expect(traffic.sumUp('5m')).toMatchObject({ requests: 2, refused: 1 })
  })

  it('is gone from a window once it is older, and stands in the piece of the window that it fell into', () => {
    verifies('overview.traffic')
    const { clock, traffic } = onClock()
    traffic.answered(answer())
    clock.now += 30 * minute
    traffic.answered(answer())
    traffic.answered(answer(500))
    const requests = (window: '5m' | '1h' | '24h') => traffic.sumUp(window).requests
    expect([requests('5m'), requests('1h'), requests('24h')]).toEqual([2, 3, 3])
    const points = traffic.sumUp('1h').points
    expect(points).toHaveLength(60)
    expect(points.filter((point) => point.requests > 0).map((point) => [point.beganAgo, point.requests])).toEqual([
      [30 * minute, 1],
      [0, 2],
    ])
    clock.now += hour
    expect([requests('5m'), requests('1h'), requests('24h')]).toEqual([0, 0, 3])
    clock.now += 48 * hour
    traffic.answered(answer())
    expect(requests('24h')).toBe(1)
    expect(traffic.sumUp('24h').countedFor).toBe(49.5 * hour)
  })

  it('names reasons of refusals, the most frequent first, and no more than it has room for', () => {
    verifies('overview.refusals')
    const { traffic } = onClock()
    traffic.refused('gate', 'sql/relation')
    for (const _ of [1, 2, 3]) traffic.refused('content', 'a category of two words')
    expect(traffic.sumUp('5m').refusals).toEqual([
      { stage: 'content', reason: 'a category of two words', count: 3 },
      { stage: 'gate', reason: 'sql/relation', count: 1 },
    ])
    for (let more = 0; more < 10_000; more += 1) traffic.refused('policy', `rule ${more}`)
    const { refusals } = traffic.sumUp('5m')
    expect(refusals.length).toBeLessThan(210)
    expect(refusals[0]).toEqual({ stage: 'policy', reason: 'other', count: 10_000 - 198 })
    expect(refusals.reduce((sum, { count }) => sum + count, 0)).toBe(10_004)
  })

  it('has what groups have used, and how calls of each upstream ended', () => {
    const { traffic } = onClock()
    traffic.used('sales', { tokens: 10, money: 2_000_000, rows: 0 })
    traffic.used('sales', { tokens: 5 })
    traffic.called('one', 'answered', 200)
    traffic.called('one', 'failed', 9_000)
    traffic.called('two', 'cancelled', 1)
    const { uses, upstreams } = traffic.sumUp('24h')
    expect(uses).toEqual([
      { group: 'sales', unit: 'money', amount: 2_000_000 },
      { group: 'sales', unit: 'tokens', amount: 15 },
    ])
    expect(upstreams.get('one')).toMatchObject({ answered: 1, failed: 1, cancelled: 0 })
    expect(Math.abs((upstreams.get('one')?.latency?.p99 ?? 0) / 200 - 1)).toBeLessThan(0.06)
    expect(upstreams.get('two')).toEqual({ answered: 0, failed: 0, cancelled: 1, latency: null })
  })
})

import { describe, expect, it } from 'vitest'
import { simulate } from '../../../../src/feedback/simulation/simulate.ts'
import { pageOfRows, type Row } from '../../../support/feedback/labels.ts'
import { madeDetectors, madeTraffic } from '../../../support/feedback/made-traffic.ts'
import { verifies } from '../../../support/verifies.ts'

// eslint-disable-next-line typescript/require-await
async function* pagesOf(...pages: readonly (readonly Row[])[]) {
  for (const page of pages) yield pageOfRows(page)
}

const thresholds = { from: 0.5, to: 0.7, detectors: madeDetectors }

describe('a replay under another threshold', () => {
  it('counts what would have happened by day and stratum, as worked out by hand', async () => {
    verifies('tuning.replay')
    const simulation = await simulate(
      pagesOf(
        [
          { id: 'a', score: 0.9, made: '2026-11-01T23:59:59.999Z' },
          { id: 'b', score: 0.6, made: '2026-11-01T01:00:00Z' },
          { id: 'c', score: 0.1, stratum: 'passed', weight: 8, made: '2026-11-02T00:00:00Z' },
        ],
        [{ id: 'd', score: 0.69, made: '2026-11-01T02:00:00Z' }],
      ),
      thresholds,
    )
    expect(simulation).toMatchObject({
      recordedDecisions: 4,
      decisions: 11,
      released: 2,
      added: 0,
      unknown: 0,
      others: 0,
    })
    expect(simulation.before.rate).toBeCloseTo(3 / 11, 12)
    expect(simulation.after.rate).toBeCloseTo(1 / 11, 12)
    expect(simulation.days.map(({ day, decisions, before }) => [day, decisions, before.rate])).toEqual([
      ['2026-11-01', 3, 1],
      ['2026-11-02', 8, 0],
    ])
    expect(simulation.strata.find(({ stratum }) => stratum === 'passed')).toMatchObject({ decisions: 8, released: 0 })
    expect(simulation.examples.released.map(({ id }) => id)).toEqual(['d', 'b'])
  })

  it('shows what would newly be acted on', async () => {
    const rows: Row[] = Array.from({ length: 30 }, (_, index) => ({
      id: `n${index}`,
      score: 0.3 + index / 200,
      stratum: 'near',
    }))
    const { examples, added } = await simulate(pagesOf(rows), { ...thresholds, to: 0.35 })
    expect(added).toBe(20)
    expect(examples.added).toHaveLength(10)
    expect(examples.added[0]).toEqual({ id: 'n10', score: 0.35, stratum: 'near', made: '2026-11-30T12:00:00.000Z' })
  })

  it('says of how many it cannot tell, and leaves other detectors out', async () => {
    const rows: Row[] = [
      { score: 0.6, isBound: true, weight: 3 },
      { score: 0.9, isBound: true },
      { score: 0.9, detectors: 'words@0' },
    ]
    expect(await simulate(pagesOf(rows), thresholds)).toMatchObject({
      unknown: 3,
      released: 0,
      others: 1,
      decisions: 4,
    })
  })

  it('says what was recorded beside what the threshold in force does: a rule in shadow has done nothing', async () => {
    const simulation = await simulate(pagesOf([{ score: 0.9, acted: false }, { score: 0.2 }]), thresholds)
    expect([simulation.recorded.rate, simulation.before.rate]).toEqual([0, 0.5])
  })

  it('takes no number that is none', async () => {
    await expect(simulate(pagesOf([{ score: Number.NaN }]), thresholds)).rejects.toThrow('has the score NaN')
  })

  it('says nothing of nothing', async () => {
    const simulation = await simulate(pagesOf(), thresholds)
    expect(simulation).toMatchObject({ decisions: 0, days: [], after: { rate: Number.NaN, low: 0, high: 1 } })
  })

  it('finds the rate of all traffic in its interval, out of what was recorded of it', async () => {
    const held = await Promise.all(
      Array.from({ length: 20 }, async (_, seed) => {
        const traffic = madeTraffic({ seed, decisions: 5_000, days: 3 })
        const { after, days } = await simulate(traffic.pages(), { ...thresholds, to: 0.4 })
        expect(days).toHaveLength(3)
        const { acted } = traffic.trueRates(0.4)
        return after.low <= acted && acted <= after.high
      }),
    )
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(17)
  })
})

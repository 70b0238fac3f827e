import { describe, expect, it } from 'vitest'
import { PopulationCounter } from '../../../../src/feedback/estimates/population.ts'
import { trafficCurve } from '../../../../src/feedback/estimates/traffic-curve.ts'
import { madeDetectors, madeTraffic, together } from '../../../support/feedback/made-traffic.ts'
import { label, pageOfRows } from '../../../support/feedback/labels.ts'
import { verifies } from '../../../support/verifies.ts'

function populationOf(rows: Parameters<typeof pageOfRows>[0]) {
  const counter = new PopulationCounter(madeDetectors)
  counter.add(pageOfRows(rows))
  return counter.population()
}

/** So many like it. */
const times = <Row>(count: number, row: Row): Row[] => Array.from({ length: count }, () => row)

describe('rates of traffic out of a sample of labels', () => {
  it('weighs labels by the decisions that they stand for, as worked out by hand', () => {
    verifies('tuning.rates')
    // 100 withheld, 900 passed of which every ninth is recorded. Of ten labels of each, four and one are harmful.
    const population = populationOf([
      ...times(100, { score: 0.9, stratum: 'withheld' as const }),
      ...times(100, { score: 0.1, stratum: 'passed' as const, weight: 9 }),
    ])
    const labels = [
      ...times(6, label({ score: 0.9, truth: 'harmless' })),
      ...times(4, label({ score: 0.9, truth: 'harmful' })),
      ...times(9, label({ score: 0.1, truth: 'harmless', stratum: 'passed', weight: 9 })),
      ...times(1, label({ score: 0.1, truth: 'harmful', stratum: 'passed', weight: 9 })),
    ]
    const rates = trafficCurve(population, labels).at(500)
    expect(rates.acted.rate).toBeCloseTo(0.1, 12)
    // 60 false blocks; harmless are 60 and nine tenths of 900.
    expect(rates.falsePositives.rate).toBeCloseTo(60 / 870, 12)
    // 40 found, a tenth of 900 missed.
    expect(rates.misses.rate).toBeCloseTo(90 / 130, 12)
    expect(rates.wrongActions.rate).toBeCloseTo(0.6, 12)
    expect(rates.falseBlocks.value).toBeCloseTo(60, 9)
    expect(trafficCurve(population, labels).countsAt(500)).toEqual({
      falseBlocks: expect.closeTo(60, 9) as number,
      missed: expect.closeTo(90, 9) as number,
      harmful: expect.closeTo(130, 9) as number,
    })
  })

  it('lets complaints count for themselves alone, however many there are', () => {
    verifies('tuning.complaints')
    const population = populationOf([
      ...times(100, { score: 0.9, stratum: 'withheld' as const }),
      ...times(900, { score: 0.1, stratum: 'passed' as const }),
    ])
    const drawn = [
      ...times(1, label({ score: 0.9, truth: 'harmless' })),
      ...times(9, label({ score: 0.9, truth: 'harmful' })),
      ...times(50, label({ score: 0.1, truth: 'harmless', stratum: 'passed' })),
    ]
    const appeals = times(10, label({ score: 0.9, truth: 'harmless', source: 'appeal' }))
    // The drawn ones speak for the other 90: a tenth of these, and the ten.
    expect(trafficCurve(population, [...drawn, ...appeals]).at(500).falseBlocks.value).toBeCloseTo(9 + 10, 9)
    expect(trafficCurve(population, drawn).at(500).falseBlocks.value).toBeCloseTo(10, 9)
  })

  it('does not take a stratum without a label for one without harm', () => {
    const population = populationOf([
      ...times(100, { score: 0.9, stratum: 'withheld' as const }),
      ...times(900, { score: 0.1, stratum: 'passed' as const }),
    ])
    const { misses } = trafficCurve(population, times(20, label({ score: 0.9, truth: 'harmful' }))).at(500)
    expect(misses.low).toBe(0)
    expect(misses.high).toBeGreaterThan(0.85)
  })

  it('counts a score that is only known to be no lower as acted on where that is worse, and as missed where that is', () => {
    const population = populationOf([
      ...times(50, { score: 0.6, stratum: 'withheld' as const, isBound: true }),
      ...times(50, { score: 0.9, stratum: 'withheld' as const }),
      ...times(100, { score: 0.1, stratum: 'passed' as const }),
    ])
    const labels = [
      ...times(5, label({ score: 0.6, truth: 'harmless', isBound: true })),
      ...times(5, label({ score: 0.6, truth: 'harmful', isBound: true })),
      ...times(10, label({ score: 0.9, truth: 'harmful' })),
      ...times(10, label({ score: 0.1, truth: 'harmless', stratum: 'passed' })),
    ]
    const curve = trafficCurve(population, labels)
    expect(curve.at(500).unknown).toBe(0)
    expect(curve.at(500).missed.value).toBe(0)
    const higher = curve.at(800)
    expect(higher.unknown).toBeCloseTo(0.25, 12)
    expect(higher.falseBlocks.value).toBeCloseTo(25, 9)
    expect(higher.missed.value).toBeCloseTo(25, 9)
    expect(curve.countsAt(800)).toMatchObject({
      falseBlocks: expect.closeTo(25, 9) as number,
      missed: expect.closeTo(25, 9) as number,
    })
  })

  it('is less sure of what was recorded by sample, by as much as that is uncertain', () => {
    const labels = [
      ...times(15, label({ score: 0.4, truth: 'harmless', stratum: 'near' })),
      ...times(15, label({ score: 0.1, truth: 'harmless', stratum: 'passed' })),
    ]
    const widthOf = (near: number, weight: number) => {
      const population = populationOf([
        ...times(near, { score: 0.4, stratum: 'near' as const, weight }),
        ...times(10_000, { score: 0.1, stratum: 'passed' as const }),
      ])
      const { low, high, rate } = trafficCurve(population, labels).at(300).falsePositives
      expect(rate).toBeCloseTo(1_000 / 11_000, 12)
      return high - low
    }
    // 20 recorded of 1,000: a standard deviation of 221, so that 95 % are 434 either way, of 11,000.
    expect(widthOf(20, 50) - widthOf(1_000, 1)).toBeGreaterThan(0.04)
  })

  it('counts at every threshold what it estimates there with an interval', () => {
    const traffic = madeTraffic({ seed: 3, decisions: 3_000, baseRate: 0.1 })
    const counter = new PopulationCounter(madeDetectors)
    counter.add(traffic.page())
    counter.add(pageOfRows(times(40, { score: 0.6, isBound: true })))
    const bounds = ['harmful', 'harmless'].flatMap((truth) =>
      times(4, label({ score: 0.6, isBound: true, truth: truth === 'harmful' ? 'harmful' : 'harmless' })),
    )
    const curve = trafficCurve(counter.population(), [
      ...together(traffic.draw(40, 4), traffic.appeals(0.2, 5)),
      ...bounds,
      label({ score: 0.6, isBound: true, source: 'appeal' }),
    ])
    for (let bin = 0; bin <= 1_000; bin += 25) {
      const [{ falseBlocks, missed }, counts] = [curve.at(bin), curve.countsAt(bin)]
      expect(counts.falseBlocks).toBeCloseTo(falseBlocks.value, 6)
      expect(counts.missed).toBeCloseTo(missed.value, 6)
    }
  })

  it('counts decisions of other detectors apart', () => {
    const counter = new PopulationCounter(madeDetectors)
    counter.add(pageOfRows([{ score: 0.9 }, { score: 0.9, detectors: 'words@0' }]))
    expect(counter.population()).toMatchObject({ recorded: 1, others: 1, decisions: 1, acted: 1 })
  })

  it.each([{ score: Number.NaN }, { score: 1.2 }, { score: 0.5, weight: 0 }, { score: 0.5, weight: Infinity }])(
    'takes no number that is none: %j',
    (row) => {
      expect(() => populationOf([row])).toThrow('A recorded decision has the score')
    },
  )

  // More seeds and other populations are in `npm run bench -- tuning --only coverage`.
  it('holds the true rates in its intervals, over many simulated populations', () => {
    verifies('tuning.rates')
    const seeds = Array.from({ length: 40 }, (_, index) => index)
    const held = { falsePositives: 0, misses: 0, wrongActions: 0, acted: 0 }
    for (const seed of seeds) {
      const traffic = madeTraffic({ seed, decisions: 5_000, baseRate: 0.1 })
      const counter = new PopulationCounter(madeDetectors)
      counter.add(traffic.page())
      const labels = together(traffic.draw(60, seed + 1), traffic.appeals(0.05, seed + 2))
      const rates = trafficCurve(counter.population(), labels).at(600)
      const truth = traffic.trueRates(0.6)
      for (const name of ['falsePositives', 'misses', 'wrongActions', 'acted'] as const) {
        held[name] += Number(rates[name].low <= truth[name] && truth[name] <= rates[name].high)
      }
    }
    for (const hits of Object.values(held)) expect(hits).toBeGreaterThanOrEqual(35)
  })
})

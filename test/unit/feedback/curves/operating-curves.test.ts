import { describe, expect, it } from 'vitest'
import type { LabelledScore } from '../../../../src/core/tuning.ts'
import { operatingCurves, type OperatingCurves } from '../../../../src/feedback/curves/operating-curves.ts'
import { PopulationCounter, type Population } from '../../../../src/feedback/estimates/population.ts'
import { label, pageOfRows, type Row } from '../../../support/feedback/labels.ts'
import { madeDetectors, madeTraffic, together } from '../../../support/feedback/made-traffic.ts'
import { madeLabels } from '../../../support/feedback/made-labels.ts'
import { verifies } from '../../../support/verifies.ts'

const times = <Made>(count: number, make: () => Made): Made[] => Array.from({ length: count }, make)

function populationOf(rows: readonly Row[]): Population {
  const counter = new PopulationCounter(madeDetectors)
  counter.add(pageOfRows(rows))
  return counter.population()
}

/** 100 decisions withheld, and 900 passed of which every ninth is recorded. */
const population = populationOf([
  ...times(100, () => ({ score: 0.9, stratum: 'withheld' as const })),
  ...times(100, () => ({ score: 0.1, stratum: 'passed' as const, weight: 9 })),
])

/** So many labels of each: withheld and harmless, withheld and harmful, passed and harmless, passed and harmful. */
const labels = ([wrong, found, letPass, missed]: readonly [number, number, number, number]): LabelledScore[] => [
  ...times(wrong, () => label({ score: 0.9, truth: 'harmless' })),
  ...times(found, () => label({ score: 0.9, truth: 'harmful' })),
  ...times(letPass, () => label({ score: 0.1, truth: 'harmless', stratum: 'passed', weight: 9 })),
  ...times(missed, () => label({ score: 0.1, truth: 'harmful', stratum: 'passed', weight: 9 })),
]

function curvesOf(items: readonly LabelledScore[], of: Population | null = population, step = 100): OperatingCurves {
  const limits = { lowest: 0.35, highest: 0.85 }
  const inForce = { threshold: 0.55, detectors: madeDetectors }
  const steps = operatingCurves({ items, population: of, inForce, limits, step })
  for (let at = steps.next(); ; at = steps.next()) if (at.done === true) return at.value
}

function pointAt({ points }: OperatingCurves, threshold: number) {
  const found = points.find((point) => point.threshold === threshold)
  if (found === undefined) throw new Error(`there is no point of ${threshold}`)
  return found
}

describe('operating curves', () => {
  it('are what labels of each stratum come to, as worked out by hand', () => {
    verifies('tuning.curves')
    const { missing, labels: counted, decisions, recorded, ...curves } = curvesOf(labels([24, 16, 38, 2]))
    expect({ missing, counted, decisions, recorded }).toEqual({
      missing: null,
      counted: { harmful: 18, harmless: 62, drawn: 80 },
      decisions: 1_000,
      recorded: 200,
    })
    const point = pointAt({ missing, labels: counted, decisions, recorded, ...curves }, 0.5)
    // 60 of the 100 withheld are harmless and 40 harmful; of 900 passed 45 are harmful.
    expect(point.acted.rate).toBeCloseTo(0.1, 12)
    expect(point.falsePositiveRate.rate).toBeCloseTo(60 / (60 + 855), 12)
    expect(point.precision.rate).toBeCloseTo(0.4, 12)
    const { found, missed, falsePositives, letPass } = point.perThousand
    expect(falsePositives.value).toBeCloseTo(60, 9)
    expect(letPass.value).toBeCloseTo(855, 9)
    expect(point.labels).toEqual({ found: 16, falsePositives: 24, missed: 2, letPass: 38, unknown: 0 })
    // Two labels say that 45 of 85 are missed, and that it may as well be 15 or 190: no rate is told of that.
    expect(point.recall.rate).toBeNaN()
    expect([found.value, missed.value]).toEqual([Number.NaN, Number.NaN])
    expect(missed.low).toBeLessThan(45)
    expect(missed.high).toBeGreaterThan(45)
    expect(point.recall.low).toBeLessThan(40 / 85)
    expect(point.recall.high).toBeGreaterThan(40 / 85)
  })

  it('tell of false positives where harmless ones are labelled, and of no recall before harmful ones are', () => {
    verifies('tuning.curves-unknown')
    const few = curvesOf(labels([40, 4, 100, 0]))
    expect(few.missing).toMatchObject({
      reason: 'too-few-labels',
      message: expect.stringContaining('6 harmful') as string,
    })
    const point = pointAt(few, 0.5)
    expect(point.falsePositiveRate.rate).toBeCloseTo((100 * (40 / 44)) / (100 * (40 / 44) + 900), 9)
    expect(point.recall.rate).toBeNaN()
    expect(point.perThousand.missed).toEqual({
      value: Number.NaN,
      low: 0,
      high: expect.closeTo(900 * (1 - 0.025 ** (1 / 100)), 6) as number,
    })
  })

  it('tell no recall of nine texts of a file, although its interval is narrow', () => {
    verifies('tuning.curves-unknown')
    const text = { source: 'import', stratum: 'import' } as const
    const harmless = times(30, () => label({ ...text, score: 0.1 }))
    const recallOf = (count: number) => {
      const found = times(count, () => label({ ...text, truth: 'harmful' }))
      return pointAt(curvesOf([...found, ...harmless]), 0.5).recall
    }
    expect(recallOf(9)).toEqual({ rate: Number.NaN, low: expect.closeTo(0.025 ** (1 / 9), 9) as number, high: 1 })
    expect(recallOf(10).rate).toBe(1)
  })

  it('tell without a label what is acted on, and nothing else', () => {
    verifies('tuning.curves-unknown')
    const none = curvesOf([])
    expect(none.missing?.reason).toBe('one-class')
    for (const { acted, falsePositiveRate, recall, precision, perThousand } of none.points) {
      expect(acted.rate).not.toBeNaN()
      for (const { rate } of [falsePositiveRate, recall, precision]) expect(rate).toBeNaN()
      for (const { value } of Object.values(perThousand)) expect(value).toBeNaN()
    }
  })

  it.each([
    ['duplicated', (items: LabelledScore[]) => [...items, ...items.slice(0, 1)]],
    ['changed-detectors', (items: LabelledScore[]) => [...items, label({ detectors: 'words@0' })]],
    ['mixed-sources', (items: LabelledScore[]) => [...items, label({ source: 'import' })]],
  ])('take no rate of labels that are %s', (reason, broken) => {
    verifies('tuning.curves-unknown')
    const { missing, points } = curvesOf(broken(labels([40, 40, 100, 20])))
    expect(missing?.reason).toBe(reason)
    for (const { falsePositiveRate, recall, precision, perThousand, labels: counted } of points) {
      expect(counted).toEqual({ found: 0, missed: 0, falsePositives: 0, letPass: 0, unknown: 0 })
      for (const each of [falsePositiveRate, recall, precision]) {
        expect(each).toEqual({ rate: Number.NaN, low: 0, high: 1 })
      }
      for (const each of Object.values(perThousand)) expect(each).toEqual({ value: Number.NaN, low: 0, high: 1_000 })
    }
  })

  it('tell nothing at all where what passes is not recorded', () => {
    const withheld = populationOf(times(100, () => ({ score: 0.9 })))
    const { missing, points } = curvesOf(labels([40, 40, 0, 0]), withheld)
    expect(missing?.reason).toBe('no-traffic')
    for (const { acted, precision } of points) expect([acted.rate, precision.rate]).toEqual([Number.NaN, Number.NaN])
  })

  it('have a point for each step, for the threshold in force and for both limits, the lowest first', () => {
    const { points } = curvesOf(labels([40, 40, 100, 20]))
    expect(points.map(({ threshold }) => threshold)).toEqual([
      0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.85, 0.9, 1,
    ])
    expect(curvesOf([], population, 1).points).toHaveLength(1_001)
  })

  it('say of texts of a file how they are, and nothing of traffic', () => {
    const items = madeLabels(400, 7)
    const curves = curvesOf(items, null)
    expect(curvesOf(items)).toEqual({ ...curves, recorded: 200 })
    const harmful = items.filter(({ truth }) => truth === 'harmful')
    expect(curves).toMatchObject({ of: 'texts', decisions: 400, missing: null })
    const { recall, perThousand, labels: counted } = pointAt(curves, 0.5)
    const found = harmful.filter(({ score }) => score >= 0.5).length
    expect(counted).toMatchObject({ found, missed: harmful.length - found })
    expect(recall.rate).toBeCloseTo(found / harmful.length, 12)
    expect(perThousand.found.value).toBeCloseTo((found * 1_000) / 400, 9)
  })

  it('never act on more at a higher threshold', () => {
    const traffic = madeTraffic({ seed: 5, decisions: 20_000, baseRate: 0.2 })
    const counter = new PopulationCounter(madeDetectors)
    counter.add(traffic.page())
    const { points } = curvesOf(traffic.draw(150, 6), counter.population(), 10)
    for (const [at, { acted, perThousand }] of points.entries()) {
      const before = points[at - 1]
      expect(acted.rate).toBeLessThanOrEqual(before?.acted.rate ?? 1)
      const all = Object.values(perThousand).reduce((sum, { value }) => sum + value, 0)
      if (!Number.isNaN(all)) expect(all).toBeCloseTo(1_000, 6)
    }
  })

  it('hold the true rates in their intervals at every threshold, over many simulated populations', () => {
    verifies('tuning.curves')
    const held = { falsePositiveRate: 0, recall: 0, precision: 0, perThousand: 0 }
    const seeds = Array.from({ length: 30 }, (_, index) => index)
    const thresholds = [0.4, 0.6, 0.8]
    for (const seed of seeds) {
      const traffic = madeTraffic({ seed, decisions: 3_000, baseRate: 0.1 })
      const counter = new PopulationCounter(madeDetectors)
      counter.add(traffic.page())
      const items = together(traffic.draw(60, seed + 1), traffic.appeals(0.05, seed + 2))
      const curves = curvesOf(items, counter.population())
      for (const threshold of thresholds) {
        const { falsePositiveRate, recall, precision, perThousand } = pointAt(curves, threshold)
        const truth = traffic.trueRates(threshold)
        const holds = ({ low, high }: { low: number; high: number }, value: number) =>
          Number(low <= value && value <= high)
        held.falsePositiveRate += holds(falsePositiveRate, truth.falsePositives)
        held.recall += holds(recall, 1 - truth.misses)
        held.precision += holds(precision, 1 - truth.wrongActions)
        held.perThousand += holds(perThousand.falsePositives, truth.acted * truth.wrongActions * 1_000)
      }
    }
    for (const hits of Object.values(held)) expect(hits).toBeGreaterThanOrEqual(82)
  })
})

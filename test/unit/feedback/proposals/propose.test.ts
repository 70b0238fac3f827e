import { describe, expect, it } from 'vitest'
import type { LabelledScore } from '../../../../src/core/tuning.ts'
import { PopulationCounter, type Population } from '../../../../src/feedback/estimates/population.ts'
import type { Aim } from '../../../../src/feedback/proposals/aim.ts'
import {
  propose,
  proposeInSteps,
  type ProposedThreshold,
  type ProposeOptions,
} from '../../../../src/feedback/proposals/propose.ts'
import { proposalFault, type ProposalRefusal } from '../../../../src/feedback/proposals/refusals.ts'
import { buildSet } from '../../../../src/feedback/sets/build-set.ts'
import { label, pageOfRows } from '../../../support/feedback/labels.ts'
import { madeDetectors, madeTraffic, together, type MadeTraffic } from '../../../support/feedback/made-traffic.ts'
import { place } from '../../../support/feedback/tuning-examples.ts'
import { verifies } from '../../../support/verifies.ts'

const inForce = { threshold: 0.5, detectors: madeDetectors }
const limits = { lowest: 0.2, highest: 0.95 }
const twoPercent: Aim = { kind: 'false-positive-rate', most: 0.02 }

const setOf = (items: readonly LabelledScore[]) => ({ name: 'first', version: 1, digest: 'a digest', place, items })

function populationOf(traffic: MadeTraffic): Population {
  const counter = new PopulationCounter(madeDetectors)
  counter.add(traffic.page())
  return counter.population()
}

const traffic = madeTraffic({ seed: 7, decisions: 10_000, baseRate: 0.1 })
const population = populationOf(traffic)
const labels = together(traffic.draw(150, 8), traffic.appeals(0.05, 9))

const proposed = (changed: Partial<ProposeOptions> = {}) =>
  propose({ set: setOf(labels), population, inForce, limits, aim: twoPercent, ...changed })

it.each([
  ['by a rate', twoPercent],
  ['by costs', { kind: 'costs', falseBlock: 1, miss: 5 } as const],
])('is proposed %s in steps between which other work has its turn, and comes to the same', (_how, aim) => {
  const options = { set: setOf(labels), population, inForce, limits, aim }
  const steps = proposeInSteps(options)
  let taken = 0
  let step = steps.next()
  for (; step.done !== true; step = steps.next()) taken += 1
  expect(taken).toBeGreaterThan(150)
  expect(step.value).toEqual(propose(options))
})

function accepted(result: ProposedThreshold | ProposalRefusal): ProposedThreshold {
  if (result.kind === 'refused') throw new Error(result.message)
  return result
}

const fileOf = (harmful: readonly number[], harmless: readonly number[]): LabelledScore[] => [
  ...harmful.map((score) => label({ score, truth: 'harmful', source: 'import' })),
  ...harmless.map((score) => label({ score, truth: 'harmless', source: 'import' })),
]

describe('a proposed threshold', () => {
  it('acts on no more of the harmless than is aimed at, and says what that costs in recall', () => {
    verifies('tuning.target')
    const proposal = accepted(proposed())
    const truth = traffic.trueRates(proposal.to)
    expect(traffic.trueRates(0.5).falsePositives).toBeGreaterThan(0.02)
    expect(truth.falsePositives).toBeLessThanOrEqual(0.02)
    expect(proposal.after.falsePositives.low).toBeLessThanOrEqual(truth.falsePositives)
    expect(proposal.after.misses.low).toBeLessThanOrEqual(truth.misses)
    expect(proposal.after.misses.high).toBeGreaterThanOrEqual(truth.misses)
    expect(proposal).toMatchObject({ from: 0.5, heldBy: null, costs: null, limits, aim: twoPercent })
  })

  it('holds the best threshold in its interval, which holds the proposed one', () => {
    const { interval, to } = accepted(proposed())
    let best = 0.2
    while (traffic.trueRates(best).falsePositives > 0.02) best += 0.01
    expect(interval.low).toBeLessThanOrEqual(best)
    expect(interval.high).toBeGreaterThanOrEqual(best)
    expect(interval.low).toBeLessThanOrEqual(to)
    expect(interval.high).toBeGreaterThanOrEqual(to)
  })

  it('is the same for the same set, in whatever order its items are', () => {
    expect(proposed({ set: setOf(labels.toReversed()) })).toEqual(proposed())
    const costs: Aim = { kind: 'costs', falseBlock: 1, miss: 2 }
    expect(proposed({ aim: costs, set: setOf(labels.toReversed()) })).toEqual(proposed({ aim: costs }))
  })

  it('shows decisions that the two thresholds part, as they are labelled', () => {
    const { examples, to } = accepted(proposed())
    const [first] = examples
    expect(first).toMatchObject({ before: true, after: false })
    expect(first?.score).toBeLessThan(to)
    expect(examples.every(({ score, before, after }) => before === score >= 0.5 && after === score >= to)).toBe(true)
    expect(new Set(examples.map(({ decision }) => decision)).size).toBe(examples.length)
  })

  it('says which caller is behind most of what is wrongly acted on', () => {
    const loud = labels.map((each) =>
      each.truth === 'harmless' && each.score >= 0.55 ? { ...each, principal: 'eve' } : each,
    )
    const wrong = loud.filter(({ truth, score }) => truth === 'harmless' && score >= 0.5)
    const ofEve = wrong.filter(({ principal }) => principal === 'eve').length
    expect(ofEve).toBeGreaterThan(wrong.length / 2)
    expect(accepted(proposed({ set: setOf(loud) })).loudest).toEqual({ principal: 'eve', share: ofEve / wrong.length })
  })

  it('is of the least costs where costs are given, with an interval of resampled labels', () => {
    const aim = { kind: 'costs', falseBlock: 1, miss: 1 } as const
    const { to, costs, interval } = accepted(proposed({ aim, inForce: { ...inForce, threshold: 0.3 } }))
    expect(to).toBeGreaterThan(0.3)
    expect(costs?.after.value).toBeLessThan(costs?.before.value ?? 0)
    expect(interval.low).toBeLessThanOrEqual(to)
    expect(interval.high).toBeGreaterThanOrEqual(to)
    const costAt = (threshold: number) => {
      const { falsePositives, misses } = traffic.trueRates(threshold)
      return falsePositives * 0.9 + misses * 0.1
    }
    expect(costAt(to)).toBeLessThan(costAt(0.3))
  })

  it('is higher where a false block costs more', () => {
    const at = (falseBlock: number) => accepted(proposed({ aim: { kind: 'costs', falseBlock, miss: 1 } })).to
    expect(at(20)).toBeGreaterThan(at(0.05))
  })

  it('never leaves the limits, whatever it costs', () => {
    verifies('tuning.target')
    const narrow = { lowest: 0.45, highest: 0.55 }
    const { to, heldBy } = accepted(proposed({ limits: narrow, aim: { kind: 'costs', falseBlock: 1_000, miss: 1 } }))
    expect([to, heldBy]).toEqual([0.55, 'highest'])
    const low = accepted(proposed({ limits: narrow, aim: { kind: 'costs', falseBlock: 1, miss: 1e9 } }))
    expect(low.to).toBeGreaterThanOrEqual(0.45)
    expect(proposed({ limits: narrow, aim: { kind: 'false-positive-rate', most: 0.001 } })).toMatchObject({
      reason: 'out-of-reach',
    })
  })

  it('is lowered only as far as something harmful is found by it', () => {
    const harmful = [...Array.from({ length: 20 }, () => 0.9), ...Array.from({ length: 10 }, () => 0.42)]
    const items = fileOf(
      harmful,
      Array.from({ length: 2_000 }, (_, index) => (index / 2_000) * 0.3),
    )
    const { to, after } = accepted(proposed({ set: setOf(items), population: null, aim: { ...twoPercent, most: 0.5 } }))
    expect(to).toBe(0.42)
    expect(after.misses.rate).toBe(0)
  })

  it('is lowered to no threshold below the limits', () => {
    const harmful = [
      ...Array.from({ length: 20 }, () => 0.9),
      ...Array.from({ length: 10 }, (_, index) => 0.4 + index / 100),
    ]
    const items = fileOf(
      harmful,
      Array.from({ length: 2_000 }, (_, index) => (index / 2_000) * 0.3),
    )
    const to = (lowest: number) =>
      accepted(
        proposed({
          set: setOf(items),
          population: null,
          aim: { ...twoPercent, most: 0.5 },
          limits: { lowest, highest: 0.9 },
        }),
      ).to
    expect([to(0.2), to(0.445)]).toEqual([0.4, 0.45])
  })

  it('of a file of texts counts each truth by itself', () => {
    const items = fileOf(
      Array.from({ length: 40 }, (_, index) => 0.6 + index / 200),
      Array.from({ length: 400 }, (_, index) => index / 666),
    )
    const { after, to, before } = accepted(proposed({ set: setOf(items), population: null }))
    expect(before.falsePositives.rate).toBeCloseTo(67 / 400, 9)
    expect(after.falsePositives.high).toBeLessThanOrEqual(0.025)
    expect(to).toBeGreaterThan(0.58)
  })
})

describe('what nothing is proposed from', () => {
  verifies('tuning.refused')
  const twenty = (changed: Partial<LabelledScore>) => Array.from({ length: 20 }, () => label(changed))
  const both = [...twenty({ truth: 'harmful' }), ...twenty({ score: 0.6 })]
  const [first] = both
  if (first === undefined) throw new Error('no label')

  it.each<[string, readonly LabelledScore[], RegExp]>([
    ['one-class', twenty({ truth: 'harmful' }), /20 labels, all of them harmful/],
    ['one-class', twenty({}), /all of them harmless/],
    ['one-class', [], /no label/],
    ['too-few-labels', [...twenty({}), label({ truth: 'harmful' })], /1 harmful and 20 harmless .* 9 harmful more/],
    ['duplicated', [...both, first], /is in the set more than once/],
    ['contradicting', [...both, { ...first, truth: 'harmless' }], /as harmful and as harmless/],
    ['older-detectors', both.map((each) => ({ ...each, detectors: 'words@0' })), /no label is of their scores/],
    ['changed-detectors', [...both, label({ detectors: 'words@0' })], /1 of 41 labels/],
    ['mixed-sources', [...both, label({ source: 'import' })], /1 of 41 labels are of texts of a file/],
    ['lower-bounds', both.map((each) => ({ ...each, isBound: true })), /only a lower bound/],
    ['not-a-score', [...both, label({ score: Number.NaN })], /the score NaN/],
    ['not-a-score', [...both, label({ weight: 0 })], /the weight 0/],
    ['other-traffic', twenty({ weight: 1_000_000 }).concat(both), /only [0-9]+ are recorded/],
  ])('%s', (reason, items, message) => {
    const refused = proposed({ set: setOf(items) })
    if (refused.kind !== 'refused') throw new Error('was proposed')
    expect([refused.reason, refused.message]).toEqual([reason, expect.stringMatching(message)])
    expect(refused.advice).not.toBe('')
    expect(proposalFault(refused)).toMatchObject({ code: 'invalid-request', advice: refused.advice })
  })

  it('no traffic that the labels could stand for', () => {
    expect(proposed({ population: null })).toMatchObject({ kind: 'refused', reason: 'no-traffic' })
    const empty = new PopulationCounter(madeDetectors).population()
    expect(proposed({ population: empty })).toMatchObject({ kind: 'refused', reason: 'no-traffic' })
  })

  it('what was withheld, where nobody knows of how many', () => {
    const counter = new PopulationCounter(madeDetectors)
    counter.add(pageOfRows(Array.from({ length: 500 }, () => ({ score: 0.9 }))))
    const refused = proposed({ population: counter.population() })
    expect(refused).toMatchObject({
      reason: 'no-traffic',
      message: expect.stringContaining('of how many in all') as string,
    })
  })

  it('too many scores that are lower bounds', () => {
    const counter = new PopulationCounter(madeDetectors)
    counter.add(traffic.page())
    counter.add(pageOfRows(Array.from({ length: 800 }, () => ({ score: 0.55, isBound: true }))))
    for (const aim of [twoPercent, { kind: 'costs', falseBlock: 20, miss: 1 } as const]) {
      expect(proposed({ population: counter.population(), aim, limits: { lowest: 0.6, highest: 0.95 } })).toMatchObject(
        {
          reason: 'lower-bounds',
          message: expect.stringContaining('only a lower bound of the score is known') as string,
        },
      )
    }
  })

  it('little knowledge is no reason to raise a threshold', () => {
    const few = traffic.draw(12, 3)
    const result = proposed({ set: setOf(few), aim: { kind: 'false-positive-rate', most: 0.035 } })
    expect(result).toMatchObject({ kind: 'refused', reason: 'undecided' })
  })

  it('a threshold that is as it should be is left', () => {
    const { to } = accepted(proposed())
    expect(proposed({ inForce: { ...inForce, threshold: to } })).toMatchObject({ kind: 'refused', reason: 'unchanged' })
  })

  it('recall that may not be lost is not', () => {
    const aim = { ...twoPercent, mostRecallLost: 0.0001 } as const
    expect(proposed({ aim })).toMatchObject({ kind: 'refused', reason: 'too-much-missed' })
  })

  it.each<[Aim, typeof limits, RegExp]>([
    [{ kind: 'false-positive-rate', most: 0 }, limits, /cannot be aimed at/],
    [{ kind: 'false-positive-rate', most: Number.NaN }, limits, /cannot be aimed at/],
    [{ kind: 'costs', falseBlock: -1, miss: 1 }, limits, /numbers above 0/],
    [{ kind: 'costs', falseBlock: 1, miss: Number.POSITIVE_INFINITY }, limits, /numbers above 0/],
    [{ ...twoPercent, mostRecallLost: 2 }, limits, /means nothing/],
    [twoPercent, { lowest: 0.9, highest: 0.1 }, /no threshold from 0.9 to 0.1/],
  ])('an aim or limits that mean nothing: %j within %j', (aim, within, message) => {
    expect(() => proposed({ aim, limits: within })).toThrow(message)
  })
})

describe('a version of a set', () => {
  const options = { name: 'first', place, last: null, labels, detectors: madeDetectors, by: 'grace' }

  it('has the same digest for the same labels in any order, and another for another label', () => {
    const one = buildSet(options)
    const other = buildSet({ ...options, labels: labels.toReversed(), last: one.set })
    expect(other).toMatchObject({ isUnchanged: true, set: { version: 2, digest: one.set.digest } })
    expect(buildSet({ ...options, labels: labels.slice(1), last: one.set }).isUnchanged).toBe(false)
  })

  it('leaves labels of other detectors out, and says how many', () => {
    const { set, leftOut } = buildSet({ ...options, labels: [label({ detectors: 'words@0' }), label()] })
    expect([set.items.length, leftOut]).toEqual([1, 1])
  })
})

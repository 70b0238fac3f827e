import { describe, expect, it } from 'vitest'
import { createSampling, stratumOf } from '../../../../src/feedback/recording/strata.ts'
import { scored } from '../../../support/feedback/recorded.ts'

const key = Buffer.alloc(32, 7)
const ids = Array.from({ length: 4_000 }, (_, at) => `dec-${at}`)

describe('the stratum of a decision', () => {
  it.each([
    ['block', 'withheld'],
    ['regenerate', 'withheld'],
    ['human', 'withheld'],
    ['mask', 'changed'],
    ['annotate', 'near'],
    ['allow', 'near'],
  ] as const)('is by what happened, the most final first: %s is %s', (action, stratum) => {
    expect(stratumOf({ action, scores: [scored(0.45)] })).toBe(stratum)
  })

  it.each([
    ['a tenth below its threshold', [scored(0.4)], 'near'],
    ['further below', [scored(0.39)], 'passed'],
    ['above one that does nothing', [scored(0.9, { effective: 'allow' })], 'near'],
    ['nothing, below a low threshold', [scored(0, { threshold: 0.05 })], 'passed'],
    ['near of one rule alone', [scored(0.1), scored(0.45, { rule: 'leak' })], 'near'],
    ['not said', null, 'passed'],
  ] as const)('of what is let pass is by scores: %s', (_, scores, stratum) => {
    expect(stratumOf({ action: 'allow', scores })).toBe(stratum)
  })
})

describe('what is sampled', () => {
  it('is all that somebody may object to, and nothing else where nothing is recorded', () => {
    const sampling = createSampling({ sample: 0, near: 0, takesComplaints: true, key })
    expect(ids.every((id) => sampling(id, 'withheld') === 1 && sampling(id, 'changed') === 1)).toBe(true)
    expect(ids.every((id) => sampling(id, 'near') === null && sampling(id, 'passed') === null)).toBe(true)
  })

  it('is nothing where nobody may object and nothing is recorded', () => {
    const sampling = createSampling({ sample: 0, near: 0, takesComplaints: false, key })
    expect([sampling('dec-1', 'withheld'), sampling('dec-1', 'changed')]).toEqual([null, null])
    const recording = createSampling({ sample: 0.1, near: 0, takesComplaints: false, key })
    expect(recording('dec-1', 'withheld')).toBe(1)
  })

  it('is the share that is wanted of each stratum, and stands for all of it', () => {
    const sampling = createSampling({ sample: 0.05, near: 0.4, takesComplaints: false, key })
    for (const [stratum, share] of [
      ['passed', 0.05],
      ['near', 0.4],
    ] as const) {
      const weights = ids.flatMap((id) => sampling(id, stratum) ?? [])
      const standFor = weights.reduce((sum, weight) => sum + weight, 0)
      // Four standard deviations of a binomial count.
      const most = (4 * Math.sqrt(ids.length * share * (1 - share))) / share
      expect(Math.abs(standFor - ids.length)).toBeLessThan(most)
      expect(new Set(weights)).toEqual(new Set([1 / share]))
    }
  })

  it('of what is near is never less than of the rest', () => {
    const sampling = createSampling({ sample: 1, near: 0, takesComplaints: false, key })
    expect(sampling('dec-1', 'near')).toBe(1)
  })

  it('follows from the id and a key that nobody is told', () => {
    const drawn = (of: Buffer) => {
      const sampling = createSampling({ sample: 0.5, near: 0, takesComplaints: false, key: of })
      return ids.map((id) => sampling(id, 'passed') !== null)
    }
    expect(drawn(key)).toEqual(drawn(key))
    expect(drawn(key)).not.toEqual(drawn(Buffer.alloc(32, 8)))
  })
})

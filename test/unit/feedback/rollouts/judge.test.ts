import { describe, expect, it } from 'vitest'
import { evidenceOfDifference, evidenceOfRatio, evidenceOver } from '../../../../src/feedback/rollouts/evidence.ts'
import { judge } from '../../../../src/feedback/rollouts/judge.ts'
import { counted, seenAfter } from '../../../support/feedback/rollout-counts.ts'
import { createRandom } from '../../../support/random.ts'

const bounds = { mostActedRatio: 1.25, mostActedIncrease: 0.05, mostComplaintIncrease: 2, error: 0.05 }

describe('evidence', () => {
  it('is that of the likelihoods: two in three where one in three was allowed doubles it with each', () => {
    expect(evidenceOver(1 / 3, { hits: 4, trials: 4 }, [2 / 3])).toBeCloseTo(4 * Math.log(2))
    expect(evidenceOver(1 / 3, { hits: 4, trials: 6 }, [2 / 3])).toBeCloseTo(2 * Math.log(2))
  })

  it('is none of nothing, and less than none where it happens as seldom as it may', () => {
    expect(evidenceOver(0.1, { hits: 0, trials: 0 }, [0.2, 0.5])).toBeCloseTo(0)
    expect(evidenceOver(0.1, { hits: 10, trials: 100 }, [0.2, 0.5])).toBeLessThan(0)
  })

  it('of a difference is the least over all pairs of rates that are within it', () => {
    const [one, other] = [
      { hits: 30, trials: 200 },
      { hits: 10, trials: 400 },
    ]
    const exact = evidenceOfDifference(one, other, 0.02)
    const likelihood = (rate: number, { hits, trials }: typeof one) =>
      hits * Math.log(rate) + (trials - hits) * Math.log(1 - rate)
    const free = exact + Math.max(...grid(0.98).map((rate) => likelihood(rate + 0.02, one) + likelihood(rate, other)))
    // No pair within the difference explains it better than the one on its edge.
    const all = grid(0.2).flatMap((rate) =>
      grid(rate + 0.02).map((high) => likelihood(high, one) + likelihood(rate, other)),
    )
    expect(free - all.reduce((one, two) => Math.max(one, two))).toBeCloseTo(exact, 1)
    expect(exact).toBeGreaterThan(Math.log(20))
  })

  it('of a difference is none where there is none, nobody was asked, or all of both complain', () => {
    expect(evidenceOfDifference({ hits: 2, trials: 100 }, { hits: 2, trials: 100 }, 0)).toBe(Number.NEGATIVE_INFINITY)
    expect(evidenceOfDifference({ hits: 0, trials: 0 }, { hits: 0, trials: 0 }, 0)).toBe(Number.NEGATIVE_INFINITY)
    expect(evidenceOfDifference({ hits: 9, trials: 9 }, { hits: 9, trials: 9 }, 0.02)).toBe(Number.NEGATIVE_INFINITY)
  })

  it('of a ratio is none within it, and grows with what is beyond', () => {
    const other = { hits: 100, trials: 2_000 }
    expect(evidenceOfRatio({ hits: 24, trials: 400 }, other, 1.25)).toBe(Number.NEGATIVE_INFINITY)
    const [one, three] = [1, 1.25].map((times) => evidenceOfRatio({ hits: 60, trials: 400 }, other, times))
    expect(three).toBeGreaterThan(Math.log(20))
    expect(one).toBeGreaterThan(three ?? Infinity)
  })

  it('of a difference holds without others to compare with, since any rate of theirs would do', () => {
    expect(evidenceOfDifference({ hits: 50, trials: 100 }, { hits: 0, trials: 0 }, 0.02)).toBeLessThan(Math.log(20))
  })
})

const grid = (to: number) => Array.from({ length: 300 }, (_, index) => ((index + 0.5) / 300) * to)

describe('what was counted of a rollout', () => {
  it('has left its bounds where the candidate acts three times as often', () => {
    const judged = judge(seenAfter(1, [counted('canary', { requests: 200, before: 10, after: 30 })], { bounds }))
    expect(judged).toMatchObject({
      isLeft: true,
      isLeftByActs: true,
      decided: 200,
      actedBefore: 0.05,
      actedAfter: 0.15,
    })
    expect(judged.why).toBe(
      'it acts on 15.0 % of 200 requests in canary, and without it 5.0 % are acted on; complaints in a hundred decisions: 0.0 with it, 0.0 without: outside of its bounds (1.25 times as many, 5.0 % more requests, 2 more complaints) at an error of 5.0 %',
    )
  })

  it('has not where it acts as often, however many requests there are', () => {
    const arms = [counted('canary', { requests: 1e6, before: 50_000, after: 50_000 })]
    expect(judge(seenAfter(1, arms, { bounds })).isLeft).toBe(false)
  })

  it('goes by the requests of both arms, of which both decisions are known', () => {
    const few = counted('canary', { requests: 60, before: 1, after: 3 })
    expect(judge(seenAfter(1, [few], { bounds })).isLeft).toBe(false)
    const control = counted('control', { requests: 540, before: 9, after: 27 })
    expect(judge(seenAfter(1, [few, control], { bounds }))).toMatchObject({ isLeft: true, decided: 60, known: 600 })
  })

  it('goes by the present stage: what was seen in shadow neither makes up for a canary nor speaks against it', () => {
    const shadow = counted('control', { stage: 'shadow', requests: 1e6, before: 5e4, after: 5e4 })
    const canary = counted('canary', { requests: 200, before: 10, after: 30 })
    expect(judge(seenAfter(1, [shadow, canary], { bounds })).isLeft).toBe(true)
    expect(judge(seenAfter(1, [{ ...shadow, onlyAfter: 1e5, actedAfter: 15e4 }], { bounds })).isLeft).toBe(false)
  })

  it('has left them by so many more requests, where the ratio would allow it', () => {
    const arms = [counted('canary', { requests: 1_000, before: 500, after: 600 })]
    expect(judge(seenAfter(1, arms, { bounds: { ...bounds, mostActedIncrease: 0.3 } })).isLeft).toBe(false)
    expect(judge(seenAfter(1, arms, { bounds })).isLeft).toBe(true)
  })

  it('has left them by complaints, beyond those of the others, and not by what it does', () => {
    const arms = [
      counted('canary', { requests: 400, before: 20, after: 20, complaints: 48 }),
      counted('control', { requests: 1_600, before: 80, after: 80, complaints: 16 }),
    ]
    expect(judge(seenAfter(1, arms, { bounds }))).toMatchObject({
      isLeft: true,
      isLeftByActs: false,
      complaintsOfCanary: 12,
      complaintsOfOthers: 1,
    })
    const alike = [
      counted('canary', { requests: 400, before: 20, after: 20, complaints: 40 }),
      counted('control', { requests: 1_600, before: 80, after: 80, complaints: 160 }),
    ]
    expect(judge(seenAfter(1, alike, { bounds })).isLeft).toBe(false)
  })

  it('has not left them by complaints that two callers can have made, and has by those of three', () => {
    const byComplaints = (complaints: number) =>
      judge(
        seenAfter(
          1,
          [
            counted('canary', { requests: 20, before: 1, after: 1, complaints }),
            counted('control', { requests: 1_600, before: 80, after: 80, complaints: 8 }),
          ],
          { bounds },
        ),
      ).isLeft
    expect([6, 7].map(byComplaints)).toEqual([false, true])
  })

  it('has left them since a later beginning, where all that was before would still make up for it', () => {
    const [requests, before] = [20_000, 1_000]
    const then = [counted('control', { requests, before, after: before })]
    const now = [counted('control', { requests: requests + 400, before: before + 20, after: before + 60 })]
    expect(judge(seenAfter(1, now, { bounds })).isLeft).toBe(false)
    expect(judge(seenAfter(1, now, { bounds }), [{ number: 3, counts: then }]).isLeft).toBe(true)
    const sound = [counted('control', { requests: requests + 400, before: before + 20, after: before + 20 })]
    expect(judge(seenAfter(1, sound, { bounds }), [{ number: 3, counts: then }]).isLeft).toBe(false)
    // A storage that was put back knows less than was counted: nothing has come since.
    expect(judge(seenAfter(1, then, { bounds }), [{ number: 3, counts: now }]).isLeft).toBe(false)
  })

  it.each([
    { error: 0 },
    { error: Number.NaN },
    { error: 0.6 },
    { mostActedRatio: 0.5 },
    { mostActedIncrease: -1 },
    { mostComplaintIncrease: 101 },
  ])('has left bounds that are none: %j', (wrong) => {
    const judged = judge(seenAfter(1, [], { bounds: { ...bounds, ...wrong } }))
    expect(judged).toMatchObject({ isLeft: true, isLeftByActs: true })
    expect(judged.why).toContain('its bounds are none: ')
  })

  describe('of which answers are ended by the candidate before it is known what the other threshold would do', () => {
    /** Of a stage in which nothing is known of what the candidate acts on. */
    const endedOf = (stage: 'canary' | 'promoted', requests: number, ended: number) =>
      counted('canary', { stage, requests, before: 0, after: ended, onlyAfter: 0, unknown: ended })
    const shadow = counted('control', { stage: 'shadow', requests: 2_000, before: 100, after: 120 })

    it.each(['canary', 'promoted'] as const)('has left its bounds where it ends three times as many in %s', (stage) => {
      const judged = judge(seenAfter(1, [shadow, endedOf(stage, 600, 90)], { bounds, stage }))
      expect(judged).toMatchObject({ isLeft: true, isLeftByActs: true, known: 510, ended: 90, actedAfter: 0 })
      expect(judged.why).toContain('it has ended 90 answers more, of which nobody knows the rest')
    })

    it('has not where it ends as many as the other threshold acts on', () => {
      const judged = judge(seenAfter(1, [shadow, endedOf('promoted', 600, 30)], { bounds, stage: 'promoted' }))
      expect(judged).toMatchObject({ isLeft: false, ended: 30 })
    })

    it('may have left them where little is known of the other threshold, until its own pairs say otherwise', () => {
      const few = counted('control', { stage: 'shadow', requests: 20, before: 1, after: 1 })
      expect(judge(seenAfter(1, [few, endedOf('canary', 60, 40)], { bounds }))).toMatchObject({ isInDoubt: true })
      const pairs = counted('control', { requests: 4_000, before: 2_500, after: 2_600 })
      const judged = judge(seenAfter(1, [pairs, endedOf('canary', 60, 40)], { bounds }))
      expect(judged).toMatchObject({ isLeft: false, isInDoubt: false })
    })

    it('is told to have left them in one of twenty at most where it acts as often, looked at each five requests', () => {
      const random = createRandom(23)
      const runs = 100
      const left = Array.from({ length: runs }, () => {
        const sums = { before: 0, ended: 0 }
        for (let seen = 0; seen < 400; seen += 1) sums.before += Number(random() < 0.1)
        const others = counted('control', { stage: 'shadow', requests: 400, before: sums.before, after: sums.before })
        for (let seen = 1; seen <= 400; seen += 1) {
          sums.ended += Number(random() < 0.1)
          if (seen % 5 === 0 && judge(seenAfter(1, [others, endedOf('canary', seen, sums.ended)], { bounds })).isLeft)
            return true
        }
        return false
      }).filter(Boolean).length
      expect(left / runs).toBeLessThanOrEqual(0.05)
    })
  })

  it('leaves requests out of which it cannot be told', () => {
    const arms = [counted('canary', { requests: 300, unknown: 300, before: 0, after: 0 })]
    expect(judge(seenAfter(1, arms, { bounds }))).toMatchObject({ decided: 300, known: 0, isLeft: false })
  })

  it('of one at its bounds is told to have left them in one of twenty at most, looked at after each request', () => {
    const random = createRandom(22)
    const runs = 200
    const left = Array.from({ length: runs }, () => {
      const sums = { requests: 0, before: 0, after: 0 }
      for (let seen = 0; seen < 400; seen += 1) {
        sums.requests += 1
        const score = random()
        if (score < 0.125) sums.after += 1
        if (score < 0.1) sums.before += 1
        if (score < 0.125 && judge(seenAfter(1, [counted('canary', sums)], { bounds })).isLeft) return true
      }
      return false
    }).filter(Boolean).length
    expect(left / runs).toBeLessThanOrEqual(0.05)
  })
})

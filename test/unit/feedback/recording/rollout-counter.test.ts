import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, RolloutCounter } from '../../../../src/feedback/recording/rollout-counter.ts'
import { propertyRuns } from '../../../support/property-runs.ts'
import { RecordedInMemory, scored } from '../../../support/feedback/recorded.ts'
import { place } from '../../../support/feedback/tuning-examples.ts'

const looser = { place, before: 0.5, after: 0.7 }
const stricter = { place, before: 0.5, after: 0.3 }

describe('two thresholds beside one score', () => {
  it.each([
    ['above both', looser, scored(0.9), 'both'],
    ['between, where the candidate is looser', looser, scored(0.6), 'only-before'],
    ['between, where it is stricter', stricter, scored(0.4), 'only-after'],
    ['at the candidate', looser, scored(0.7), 'both'],
    ['below both', looser, scored(0.2), 'neither'],
    ['nothing found, below the lowest threshold', { place, before: 0.5, after: 0 }, scored(0), 'neither'],
    ['a bound above both', looser, scored(0.8, { isBound: true }), 'both'],
    ['a bound between', looser, scored(0.6, { isBound: true }), 'unknown'],
    [
      'a bound between, where it is stricter and may have ended the text',
      stricter,
      scored(0.4, { isBound: true }),
      'at-least-after',
    ],
    ['a bound below both', looser, scored(0.2, { isBound: true }), 'unknown'],
  ] as const)('is counted as it is: %s', (_, rollout, score, outcome) => {
    expect(compare(rollout, [scored(0.9, { rule: 'leak' }), score])).toBe(outcome)
  })

  it('is not known where nobody has said the scores, and nothing where the rule was not asked', () => {
    expect(compare(looser, null)).toBe('unknown')
    expect(compare(looser, [scored(0.9, { rule: 'leak' })])).toBeNull()
  })

  it('never comes to another outcome by what was left out than to one that is not known', () => {
    const thousandth = fc.integer({ min: 0, max: 1_000 }).map((all) => all / 1_000)
    fc.assert(
      fc.property(thousandth, thousandth, thousandth, thousandth, (seen, more, before, after) => {
        const bound = compare({ place, before, after }, [scored(seen, { isBound: true })])
        const whole = compare({ place, before, after }, [scored(Math.max(seen, more))])
        const may = { both: 'at-least-after', 'only-after': 'at-least-after' } as Readonly<Record<string, string>>
        expect([whole, 'unknown', may[whole ?? '']]).toContain(bound)
      }),
      { numRuns: propertyRuns(2_000) },
    )
  })
})

describe('what is counted of rollouts', () => {
  const canary = { id: 'rol_1', stage: 'canary', arm: 'canary' } as const
  const control = { ...canary, arm: 'control' } as const

  it('is told apart by rollout, stage and arm', async () => {
    const [counter, storage] = [new RolloutCounter(), new RecordedInMemory()]
    for (const outcome of ['both', 'only-after', 'only-after', 'unknown'] as const) counter.count(canary, outcome)
    for (const outcome of ['only-before', 'neither'] as const) counter.count(control, outcome)
    counter.count({ id: 'rol_2', stage: 'shadow', arm: 'control' }, 'neither')
    await counter.flush(storage.rollouts)
    expect(storage.counted).toMatchObject([
      {
        id: 'rol_1',
        counts: [
          { arm: 'canary', requests: 4, actedBefore: 1, actedAfter: 3, onlyBefore: 0, onlyAfter: 2, unknown: 1 },
          { arm: 'control', requests: 2, actedBefore: 1, actedAfter: 0, onlyBefore: 1, onlyAfter: 0, unknown: 0 },
        ],
      },
      { id: 'rol_2', counts: [{ stage: 'shadow', arm: 'control', requests: 1 }] },
    ])
    expect(counter.isEmpty).toBe(true)
  })

  it('says of an answer that the candidate has ended that it acts, and nothing of the other threshold', async () => {
    const [counter, storage] = [new RolloutCounter(), new RecordedInMemory()]
    counter.count(canary, 'at-least-after')
    await counter.flush(storage.rollouts)
    const counts = { requests: 1, actedBefore: 0, actedAfter: 1, onlyBefore: 0, onlyAfter: 0, unknown: 1 }
    expect(storage.counted).toMatchObject([{ counts: [counts] }])
  })

  it('is counted on while the storage is away, and lost by nobody', async () => {
    const [counter, storage] = [new RolloutCounter(), new RecordedInMemory()]
    counter.count(canary, 'both')
    storage.isAway = true
    await expect(counter.flush(storage.rollouts)).rejects.toThrow('away')
    counter.count(canary, 'only-after')
    counter.count(control, 'neither')
    storage.isAway = false
    await counter.flush(storage.rollouts)
    const counts = storage.counted.flatMap((each) => each.counts)
    expect(counts).toMatchObject([
      { arm: 'canary', requests: 2, actedBefore: 1, actedAfter: 2, onlyAfter: 1 },
      { arm: 'control', requests: 1 },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import type { TuningState } from '../../../../src/core/tuning.ts'
import { createThresholdsInForce } from '../../../../src/feedback/rollouts/thresholds-in-force.ts'
import { namedProfiles } from '../../../../src/filters/pipeline/named-profiles.ts'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { exampleRollout, exampleState, place, tuned } from '../../../support/feedback/tuning-examples.ts'
import { verifies } from '../../../support/verifies.ts'

const { profiles } = filtersOptions.parse({
  profiles: {
    public: {
      inbound: {
        toxicity: { action: 'block', threshold: 0.5 },
        'toxicity/hate': { action: 'block', threshold: 0.4 },
        leak: { action: 'block', threshold: 0.5 },
        guard: { action: 'allow' },
      },
    },
    floor: { inbound: { toxicity: { action: 'block', threshold: 0.55 } } },
    strict: { extends: 'floor', inbound: { toxicity: { action: 'block', threshold: 0.3 } } },
  },
})
const named = namedProfiles(profiles)
const limits = { toxicity: { lowest: 0.3, highest: 0.8 }, guard: { lowest: 0, highest: 1 } }
const groups = { staff: ['public'], guests: ['strict'], both: ['public', 'strict'] }

function start() {
  const thresholds = createThresholdsInForce({ profiles, limits, groups })
  const of = (group = 'staff', principal = 'key_1', name = 'public') => {
    const profile = named.get(name)
    if (profile === undefined) throw new Error(`there is no ${name}`)
    return thresholds.profileFor({ group, principal, profile })
  }
  const thresholdOf = (...asked: Parameters<typeof of>) => of(...asked).profile.inbound.toxicity?.threshold
  const apply = (state: TuningState) => thresholds.apply(state)
  return { apply, of, thresholdOf }
}

describe('thresholds in force', () => {
  it('are those of the configuration where nothing was tuned, in the very profile', () => {
    const { of } = start()
    expect(of()).toEqual({ profile: named.get('public'), revision: 0, rollouts: [] })
    expect(of().profile).toBe(named.get('public'))
  })

  it('are tuned for one group, at one rule of one direction, and nothing else changes', () => {
    const { apply, of } = start()
    expect(apply(exampleState({ thresholds: [tuned(0.6)] })).problems).toEqual([])
    const before = named.get('public')
    expect(of().profile).toEqual({
      ...before,
      inbound: { ...before?.inbound, toxicity: { ...before?.inbound.toxicity, threshold: 0.6 } },
    })
    expect(of().revision).toBe(7)
    expect(of('guests', 'key_1', 'strict')).toEqual({ profile: named.get('strict'), revision: 0, rollouts: [] })
  })

  it('are the same object for the same decision, so that what is known of a profile is known once', () => {
    const { apply, of } = start()
    apply(exampleState({ thresholds: [tuned(0.6)] }))
    expect(of().profile).toBe(of('staff', 'key_2').profile)
  })

  it.each([
    ['above the highest', tuned(0.81), 'it is above 0.8, the highest that feedback.limits allows'],
    ['below the lowest', tuned(0.29), 'it is below 0.3, the lowest that feedback.limits allows'],
    ['no number', tuned(Number.NaN), 'it is not a number'],
    ['of a category that is never tuned', tuned(0.6, { place: { ...place, rule: 'leak' } }), 'does not list leak'],
    [
      'of a rule that is not written',
      tuned(0.6, { place: { ...place, rule: 'toxicity/violence' } }),
      'has no such rule',
    ],
    ['of a rule that allows', tuned(0.6, { place: { ...place, rule: 'guard' } }), 'allows, whatever is found'],
    ['of no group', tuned(0.6, { place: { ...place, group: 'nobody' } }), 'there is no such group'],
    ['of a name every object has', tuned(0.6, { place: { ...place, group: 'constructor' } }), 'there is no such group'],
    ['looser than what it extends', tuned(0.6, { place: { ...place, group: 'guests' } }), 'extends "floor"'],
    [
      'of no direction',
      tuned(0.6, { place: { ...place, direction: JSON.parse('"constructor"') } }),
      'it is of no direction that there is',
    ],
  ])('are not followed where one is %s, and that is said', (_, threshold, why) => {
    verifies('tuning.floor')
    const { apply, thresholdOf, of } = start()
    const { problems } = apply(exampleState({ thresholds: [threshold] }))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(why)
    expect(problems[0]?.message).toContain('The configured threshold holds.')
    expect(thresholdOf()).toBe(0.5)
    expect(of('guests', 'key_1', 'strict').profile).toBe(named.get('strict'))
  })

  it('are not followed where there are two for one place', () => {
    const { apply, thresholdOf } = start()
    const { problems } = apply(exampleState({ thresholds: [tuned(0.6), tuned(0.7)] }))
    expect(problems.map(({ message }) => message)).toEqual([
      'the tuned threshold of toxicity (inbound) for group "staff" is not followed: there is more than one. The configured threshold holds.',
    ])
    expect(thresholdOf()).toBe(0.5)
  })

  it('hold in each profile of the group that may have them, and in no other of its profiles', () => {
    const { apply, thresholdOf } = start()
    const { problems } = apply(exampleState({ thresholds: [tuned(0.6, { place: { ...place, group: 'both' } })] }))
    expect(problems).toEqual([])
    expect(thresholdOf('both')).toBe(0.6)
    expect(thresholdOf('both', 'key_1', 'strict')).toBe(0.3)
  })

  it('loosen no profile that a rule demands for a call, and tighten it', () => {
    const { apply, thresholdOf } = start()
    apply(exampleState({ thresholds: [tuned(0.6)] }))
    expect(thresholdOf('staff', 'key_1', 'strict')).toBe(0.3)
    apply(exampleState({ thresholds: [tuned(0.35)] }))
    expect(thresholdOf('staff', 'key_1', 'floor')).toBe(0.35)
  })

  it('go by the last state, whole', () => {
    const { apply, thresholdOf } = start()
    apply(exampleState({ thresholds: [tuned(0.6)] }))
    apply(exampleState({ thresholds: [tuned(0.6, { place: { ...place, rule: 'toxicity/hate' } })] }))
    expect(thresholdOf()).toBe(0.5)
  })
})

describe('a rollout', () => {
  it('decides for nobody in shadow, and both thresholds are known', () => {
    const { apply, of, thresholdOf } = start()
    apply(exampleState({ rollouts: [exampleRollout({ stage: 'shadow' })] }))
    expect(thresholdOf()).toBe(0.5)
    expect(of().rollouts).toEqual([{ id: 'rol_1', stage: 'shadow', place, arm: 'control', before: 0.5, after: 0.6 }])
  })

  it('decides in a canary for the principals that are in it, always the same ones', () => {
    const { apply, of } = start()
    apply(exampleState({ rollouts: [exampleRollout({ share: 0.25 })] }))
    const principals = Array.from({ length: 2_000 }, (_, index) => `key_${index}`)
    const isIn = (principal: string) => of('staff', principal).rollouts[0]?.arm === 'canary'
    const inside = principals.filter(isIn)
    expect(inside.length / principals.length).toBeGreaterThan(0.2)
    expect(inside.length / principals.length).toBeLessThan(0.3)
    for (const principal of principals) {
      expect(of('staff', principal).profile.inbound.toxicity?.threshold).toBe(isIn(principal) ? 0.6 : 0.5)
    }
    apply(exampleState({ rollouts: [exampleRollout({ share: 0.5 })] }))
    expect(inside.every(isIn)).toBe(true)
    apply(exampleState({ rollouts: [exampleRollout({ share: 0.25, salt: 'another' })] }))
    expect(inside.every(isIn)).toBe(false)
  })

  it('compares with the threshold in force, and not with the one it was proposed against', () => {
    const { apply, of } = start()
    apply(exampleState({ thresholds: [tuned(0.7, { rollout: 'rol_0' })], rollouts: [exampleRollout({ share: 1 })] }))
    expect(of().rollouts).toMatchObject([{ arm: 'canary', before: 0.7, after: 0.6 }])
  })

  it('is computed on after it was promoted, against what was in force before', () => {
    const { apply, of, thresholdOf } = start()
    apply(exampleState({ thresholds: [tuned(0.6)], rollouts: [exampleRollout({ stage: 'promoted' })] }))
    expect(thresholdOf()).toBe(0.6)
    expect(of().rollouts).toMatchObject([{ stage: 'promoted', arm: 'canary', before: 0.5, after: 0.6 }])
  })

  it('decides nothing where it says that it is promoted and its threshold is not in force', () => {
    const { apply, of, thresholdOf } = start()
    apply(exampleState({ rollouts: [exampleRollout({ stage: 'promoted' })] }))
    expect(thresholdOf()).toBe(0.5)
    expect(of().rollouts).toEqual([])
  })

  it('is not followed beyond the limits, nor where there are two of one place', () => {
    const { apply, thresholdOf, of } = start()
    expect(apply(exampleState({ rollouts: [exampleRollout({ to: 0.95, share: 1 })] })).problems).toHaveLength(1)
    expect(thresholdOf()).toBe(0.5)
    const two = [exampleRollout({ share: 1 }), exampleRollout({ id: 'rol_2', share: 1 })]
    expect(apply(exampleState({ rollouts: two })).problems).toHaveLength(1)
    expect(of().rollouts).toEqual([])
  })

  it.each([Number.NaN, -1])('decides for nobody with a share of %d', (share) => {
    const { apply, thresholdOf } = start()
    apply(exampleState({ rollouts: [exampleRollout({ share })] }))
    expect(thresholdOf()).toBe(0.5)
  })
})

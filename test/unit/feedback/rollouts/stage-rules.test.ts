import { describe, expect, it } from 'vitest'
import { activeStages, rolloutStages, type RolloutStage } from '../../../../src/core/tuning.ts'
import { whyNotYet } from '../../../../src/feedback/rollouts/stage-rules.ts'
import { defaultGates } from '../../../support/feedback/default-gates.ts'
import { counted, seenAfter } from '../../../support/feedback/rollout-counts.ts'

/** Enough of everything for any step. */
const plenty = activeStages.flatMap((stage) => [
  counted('canary', { stage, requests: 1_000, before: 50, after: 50 }),
  counted('control', { stage, requests: 1_000, before: 50, after: 50 }),
])

describe('what may follow a stage', () => {
  it.each([
    ['shadow', ['canary', 'stopped']],
    ['canary', ['canary', 'promoted', 'rolled-back', 'stopped']],
    ['promoted', ['settled', 'rolled-back']],
    ['settled', ['rolled-back']],
    ['rolled-back', []],
    ['stopped', []],
  ] satisfies [RolloutStage, RolloutStage[]][])('%s is told', (stage, next) => {
    const seen = seenAfter(1_000, plenty, { stage })
    expect(rolloutStages.filter((to) => whyNotYet(seen, to, defaultGates) === null)).toEqual(next)
  })

  it('is said with what may follow', () => {
    expect(whyNotYet(seenAfter(1_000, plenty, { stage: 'shadow' }), 'promoted', defaultGates)).toEqual({
      why: 'rollout rol_1 is shadow, which promoted does not follow',
      advice: 'What may follow is: canary, stopped.',
    })
    expect(whyNotYet(seenAfter(1_000, plenty, { stage: 'stopped' }), 'canary', defaultGates)?.advice).toBe(
      'Propose a threshold, and begin another rollout.',
    )
  })
})

describe('a step to the next stage', () => {
  it('waits for a canary without traffic, and says so', () => {
    expect(whyNotYet(seenAfter(1_000, [], { stage: 'canary' }), 'promoted', defaultGates)).toEqual({
      why: 'rollout rol_1 has decided 0 requests in canary of which both decisions are known, and 200 are needed',
      advice: 'Wait for traffic, raise the share, or stop it.',
    })
  })

  it('waits where a canary has ended answers of which nobody knows the rest, and says what to do', () => {
    const ended = counted('canary', { requests: 1_000, before: 0, after: 700, onlyAfter: 0, unknown: 700 })
    const refused = whyNotYet(seenAfter(1_000, [ended]), 'promoted', defaultGates)
    expect(refused?.why).toContain('rollout rol_1 may have left its bounds')
    expect(refused?.advice).toContain('Lower its share')
    expect(whyNotYet(seenAfter(1_000, [ended]), 'canary', defaultGates)).toBeNull()
  })

  it('counts for a canary only what it has decided itself, and only what can be told of', () => {
    const control = counted('control', { requests: 5_000, before: 5, after: 5 })
    expect(whyNotYet(seenAfter(1_000, [control]), 'promoted', defaultGates)?.why).toContain('has decided 0 requests')
    const unknown = counted('canary', { requests: 5_000, unknown: 4_990, before: 5, after: 5 })
    expect(whyNotYet(seenAfter(1_000, [unknown]), 'promoted', defaultGates)?.why).toContain('has decided 10 requests')
    const shadow = counted('control', { stage: 'shadow', requests: 199, before: 5, after: 5 })
    expect(whyNotYet(seenAfter(1_000, [shadow], { stage: 'shadow' }), 'canary', defaultGates)?.why).toContain(
      'has computed 199 requests',
    )
  })

  it('waits for the time of its stage, by the clock of the storage', () => {
    const canary = seenAfter(23.9, plenty)
    expect(whyNotYet(canary, 'promoted', defaultGates)?.why).toBe(
      'rollout rol_1 is in canary since 2026-11-30T00:00:00.000Z, and stays there for 24 hours at least',
    )
    expect(whyNotYet(seenAfter(24, plenty), 'promoted', defaultGates)).toBeNull()
    expect(whyNotYet({ ...canary, now: 'no time' }, 'promoted', defaultGates)).not.toBeNull()
  })

  it('counts the time of a canary from its beginning, and not from when its share was raised', () => {
    const at = (hours: number) => new Date(Date.parse('2026-11-30T00:00:00.000Z') + hours * 3_600_000).toISOString()
    const steps = [
      { at: at(0), by: 'ann', from: null, to: 'shadow', why: '' },
      { at: at(1), by: 'ann', from: 'shadow', to: 'canary', why: '' },
      { at: at(20), by: 'ann', from: 'canary', to: 'canary', why: '' },
    ] as const
    expect(whyNotYet(seenAfter(24.9, plenty, { steps }), 'promoted', defaultGates)).not.toBeNull()
    expect(whyNotYet(seenAfter(25, plenty, { steps }), 'promoted', defaultGates)).toBeNull()
  })

  it('is refused to one that has left its bounds; to end it needs nothing', () => {
    const seen = seenAfter(1_000, [counted('canary', { requests: 1_000, before: 50, after: 250 })])
    expect(whyNotYet(seen, 'promoted', defaultGates)?.why).toContain('has left its bounds: it acts on 25.0 %')
    expect(whyNotYet(seen, 'rolled-back', defaultGates)).toBeNull()
    expect(whyNotYet(seenAfter(0, []), 'stopped', defaultGates)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import type { Rollouts } from '../../src/core/tuning.ts'
import { LiveTuning } from '../../src/feedback/recording/live-tuning.ts'
import { createSampling } from '../../src/feedback/recording/strata.ts'
import { createThresholdsInForce } from '../../src/feedback/rollouts/thresholds-in-force.ts'
import { decidedContent, scored, Timers, toldIn } from '../support/feedback/recorded.ts'
import { exampleRollout, place } from '../support/feedback/tuning-examples.ts'
import { openTemporaryStorage } from '../support/storage/open-temporary.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const block = { threshold: 0.5, action: 'block', mode: 'enforce' } as const
const profile = { name: 'calls', version: 3, inbound: { toxicity: block }, outbound: {} }
const callers = Array.from({ length: 200 }, (_, at) => ({ id: `key_${at}`, group: 'staff' }))

/** One process of a service whose processes share the storage of a folder. */
async function openProcess(folder: string) {
  const [storage, timers] = [await openTemporaryStorage(folder), new Timers()]
  const tuning = new LiveTuning({
    inForce: createThresholdsInForce({
      profiles: { calls: profile },
      limits: { toxicity: { lowest: 0.3, highest: 0.8 } },
      groups: { staff: ['calls'] },
    }),
    isWatched: true,
    keepsTexts: false,
    sampling: createSampling({ sample: 0, near: 0, takesComplaints: true, key: Buffer.alloc(32) }),
    told: toldIn([]),
    now: () => new Date('2026-11-30T12:00:00Z'),
    later: timers.later,
  })
  const begun = await tuning.begin({ rollouts: storage.rollouts, decisions: storage.recordedDecisions, texts: null })
  const thresholds = () =>
    callers.map((caller) => tuning.thresholdsFor(caller, profile).profile.inbound['toxicity']?.threshold)
  /** Lets seconds pass until all callers together have this many different thresholds. */
  const follows = async (different: readonly number[]) => {
    await expect
      .poll(async () => {
        await timers.run()
        return [...new Set(thresholds())].toSorted((one = 0, other = 0) => one - other)
      })
      .toEqual(different)
  }
  return { storage, tuning, thresholds, follows, end: () => begun[Symbol.asyncDispose]() }
}

const begin = async (rollouts: Rollouts): Promise<void> => {
  const { stage: _stage, steps: _steps, revision: _revision, ...rollout } = exampleRollout({ place })
  await rollouts.begin(rollout, { by: 'anna', why: 'a test' })
}

const step = async (rollouts: Rollouts, to: 'canary' | 'promoted' | 'rolled-back') => {
  const seen = await rollouts.seen('rol_1')
  if (seen === null) throw new Error('there is no rollout')
  await rollouts.step(seen.rollout, { to, by: 'anna', why: 'a test' }, {})
}

describe('processes of one service', () => {
  it('go by the same thresholds for each caller, count together, and keep all that they have decided', async () => {
    const folder = temporaryFolder('live-tuning-')
    const [one, other] = [await openProcess(folder), await openProcess(folder)]
    const { rollouts, recordedDecisions } = one.storage
    await begin(rollouts)
    await step(rollouts, 'canary')
    await Promise.all([one.follows([0.5, 0.6]), other.follows([0.5, 0.6])])
    expect(one.thresholds()).toEqual(other.thresholds())
    const inCanary = one.thresholds().filter((threshold) => threshold === 0.6).length
    for (const [at, caller] of callers.entries()) {
      const { tuning } = at % 2 === 0 ? one : other
      const content = decidedContent({ id: `dec-${at}`, principal: caller.id, scores: [scored(0.55)] })
      tuning.thresholdsFor(caller, profile).decided(content)
    }
    await Promise.all([one.end(), other.end()])
    const arms = Object.fromEntries(
      ((await rollouts.seen('rol_1'))?.counts ?? []).map(({ arm, requests, onlyBefore }) => [
        arm,
        [requests, onlyBefore],
      ]),
    )
    const others = callers.length - inCanary
    expect(arms).toEqual({ canary: [inCanary, inCanary], control: [others, others] })
    const kept = await Promise.all(callers.map((_, at) => recordedDecisions.find(`dec-${at}`)))
    expect(kept.every((decision, at) => decision?.principal === callers[at]?.id)).toBe(true)
    expect(kept.filter((decision) => decision?.canary === 'rol_1')).toHaveLength(inCanary)
  })

  it('go back together, to what was in force before', async () => {
    const folder = temporaryFolder('live-tuning-')
    const [one, other] = [await openProcess(folder), await openProcess(folder)]
    const { rollouts } = one.storage
    await begin(rollouts)
    await step(rollouts, 'canary')
    await step(rollouts, 'promoted')
    await Promise.all([one.follows([0.6]), other.follows([0.6])])
    await step(rollouts, 'rolled-back')
    await Promise.all([one.follows([0.5]), other.follows([0.5])])
    expect([one.tuning.faults(), other.tuning.faults()]).toEqual([[], []])
    await Promise.all([one.end(), other.end()])
  })
})

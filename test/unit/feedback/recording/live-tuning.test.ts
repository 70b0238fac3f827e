import { describe, expect, it } from 'vitest'
import { LiveTuning } from '../../../../src/feedback/recording/live-tuning.ts'
import { createSampling } from '../../../../src/feedback/recording/strata.ts'
import { createThresholdsInForce } from '../../../../src/feedback/rollouts/thresholds-in-force.ts'
import { verifies } from '../../../support/verifies.ts'
import { decidedContent, RecordedInMemory, rest, scored, Timers, toldIn } from '../../../support/feedback/recorded.ts'
import { exampleRollout, exampleState, tuned } from '../../../support/feedback/tuning-examples.ts'

const block = { threshold: 0.5, action: 'block', mode: 'enforce' } as const
const profile = { name: 'calls', version: 3, inbound: { toxicity: block }, outbound: {} }
const caller = { id: 'k1', group: 'staff' }

function tuningOf({ isWatched = true, sample = 0 } = {}) {
  const [storage, timers, told] = [new RecordedInMemory(), new Timers(), [] as string[]]
  const tuning = new LiveTuning({
    inForce: createThresholdsInForce({
      profiles: { calls: profile },
      limits: { toxicity: { lowest: 0.3, highest: 0.8 } },
      groups: { staff: ['calls'] },
    }),
    isWatched,
    sampling: createSampling({ sample, near: 0, takesComplaints: true, key: Buffer.alloc(32) }),
    keepsTexts: false,
    told: toldIn(told),
    now: () => new Date('2026-11-30T12:00:00Z'),
    later: timers.later,
  })
  const threshold = () => tuning.thresholdsFor(caller, profile).profile.inbound['toxicity']?.threshold
  return { tuning, storage, timers, told, threshold }
}

describe('the thresholds of a process', () => {
  it('are those of the configuration before any is read, and where none is tuned', async () => {
    const { tuning, storage, threshold } = tuningOf()
    expect([threshold(), tuning.thresholdsFor(caller, profile).revision]).toEqual([0.5, 0])
    await using _begun = await tuning.begin(storage)
    expect(tuning.thresholdsFor(caller, profile)).toMatchObject({ revision: 0, profile })
  })

  it('are read at once and then each second, and a call keeps those that it began with', async () => {
    const { tuning, storage, timers, threshold } = tuningOf()
    storage.current = exampleState({ thresholds: [tuned(0.6)] })
    await using _begun = await tuning.begin(storage)
    const call = tuning.thresholdsFor(caller, profile)
    expect([threshold(), call.revision, timers.pauses]).toEqual([0.6, 7, [1_000]])
    storage.current = exampleState({ revision: 8, thresholds: [tuned(0.7)] })
    await timers.run()
    expect([threshold(), call.profile.inbound['toxicity']?.threshold, timers.pauses]).toEqual([0.7, 0.6, [1_000]])
  })

  it('are those of another storage that was put in the place of the first, at the same revision', async () => {
    const { tuning, storage, timers, threshold } = tuningOf()
    storage.current = exampleState({ thresholds: [tuned(0.6)] })
    await using _begun = await tuning.begin(storage)
    storage.current = exampleState()
    await timers.run()
    expect(threshold()).toBe(0.5)
  })

  it('stay the last ones that were read while the storage is away, which is said', async () => {
    verifies('tuning.stale')
    const { tuning, storage, timers, told, threshold } = tuningOf()
    storage.current = exampleState({ thresholds: [tuned(0.6)] })
    await using _begun = await tuning.begin(storage)
    storage.isAway = true
    for (let at = 0; at < 5; at += 1) await timers.run()
    expect([threshold(), timers.pauses]).toEqual([0.6, [8_000]])
    expect(tuning.faults()).toEqual(['tuned thresholds cannot be read, so those of revision 7 hold'])
    storage.isAway = false
    await timers.run()
    expect([tuning.faults(), timers.pauses]).toEqual([[], [1_000]])
    expect(told.filter((line) => line === 'stale' || line === 'fresh')).toEqual(['stale', 'fresh'])
  })

  it('are not guessed where they cannot be read the first time: nothing begins', async () => {
    const { tuning, storage } = tuningOf()
    storage.isAway = true
    await expect(tuning.begin(storage)).rejects.toThrow('away')
  })

  it('are those of the configuration where a row was written past its limits, which is said', async () => {
    verifies('tuning.not-allowed')
    const { tuning, storage, told, threshold } = tuningOf()
    storage.current = exampleState({ thresholds: [tuned(0.99)] })
    await using _begun = await tuning.begin(storage)
    expect(threshold()).toBe(0.5)
    expect(tuning.faults()).toEqual([expect.stringMatching(/above 0\.8.*The configured threshold holds\./)])
    expect(told).toContain(tuning.faults()[0])
  })

  it('are read once where none may be tuned', async () => {
    const { tuning, storage, timers } = tuningOf({ isWatched: false })
    await using _begun = await tuning.begin(storage)
    await timers.run()
    expect([storage.reads, timers.pauses]).toEqual([1, []])
  })
})

describe('a decision of a process', () => {
  it('is held beside both thresholds of a rollout, and kept with what decided', async () => {
    const { tuning, storage, timers, told } = tuningOf()
    storage.current = exampleState({ rollouts: [exampleRollout({ share: 1 })] })
    await using _begun = await tuning.begin(storage)
    const call = tuning.thresholdsFor(caller, profile)
    expect([call.profile.inbound['toxicity']?.threshold, call.canaryOf('inbound'), call.canaryOf('outbound')]).toEqual([
      0.6,
      'rol_1',
      null,
    ])
    call.decided(decidedContent({ action: 'allow', scores: [scored(0.55, { threshold: 0.6 })] }))
    call.decided(decidedContent({ scores: [scored(0.9)] }))
    call.decided(decidedContent({ direction: 'outbound', scores: [scored(0.9)] }))
    await timers.run()
    expect(storage.counted).toMatchObject([
      { id: 'rol_1', counts: [{ stage: 'canary', arm: 'canary', requests: 2, onlyBefore: 1, actedAfter: 1 }] },
    ])
    expect(storage.kept.map(({ decision }) => [decision.direction, decision.canary, decision.revision])).toEqual([
      ['inbound', 'rol_1', 7],
      ['outbound', null, 7],
    ])
    expect(told).toContain('compared canary canary only-before')
  })

  it('of a caller who is not in the canary is by the threshold in force, and counted in the other arm', async () => {
    const { tuning, storage, timers } = tuningOf()
    storage.current = exampleState({ rollouts: [exampleRollout({ share: 0 })] })
    await using _begun = await tuning.begin(storage)
    const call = tuning.thresholdsFor(caller, profile)
    expect([call.profile.inbound['toxicity']?.threshold, call.canaryOf('inbound')]).toEqual([0.5, null])
    call.decided(decidedContent({ scores: [scored(0.55)] }))
    await timers.run()
    expect(storage.counted[0]?.counts).toMatchObject([{ arm: 'control', requests: 1, onlyBefore: 1 }])
  })

  it('in shadow is decided by the threshold in force, whoever asks', async () => {
    const { tuning, storage } = tuningOf()
    storage.current = exampleState({ rollouts: [exampleRollout({ stage: 'shadow', share: 1 })] })
    await using _begun = await tuning.begin(storage)
    const call = tuning.thresholdsFor(caller, profile)
    expect([call.profile.inbound['toxicity']?.threshold, call.canaryOf('inbound')]).toEqual([0.5, null])
  })

  it('of no text is none', async () => {
    const { tuning, storage, told } = tuningOf({ sample: 1 })
    await using _begun = await tuning.begin(storage)
    tuning.thresholdsFor(caller, profile).decided(decidedContent({ action: 'allow', scores: [] }))
    expect(told).toEqual([])
  })

  it('is counted before anything begins, and kept by nobody', async () => {
    const { tuning, storage, told } = tuningOf()
    tuning.thresholdsFor(caller, profile).decided(decidedContent())
    await rest()
    expect([told, storage.batches]).toEqual([['decided staff inbound withheld'], []])
  })

  it('is kept without a pause where five hundred wait', async () => {
    const { tuning, storage, timers } = tuningOf({ isWatched: false })
    await using _begun = await tuning.begin(storage)
    for (let at = 0; at < 499; at += 1) {
      tuning.thresholdsFor(caller, profile).decided(decidedContent({ id: `dec-${at}` }))
    }
    await rest()
    expect([storage.kept.length, timers.pauses]).toEqual([0, [1_000]])
    tuning.thresholdsFor(caller, profile).decided(decidedContent({ id: 'dec-499' }))
    await rest()
    expect([storage.kept.length, timers.pauses]).toEqual([500, []])
  })

  it('is kept when the service ends', async () => {
    const { tuning, storage, timers } = tuningOf()
    storage.current = exampleState({ rollouts: [exampleRollout()] })
    {
      await using _begun = await tuning.begin(storage)
      tuning.thresholdsFor(caller, profile).decided(decidedContent())
    }
    expect([storage.kept.length, storage.counted.length, timers.pauses]).toEqual([1, 1, []])
    tuning.thresholdsFor(caller, profile).decided(decidedContent())
    expect(storage.kept.length).toBe(1)
  })

  it('is told as lost where the service ends while the storage is away', async () => {
    const { tuning, storage, told } = tuningOf()
    {
      await using _begun = await tuning.begin(storage)
      tuning.thresholdsFor(caller, profile).decided(decidedContent())
      storage.isAway = true
    }
    expect(told).toContain('dropped 1 decision: storage')
  })
})

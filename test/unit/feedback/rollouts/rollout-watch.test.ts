import { describe, expect, it } from 'vitest'
import type { Rollout, RolloutCounts, Rollouts, RolloutSeen } from '../../../../src/core/tuning.ts'
import { createRolloutWatch } from '../../../../src/feedback/rollouts/rollout-watch.ts'
import { defaultGates } from '../../../support/feedback/default-gates.ts'
import { counted, seenAfter } from '../../../support/feedback/rollout-counts.ts'
import { exampleState } from '../../../support/feedback/tuning-examples.ts'
import { verifies } from '../../../support/verifies.ts'

const tripled = (stage: RolloutCounts['stage'] = 'canary') =>
  counted('canary', { stage, requests: 400, before: 40, after: 120 })
const sound = (stage: RolloutCounts['stage'] = 'canary') =>
  counted('canary', { stage, requests: 400, before: 40, after: 40 })
const complainedOf = (stage: RolloutCounts['stage']) => [
  { ...sound(stage), complaints: 100 },
  counted('control', { requests: 400, before: 40, after: 40 }),
]

interface Watched {
  readonly isFaster?: boolean
  readonly detectors?: string | null
  readonly trail?: boolean
}

/** A watch over one rollout, and the steps that it has made. */
function watching(seen: RolloutSeen, { isFaster = false, detectors = 'words@1', trail = true }: Watched = {}) {
  const stepped: unknown[] = []
  const rollouts: Pick<Rollouts, 'state' | 'seen' | 'step'> = {
    state: () => Promise.resolve(exampleState({ rollouts: [seen.rollout] })),
    seen: () => Promise.resolve(seen),
    step: ({ id, revision }, step): Promise<Rollout | null> => {
      if (isFaster) return Promise.resolve(null)
      stepped.push({ id, revision, ...step })
      return Promise.resolve({ ...seen.rollout, stage: step.to })
    },
  }
  const told: string[] = []
  const watch = createRolloutWatch({
    rollouts,
    gates: defaultGates,
    detectorsOf: () => detectors,
    async onTrail({ to, why }, act) {
      if (!trail) throw new Error('the trail cannot be written')
      told.push(`${to}: ${why}`)
      return act()
    },
  })
  return { look: () => watch.look(), stepped, told }
}

describe('the watch over rollouts', () => {
  it('rolls a canary back that has left its bounds, by the revision it has read, and says why', async () => {
    const { look, stepped, told } = watching(seenAfter(1, [tripled()]))
    const { steps } = await look()
    expect(steps).toMatchObject([{ to: 'rolled-back', why: expect.stringContaining('it acts on 30.0 %') }])
    expect(stepped).toEqual([{ id: 'rol_1', revision: 1, to: 'rolled-back', by: 'automatic', why: steps[0]?.why }])
    expect(told).toEqual([`rolled-back: ${steps[0]?.why}`])
  })

  it('does nothing to a sound canary, however long it lasts, and never promotes by itself', async () => {
    const { look, stepped } = watching(seenAfter(10_000, [sound()]))
    expect(await look()).toEqual({ steps: [], forPeople: [] })
    expect(stepped).toEqual([])
  })

  it.each(['canary', 'promoted'] as const)(
    'tells people of answers ended in %s of which nobody knows the rest',
    async (stage) => {
      const ended = counted('canary', { stage, requests: 60, before: 0, after: 40, onlyAfter: 0, unknown: 40 })
      const { look, stepped } = watching(seenAfter(1_000, [ended], { stage }))
      const { forPeople } = await look()
      expect(forPeople).toMatchObject([{ message: expect.stringContaining('it has ended 40 answers more') as string }])
      expect(stepped).toEqual([])
    },
  )

  it('leaves one in shadow to people: it decides nothing', async () => {
    const seen = seenAfter(1, [{ ...tripled('shadow'), arm: 'control' }], { stage: 'shadow' })
    expect(await watching(seen).look()).toEqual({ steps: [], forPeople: [] })
  })

  it('rolls a promoted one back that leaves its bounds, and settles one that has kept to them for its time', async () => {
    verifies('tuning.trial')
    const left = watching(seenAfter(1, [tripled('promoted')], { stage: 'promoted' }))
    expect((await left.look()).steps).toMatchObject([{ to: 'rolled-back' }])
    const early = watching(seenAfter(71, [sound('promoted')], { stage: 'promoted' }))
    expect((await early.look()).steps).toEqual([])
    const kept = watching(seenAfter(72, [sound('promoted')], { stage: 'promoted' }))
    expect((await kept.look()).steps).toMatchObject([{ to: 'settled' }])
    const idle = watching(seenAfter(1_000, [], { stage: 'promoted' }))
    expect((await idle.look()).steps).toEqual([])
  })

  it('rolls a canary back for complaints, and a promoted one that is the looser threshold', async () => {
    expect((await watching(seenAfter(1, complainedOf('canary'))).look()).steps).toMatchObject([{ to: 'rolled-back' }])
    const looser = seenAfter(1, complainedOf('promoted'), { stage: 'promoted', from: 0.5, to: 0.6 })
    expect((await watching(looser).look()).steps).toMatchObject([{ to: 'rolled-back' }])
  })

  it('puts no looser threshold back in force for complaints: a person has to', async () => {
    verifies('tuning.trial')
    const stricter = watching(seenAfter(1_000, complainedOf('promoted'), { stage: 'promoted', from: 0.6, to: 0.5 }))
    const { steps, forPeople } = await stricter.look()
    expect(steps).toEqual([])
    expect(stricter.stepped).toEqual([])
    expect(forPeople).toMatchObject([
      { rollout: 'rol_1', message: expect.stringContaining('only a person takes it back') },
    ])
  })

  it('rolls a canary back whose detectors are others now, and tells people of a promoted one', async () => {
    const canary = watching(seenAfter(1, [sound()]), { detectors: 'words@2' })
    expect((await canary.look()).steps).toMatchObject([
      { to: 'rolled-back', why: 'it is of scores of "words@1", and the rule asks "words@2" now' },
    ])
    const promoted = watching(seenAfter(1_000, [sound('promoted')], { stage: 'promoted' }), { detectors: null })
    expect(await promoted.look()).toMatchObject({
      steps: [],
      forPeople: [{ message: expect.stringContaining('"nobody"') }],
    })
  })

  it('does not count a step that another process was faster with', async () => {
    expect(await watching(seenAfter(1, [tripled()]), { isFaster: true }).look()).toEqual({ steps: [], forPeople: [] })
  })

  it('does nothing that is not on the trail before', async () => {
    const { look, stepped } = watching(seenAfter(1, [tripled()]), { trail: false })
    await expect(look()).rejects.toThrow('the trail cannot be written')
    expect(stepped).toEqual([])
  })
})

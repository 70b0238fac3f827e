import { describe, expect, it } from 'vitest'
import { createRolloutWatch } from '../../src/feedback/rollouts/rollout-watch.ts'
import { defaultGates } from '../support/feedback/default-gates.ts'
import { counted } from '../support/feedback/rollout-counts.ts'
import { exampleRollout, place } from '../support/feedback/tuning-examples.ts'
import { openTemporaryStorage } from '../support/storage/open-temporary.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const watching = ({ rollouts }: Awaited<ReturnType<typeof openTemporaryStorage>>) =>
  createRolloutWatch({ rollouts, gates: defaultGates, detectorsOf: () => 'words@1', onTrail: (_, act) => act() })

describe('processes that look after the same rollout', () => {
  it('roll it back once, and what was in force before is in force', async () => {
    verifies('tuning.trial')
    const folder = temporaryFolder('watch-')
    const [one, other] = [await openTemporaryStorage(folder), await openTemporaryStorage(folder)]
    const { stage: _stage, revision: _revision, steps: _steps, ...given } = exampleRollout()
    const begun = await one.rollouts.begin(given, { by: 'ann', why: 'proposed' })
    const canary = await one.rollouts.step(begun, { to: 'canary', by: 'ann', why: 'a look' }, { share: 0.5 })
    const promoted = canary && (await one.rollouts.step(canary, { to: 'promoted', by: 'ann', why: 'sound' }, {}))
    expect((await other.rollouts.state()).thresholds).toEqual([{ place, threshold: 0.6, rollout: 'rol_1' }])
    const tripled = counted('canary', { stage: 'promoted', requests: 400, before: 40, after: 120 })
    await other.rollouts.count('rol_1', [tripled])
    const looks = await Promise.all([watching(one), watching(other)].map((watch) => watch.look()))
    expect(looks.flatMap(({ steps }) => steps)).toHaveLength(1)
    const ended = await one.rollouts.find('rol_1')
    expect(ended?.steps.map(({ to, by }) => [to, by])).toEqual([
      ['shadow', 'ann'],
      ['canary', 'ann'],
      ['promoted', 'ann'],
      ['rolled-back', 'automatic'],
    ])
    expect(ended?.revision).toBe((promoted?.revision ?? 0) + 1)
    expect((await other.rollouts.state()).thresholds).toEqual([])
    expect(await watching(other).look()).toEqual({ steps: [], forPeople: [] })
  })

  it('wait for a storage that is away, and go on by what it has then', async () => {
    const storage = await openTemporaryStorage()
    let isAway = true
    const away = (): never => {
      throw new Error('the storage is away')
    }
    const watch = createRolloutWatch({
      rollouts: {
        state: async () => (isAway ? away() : await storage.rollouts.state()),
        seen: (id) => storage.rollouts.seen(id),
        step: (...step) => storage.rollouts.step(...step),
      },
      gates: defaultGates,
      detectorsOf: () => 'words@1',
      onTrail: (_, act) => act(),
    })
    const { stage: _stage, revision: _revision, steps: _steps, ...given } = exampleRollout()
    const begun = await storage.rollouts.begin(given, { by: 'ann', why: 'proposed' })
    await storage.rollouts.step(begun, { to: 'canary', by: 'ann', why: 'a look' }, { share: 0.5 })
    await storage.rollouts.count('rol_1', [counted('canary', { requests: 400, before: 40, after: 120 })])
    await expect(watch.look()).rejects.toThrow('the storage is away')
    expect((await storage.rollouts.find('rol_1'))?.stage).toBe('canary')
    isAway = false
    expect((await watch.look()).steps).toMatchObject([{ to: 'rolled-back' }])
  })
})

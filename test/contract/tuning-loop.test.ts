import { describe, expect, it } from 'vitest'
import { runClosedLoop } from '../support/feedback/closed-loop.ts'
import { openTemporaryStorage } from '../support/storage/open-temporary.ts'
import { verifies } from '../support/verifies.ts'

describe('the loop from traffic to a settled threshold', () => {
  it.each([1, 2])(
    'brings two groups to their targets and loses 2 points of recall at most, of seed %d',
    async (seed) => {
      verifies('tuning.loop')
      const storage = await openTemporaryStorage()
      const results = await runClosedLoop({ seed, storage, decisions: 2_500 })
      for (const { iterations, before, after, target } of results) {
        expect(before.falsePositives).toBeGreaterThan(2 * target)
        expect(after.falsePositives).toBeLessThanOrEqual(target)
        expect(before.recall - after.recall).toBeLessThanOrEqual(0.02)
        expect(iterations[0]?.ended).toBe('settled')
        expect(iterations[0]?.complaints).toBeGreaterThan(0)
      }
      // Each group has its own threshold, and whoever looks at the storage can tell how it came to be.
      const { thresholds } = await storage.rollouts.state()
      expect(thresholds.map(({ place }) => place.group).toSorted()).toEqual(['guests', 'staff'])
      const rollouts = await storage.rollouts.list(10)
      const [last] = rollouts.find(({ id }) => id === thresholds[0]?.rollout)?.steps.slice(-1) ?? []
      expect(last).toMatchObject({ by: 'automatic', from: 'promoted', to: 'settled' })
    },
  )
})

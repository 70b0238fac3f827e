import { describe, expect, it } from 'vitest'
import { simulateCanary, type SimulatedCanaryOptions } from '../../../support/feedback/simulated-canary.ts'
import { verifies } from '../../../support/verifies.ts'

const runs = 200

async function rolledBack(options: Omit<SimulatedCanaryOptions, 'seed'>): Promise<number> {
  let count = 0
  for (let seed = 0; seed < runs; seed += 1) if ((await simulateCanary({ ...options, seed })).isRolledBack) count += 1
  return count / runs
}

describe.each([0.01, 0.02, 0.05, 0.1, 0.2])(
  'of 200 canaries of one in ten, where %d of requests are acted on',
  (baseRate) => {
    const canary = { baseRate, share: 0.1 }

    it('those that triple it are rolled back within 200 requests, 95 of 100 at least', async () => {
      verifies('tuning.canaries')
      expect(await rolledBack({ ...canary, times: 3, mostDecided: 200 })).toBeGreaterThanOrEqual(0.95)
    })

    it('those at the edge of their bounds are rolled back, 5 of 100 at most', async () => {
      verifies('tuning.canaries')
      expect(await rolledBack({ ...canary, times: 1.25, mostDecided: 200, between: 50 })).toBeLessThanOrEqual(0.05)
    })
  },
)

describe('of 200 canaries', () => {
  it('those that are complained of are rolled back, and those that are as much as the others are not', async () => {
    const canary = { baseRate: 0.05, times: 1, share: 0.25, mostDecided: 200, between: 50 }
    expect(await rolledBack({ ...canary, complaints: { others: 0.5, canary: 15 } })).toBeGreaterThanOrEqual(0.95)
    expect(await rolledBack({ ...canary, complaints: { others: 3, canary: 3 } })).toBeLessThanOrEqual(0.05)
  })

  it('those that act as they should and then three times as often are rolled back within 200 requests of that', async () => {
    const canary = { baseRate: 0.05, share: 0.25, between: 50 }
    const drifting = { ...canary, times: 3, changesAfter: 500, mostDecided: 700 }
    expect(await rolledBack(drifting)).toBeGreaterThanOrEqual(0.95)
    expect(await rolledBack({ ...canary, times: 1.25, mostDecided: 500 })).toBeLessThanOrEqual(0.05)
  })

  it('each comes to the same from its seed', async () => {
    const options = { seed: 3, baseRate: 0.05, times: 3, share: 0.1, mostDecided: 200 }
    expect(await simulateCanary(options)).toEqual(await simulateCanary(options))
  })
})

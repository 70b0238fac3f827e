import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { patientSettings } from '../contract/sandbox-programs.ts'
import { kubectl } from '../support/kubernetes/kubectl.ts'
import { isClusterLane } from '../support/kubernetes/lane.ts'
import { holdingService, kill, type HoldingService } from '../support/sandbox/engine-service.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { engineLeases, sandboxPods } from '../support/sandbox/pod-traces.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
/** Sweeps of the half of a lease, and of more than two. */
const betweenMilliseconds = 4000
const early = 5
const late = 30

const leaseOf = async ({ pid }: HoldingService) => (await engineLeases(`${hostname()}/${pid}`))[0] ?? 'none'

const podsOf = async ({ pid }: HoldingService) =>
  (await sandboxPods()).filter(({ owner }) => owner === pid).map(({ name }) => name)

async function sweepTimes(engine: OperableSandboxEngine, times: number, isOver: () => Promise<boolean>) {
  for (let count = 0; count < times && !(await isOver()); count += 1) {
    expect((await engine.sweep(never)).failed).toEqual([])
    await sleep(betweenMilliseconds)
  }
}

/** The clock of a service, as its lease tells it; a change of the lease besides. */
function setClock(lease: string, renewTime: string): void {
  const words = ['patch', 'lease', lease, '--type=merge', '-p', JSON.stringify({ spec: { renewTime } })]
  expect(kubectl('administrator', ['-n', 'sallyport-sandboxes', ...words])).toMatchObject({ ok: true })
}

describe.skipIf(!isClusterLane)('sandboxes of a service in a cluster', { retry: 0 }, () => {
  it('that is killed are swept by another one when its lease is over, and not before', async () => {
    verifies('kubernetes.leases')
    const killed = await holdingService('kubernetes', 2)
    await using engine = createTestClusterEngine({ settings: patientSettings })
    await engine.sweep(never)
    await kill(killed.child)
    await sweepTimes(engine, early, async () => false)
    expect(await podsOf(killed)).toEqual(expect.arrayContaining([...killed.ids]))
    await sweepTimes(engine, late, async () => (await podsOf(killed)).length === 0)
    expect(await podsOf(killed)).toEqual([])
  })

  it('that is stopped for longer than its lease are gone when it goes on, which it does under another lease', async () => {
    verifies('kubernetes.leases')
    const stopped = await holdingService('kubernetes', 3)
    const lease = await leaseOf(stopped)
    try {
      await using engine = createTestClusterEngine({ settings: patientSettings })
      await using neighbour = await engine.claim({ tenant: 'neighbour', language: 'python' }, never)
      await neighbour.run(unvetted('kept = 41'), {}, never)
      await engine.sweep(never)
      process.kill(stopped.pid, 'SIGSTOP')
      // Clocks say nothing: neither does one far ahead keep a lease, nor one far behind end it.
      setClock(lease, '2099-01-01T00:00:00.000000Z')
      await sweepTimes(engine, early, async () => false)
      expect(await podsOf(stopped)).toEqual(expect.arrayContaining([...stopped.ids]))
      await sweepTimes(engine, late, async () => (await podsOf(stopped)).length === 0)
      expect(await podsOf(stopped)).toEqual([])
      expect(await engineLeases()).not.toContain(lease)

      process.kill(stopped.pid, 'SIGCONT')
      expect(await stopped.answers()).toEqual(stopped.ids.slice(1).map((id) => `${id} sandbox-lost `))
      expect(await stopped.claims()).toBe('ok')
      const { results, outcome } = await neighbour.run(unvetted('kept + 1'), {}, never)
      expect({ outcome, results }).toMatchObject({ outcome: 'ok', results: [{ text: '42' }] })
    } finally {
      process.kill(stopped.pid, 'SIGCONT')
      await kill(stopped.child)
    }
  })

  it('whose clock is years behind are left alone', async () => {
    verifies('kubernetes.leases')
    const living = await holdingService('kubernetes', 2)
    try {
      const lease = await leaseOf(living)
      await using engine = createTestClusterEngine({ settings: patientSettings })
      for (let count = 0; count < early * 3; count += 1) {
        setClock(lease, '2001-01-01T00:00:00.000000Z')
        expect((await engine.sweep(never)).removed.filter((id) => living.ids.includes(id))).toEqual([])
        await sleep(betweenMilliseconds)
      }
      expect(await living.answers()).toEqual([`${living.ids[1]} ok 1`])
    } finally {
      await kill(living.child)
    }
  })
})

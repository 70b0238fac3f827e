import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openClusterAccess } from '../../../../../src/sandbox/containers/kubernetes/cluster-access.ts'
import { ClusterClient } from '../../../../../src/sandbox/containers/kubernetes/cluster-client.ts'
import { EngineLease } from '../../../../../src/sandbox/containers/kubernetes/engine-lease.ts'
import { readOwner } from '../../../../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../../../src/sandbox/options.ts'
import { FakeCluster, kubeconfigOf, type FakeClusterOptions } from '../../../../support/sandbox/fake-cluster.ts'
import {
  createTestKubernetesDriver,
  startFakeCluster,
  writeKubeconfig,
} from '../../../../support/sandbox/kubernetes-sandbox.ts'

const never = new AbortController().signal
const limits = createLimits(sandboxOptions.parse({}).limits)
const namespace = 'sallyport-sandboxes'

describe('the lease of a driver', () => {
  /** Over a cluster of its own, on a clock that is turned by hand. */
  async function startLease() {
    const cluster = await FakeCluster.start()
    const access = await openClusterAccess({
      kubeconfig: writeKubeconfig(kubeconfigOf(cluster.url)),
      server: '',
      context: null,
    })
    const client = new ClusterClient(access)
    const clock = { now: 1000 }
    const faults: unknown[] = []
    const lease = new EngineLease({
      client,
      namespace,
      ownPod: null,
      onFault: (fault) => faults.push(fault),
      now: () => clock.now,
    })
    return {
      cluster,
      clock,
      faults,
      lease,
      puts: () => cluster.asked.filter((each) => each.startsWith('PUT')).length,
      [Symbol.asyncDispose]: async () => {
        await lease[Symbol.asyncDispose]()
        client[Symbol.dispose]()
        await cluster[Symbol.asyncDispose]()
      },
    }
  }

  it('is given out as it is while it was renewed lately, and asked for again after a silence', async () => {
    await using started = await startLease()
    const first = await started.lease.held(never)
    started.clock.now += 20_000
    expect(await started.lease.held(never)).toEqual(first)
    expect(started.puts()).toBe(0)
    started.clock.now += 10_000
    expect(await started.lease.held(never)).toEqual(first)
    expect(started.puts()).toBe(1)
  })

  it('is another one after a silence in which it was taken away, before anything is made under it', async () => {
    await using started = await startLease()
    const first = await started.lease.held(never)
    started.cluster.leases.clear()
    started.clock.now += 60_000
    const second = await started.lease.held(never)
    expect(second.uid).not.toBe(first.uid)
    expect([...started.cluster.leases.keys()]).toEqual([second.name])
    expect(started.faults).toHaveLength(1)
  })

  it('is made for all who wait for it, though the first of them goes away', async () => {
    await using started = await startLease()
    const stop = new AbortController()
    const first = started.lease.held(stop.signal)
    const second = started.lease.held(never)
    stop.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    const { name } = await second
    expect([...started.cluster.leases.keys()]).toEqual([name])
  })

  it('is not given out where nobody answers whether it stands', async () => {
    await using started = await startLease()
    await started.lease.held(never)
    started.clock.now += 60_000
    await started.cluster[Symbol.asyncDispose]()
    await expect(started.lease.held(never)).rejects.toThrow(/ECONN|socket hang up/)
  })

  it('is steady since it was made, and after a gap since the renewal that ended it', async () => {
    await using started = await startLease()
    const { lease, clock } = started
    expect(lease.steadySince).toBe(clock.now)
    await lease.held(never)
    clock.now += 20_000
    expect(lease.steadySince).toBe(1000)
    clock.now += 20_000
    expect(lease.steadySince).toBe(clock.now)
    await lease.held(never)
    const renewed = clock.now
    clock.now += 5000
    expect(lease.steadySince).toBe(renewed)
  })
})

describe('sandboxes of a driver that says nothing any more', () => {
  const clean: AsyncDisposable[] = []
  afterEach(async () => {
    vi.useRealTimers()
    for (const each of clean.splice(0).toReversed()) await each[Symbol.asyncDispose]()
  })

  /** One driver with a sandbox that renews nothing, and another one that looks, on a clock that is turned by hand. */
  async function startPair(options: FakeClusterOptions = {}) {
    const silent = await startFakeCluster(options)
    clean.push(silent)
    const id = `sbx-${randomBytes(8).toString('hex')}`
    await silent.driver.create({ id, owner: await readOwner(), limits }, never)
    // From here on only what is made has intervals and a clock that turn.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const looking = createTestKubernetesDriver(writeKubeconfig(kubeconfigOf(silent.cluster.url)))
    clean.push(looking)
    const { cluster } = silent
    const puts = () => cluster.asked.filter((each) => each.startsWith('PUT')).length
    const state = async () => (await looking.list(never)).map(({ ownerState }) => ownerState)
    /** So many intervals of renewals, each of which is answered. */
    const renew = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        const before = puts()
        vi.advanceTimersByTime(10_000)
        // Not expect.poll, which would turn the clock.
        while (puts() === before) await sleep(2)
        // Its answer is there, too.
        await looking.list(never)
      }
    }
    return { cluster, state, renew, lease: [...cluster.leases.keys()][0] ?? '' }
  }

  it('are dead once its lease is over, which is deleted first', async () => {
    const { cluster, state, renew, lease } = await startPair()
    expect(await state()).toEqual(['living'])
    await renew(4)
    expect(cluster.leases.has(lease)).toBe(true)
    vi.advanceTimersByTime(9000)
    expect(await state()).toEqual(['dead'])
    expect(cluster.leases.has(lease)).toBe(false)
  })

  it('live on where it renewed its lease between the look and the deletion', async () => {
    const kept: FakeClusterOptions = {
      refuse: (method, path) =>
        method === 'DELETE' && path.includes('/leases/') ? { status: 409, message: 'the object was modified' } : null,
    }
    const { cluster, state, renew, lease } = await startPair(kept)
    await state()
    await renew(4)
    vi.advanceTimersByTime(9000)
    expect(await state()).toEqual(['living'])
    expect(cluster.asked).toContainEqual(expect.stringMatching(`^DELETE .*/leases/${lease}$`))
  })

  it('live on after an outage in which nobody could write', async () => {
    let isAway = false
    const refuse = (method: string) => (isAway && method === 'PUT' ? { status: 503, message: 'no leader' } : null)
    const { cluster, state, renew, lease } = await startPair({ refuse })
    expect(await state()).toEqual(['living'])
    isAway = true
    await renew(9)
    isAway = false
    await renew(3)
    expect(await state()).toEqual(['living'])
    // And it is over when it stays silent while others are heard again.
    await renew(3)
    expect(await state()).toEqual([])
    expect([cluster.leases.has(lease), cluster.pods.size]).toEqual([false, 0])
  })
})

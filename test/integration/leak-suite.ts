import { describe, expect, it } from 'vitest'
import type { ServiceError } from '../../src/core/errors.ts'
import type { SandboxDriver } from '../../src/sandbox/driver.ts'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createRandom } from '../support/random.ts'
import { holdingService, kill, killedService, moments, type DriverName } from '../support/sandbox/engine-service.ts'
import { verifies } from '../support/verifies.ts'

/** How often, and how large. */
export interface LeakSizes {
  readonly runs: number
  readonly kills: number
  readonly sessions: number
  readonly seed: number
}

/** A driver whose sandboxes are counted. */
export interface LeakSubject {
  readonly name: DriverName
  start(options?: { warm?: boolean; settings?: object }): OperableSandboxEngine
  readonly driver: SandboxDriver
  /** By what the host knows the sandboxes of a process, their ids among them. */
  readonly hostNames: (pid: number) => Promise<readonly string[]>
  /** Everything on the host that bears one of the names; slow. */
  readonly tracesOf: (names: Iterable<string>) => Promise<readonly string[]>
  /** Those of them that a cgroup on the host bears. */
  readonly groupsOf: (names: Iterable<string>) => Promise<readonly string[]>
  /** Sweeps until the sandboxes of dead processes are gone, in whatever time that takes under this driver; what failed. */
  readonly sweep: (engine: OperableSandboxEngine, isOver: () => Promise<boolean>) => Promise<readonly unknown[]>
  /** What is found of something that is being removed: at once, or after whatever time that takes. */
  readonly left: (look: () => Promise<readonly string[]>) => Promise<readonly string[]>
}

const never = new AbortController().signal

/** On a machine with far too much to do a start may fail, and has to leave nothing either: the claim is made again. */
async function claimed(engine: OperableSandboxEngine, tenant: string): Promise<Sandbox> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await engine.claim({ tenant, language: 'python' }, never)
    } catch (thrown) {
      if (attempt === 5 || (thrown as ServiceError).code !== 'sandbox-unavailable') throw thrown
    }
  }
}

/** Nothing is left of sandboxes that were let go, given up, or whose service was killed. */
export function describeLeaks(subject: LeakSubject, { runs, kills, sessions, seed }: LeakSizes): void {
  const longTest = 300_000 + runs * 10_000 + kills * 60_000 + sessions * 30_000
  const idsOf = async (pid: number) =>
    (await subject.driver.list(never)).filter((entry) => entry.owner.pid === pid).map((entry) => entry.id)
  const idsLeft = (pid: number) => subject.left(() => idsOf(pid))
  const sweptOf = (engine: OperableSandboxEngine, pids: readonly number[]) =>
    subject.sweep(engine, async () => (await Promise.all(pids.map(idsOf))).flat().length === 0)

  describe(`under the ${subject.name} driver`, { retry: 0 }, () => {
    it('a service that is killed leaves nothing after the next sweep, which spares the living', async () => {
      verifies('processes.sweep')
      const [killed, living] = await Promise.all([holdingService(subject.name), holdingService(subject.name)])
      try {
        expect(await idsOf(killed.pid)).toEqual(expect.arrayContaining([...killed.ids]))
        const names = await subject.hostNames(killed.pid)
        await kill(killed.child)
        await using engine = subject.start()
        expect(await sweptOf(engine, [killed.pid])).toEqual([])
        expect(await idsOf(killed.pid)).toEqual([])
        expect(await idsOf(living.pid)).toEqual(expect.arrayContaining([...living.ids]))
        expect(await subject.left(() => subject.groupsOf(names))).toEqual([])
      } finally {
        await kill(living.child)
        await using engine = subject.start()
        await sweptOf(engine, [living.pid])
      }
      expect(await idsOf(living.pid)).toEqual([])
    })

    it(
      `a service killed with ${sessions} sessions leaves nothing after one sweep, and its neighbour's all answer`,
      async () => {
        const neighbour = await holdingService(subject.name, 3)
        try {
          const killed = await holdingService(subject.name, sessions)
          const ids = await idsOf(killed.pid)
          expect(ids).toEqual(expect.arrayContaining([...killed.ids]))
          const names = await subject.hostNames(killed.pid)
          const before = await subject.tracesOf(names)
          // Under Docker the host knows a sandbox by its container's id, in a cluster by its Pod's, else by its own.
          const seen = names.filter((name) => before.some((trace) => trace.includes(name)))
          expect(seen.length).toBeGreaterThanOrEqual(sessions)
          await kill(killed.child)

          await using restarted = subject.start()
          expect(await sweptOf(restarted, [killed.pid])).toEqual([])
          expect(await idsOf(killed.pid)).toEqual([])
          expect(await subject.left(() => subject.tracesOf(names))).toEqual([])

          expect(await idsOf(neighbour.pid)).toEqual(expect.arrayContaining([...neighbour.ids]))
          expect(await neighbour.answers()).toEqual(neighbour.ids.slice(1).map((id, index) => `${id} ok ${index + 1}`))
          await using sandbox = await restarted.claim({ tenant: 'next', language: 'python' }, never)
          expect((await sandbox.run(unvetted('print(1)'), {}, never)).outcome).toBe('ok')
        } finally {
          await kill(neighbour.child)
          await using engine = subject.start()
          await sweptOf(engine, [neighbour.pid])
        }
        expect(await idsOf(neighbour.pid)).toEqual([])
      },
      longTest,
    )

    it(
      `${kills} services killed while they create, claim, upload, run or destroy leave nothing (seed ${seed})`,
      async () => {
        const random = createRandom(seed)
        const pids: number[] = []
        for (let count = 0; count < kills; count += 1) {
          const [moment, longest] = moments[count % moments.length] ?? moments[0]
          pids.push(await killedService(subject.name, moment, random() * longest))
        }
        await using engine = subject.start()
        const before = (await Promise.all(pids.map(idsOf))).flat()
        // Nothing to sweep would mean that nothing was killed in the middle.
        expect(before).not.toEqual([])
        const names = (await Promise.all(pids.map(subject.hostNames))).flat()
        expect(await sweptOf(engine, pids)).toEqual([])
        expect((await Promise.all(pids.map(idsOf))).flat()).toEqual([])
        expect(await subject.left(() => subject.groupsOf(names))).toEqual([])
      },
      longTest,
    )

    it('leaves nothing when a claim is cancelled while its sandbox starts', async () => {
      const engine = subject.start()
      const stop = new AbortController()
      const claim = engine.claim({ tenant: 'impatient', language: 'python' }, stop.signal)
      setTimeout(() => stop.abort(new Error('impatient')), 150)
      await expect(claim).rejects.toThrow('impatient')
      await engine[Symbol.asyncDispose]()
      expect(await idsLeft(process.pid)).toEqual([])
    })

    it('has nothing left of a sandbox once its owner let go of it, even while it runs', async () => {
      verifies('security.one-tenant')
      await using engine = subject.start()
      const sandbox = await engine.claim({ tenant: 'tidy', language: 'python' }, never)
      const running = sandbox.run(unvetted('while True: pass'), {}, never)
      expect(await idsOf(process.pid)).toEqual([sandbox.id])
      const names = await subject.hostNames(process.pid)
      await sandbox[Symbol.asyncDispose]()
      expect(await idsOf(process.pid)).toEqual([])
      expect(await subject.left(() => subject.groupsOf(names))).toEqual([])
      expect((await running).outcome).toBe('sandbox-lost')
    })

    it(
      `has nothing left after ${runs} mixed runs`,
      async () => {
        const programs = [
          '1 + 1',
          'raise ValueError',
          'import os; os._exit(1)',
          'while True: pass',
          'x = bytearray(1 << 40)',
        ]
        // Patient: what counts is what is left, not how long a busy machine took.
        const pool = { minimum_ready: 2, maximum_ready: 2, queue_ms: 600_000 }
        const ids = new Set<string>()
        const names = new Set<string>()
        {
          await using engine = subject.start({ warm: true, settings: { pool } })
          const lane = async (first: number) => {
            for (let index = first; index < runs; index += 3) {
              await using sandbox = await claimed(engine, `tenant-${first}`)
              ids.add(sandbox.id)
              for (const name of await subject.hostNames(process.pid)) names.add(name)
              await sandbox.run(unvetted(programs[index % programs.length] ?? ''), { timeoutMilliseconds: 300 }, never)
            }
          }
          await Promise.all([lane(0), lane(1), lane(2)])
        }
        expect(ids.size).toBe(runs)
        expect([...ids].filter((id) => !names.has(id))).toEqual([])
        expect(await idsLeft(process.pid)).toEqual([])
        expect(await subject.left(() => subject.groupsOf(names))).toEqual([])
      },
      longTest,
    )
  })
}

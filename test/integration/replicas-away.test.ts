import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { sandboxesOf, stillRunning } from '../support/replicas/sandboxes-of.ts'
import { hasRealSandboxes, TwoReplicas } from '../support/replicas/two-replicas.ts'
import type { KilledService } from '../support/surfaces/killed/killed-service.ts'
import { verifies } from '../support/verifies.ts'

const leaseMilliseconds = 12_000
/** A machine that does much else takes its time. */
const patience = { timeout: 120_000, interval: 200 }

// It waits for leases, and is a lane's; what a process does alone is in the contract of the storage.
const problem = hasRealSandboxes ? ensureServer() : 'it is of the lane replicas'
if (problem !== null) process.stderr.write(`SKIPPED: replicas without their storage, ${problem}\n`)

describe.skipIf(problem !== null)('two replicas', () => {
  const stack = new AsyncDisposableStack()
  let replicas: TwoReplicas
  let [one, other]: KilledService[] = []
  beforeAll(async () => {
    replicas = stack.use(await TwoReplicas.start(leaseMilliseconds))
    one = replicas.one
    other = replicas.other
  }, 600_000)
  afterAll(() => stack.disposeAsync())

  const open = async (service: KilledService) => (await replicas.ask(service, 'POST', '/v1/sessions', {})).id
  const run = (service: KilledService, session: string, seconds = 0) => {
    const code = `import time\ntime.sleep(${seconds})\nprint("1")`
    return replicas.ask(service, 'POST', '/v1/execute', { code, session })
  }
  const readiness = async (service: KilledService) => (await fetch(`${service.url}/readyz`)).status
  /** Of a program that would run for much longer than the lease. */
  async function runLong(service: KilledService): Promise<{ session: string; ended: Promise<unknown> }> {
    const session = await open(service)
    await run(service, session)
    const ended = run(service, session, 600).catch((thrown: unknown) => thrown)
    await expect
      .poll(() => replicas.ask(service, 'GET', '/v1/sessions'), patience)
      .toMatchObject({ data: expect.arrayContaining([expect.objectContaining({ id: session, in_use: true })]) })
    return { session, ended }
  }

  it('end what runs in their sandboxes while the storage is away for longer than a lease, refuse with a reason, and come back by themselves', async () => {
    verifies('replicas.cut-off')
    const [first, second] = [await replicas.numberOf('one'), await replicas.numberOf('other')]
    const long = [await runLong(one!), await runLong(other!)]
    await replicas.cluster.endPrimary('SIGKILL')
    try {
      // Nobody can take anybody for dead now, and both end all the same.
      await Promise.all(long.map(({ ended }) => ended))
      for (const service of [one!, other!]) {
        expect(await replicas.ask(service, 'POST', '/v1/execute', { code: 'print("1")' })).toMatchObject({
          httpStatus: 503,
          code: 'storage-unavailable',
        })
        expect(await readiness(service)).toBe(503)
      }
    } finally {
      await replicas.cluster.startPrimary()
    }
    for (const service of [one!, other!]) await expect.poll(() => readiness(service), patience).toBe(200)
    await expect.poll(() => replicas.numberOf('one'), patience).toBeGreaterThan(first)
    await expect.poll(() => replicas.numberOf('other'), patience).toBeGreaterThan(second)
    for (const [at, { session }] of long.entries()) {
      const name = at === 0 ? 'one' : 'other'
      for (const service of [one!, other!]) {
        expect(await run(service, session)).toMatchObject({
          httpStatus: 404,
          detail: expect.stringContaining(`lost with the replica "${name}"`),
        })
      }
    }
    for (const service of [one!, other!]) {
      expect(await run(service, await open(service))).toMatchObject({ httpStatus: 200, outcome: 'ok' })
    }
  }, 600_000)

  it('of which one is cut off from the storage: what runs there ends, the other tells that its sessions were lost, and it serves again when it is not', async () => {
    verifies('replicas.cut-off')
    const before = await replicas.numberOf('one')
    const { session, ended } = await runLong(one!)
    const sandboxes = await sandboxesOf(one!.pid)
    expect(sandboxes.length).toBeGreaterThan(0)
    const told: string[] = []
    replicas.relay.cut()
    try {
      const untilLost = async (): Promise<void> => {
        await expect
          .poll(() => run(other!, session), patience)
          .toMatchObject({ httpStatus: 404, detail: expect.stringContaining('lost with the replica "one"') })
        // Whoever is told may begin anew: nothing of the old one runs beside it.
        expect(stillRunning(sandboxes)).toEqual([])
        told.push('lost')
      }
      await Promise.all([ended.then(() => told.push('ended')), untilLost()])
      // Its answer waits for the storage, and may come later than its end: that nothing of the end waits for it is in the contract of the storage.
      expect(told.toSorted()).toEqual(['ended', 'lost'])
      expect(await run(other!, await open(other!))).toMatchObject({ httpStatus: 200, outcome: 'ok' })
    } finally {
      replicas.relay.mend()
    }
    await expect.poll(() => readiness(one!), patience).toBe(200)
    await expect.poll(() => replicas.numberOf('one'), patience).toBeGreaterThan(before)
    expect(await run(one!, await open(one!))).toMatchObject({ httpStatus: 200, outcome: 'ok' })
  }, 600_000)

  // The last one: it kills the first of them.
  it('of which one is killed give back within half a minute what it held of a quota, and count it once', async () => {
    verifies('replicas.quota')
    const asked = { key: replicas.bob }
    const body = { code: 'import time\ntime.sleep(600)' }
    const running = replicas.ask(one!, 'POST', '/v1/execute', body, asked).catch((thrown: unknown) => thrown)
    // Of the last request: what it took to be answered is not what a quota waited for.
    let began = 0
    const ask = () => {
      began = performance.now()
      return replicas.ask(other!, 'POST', '/v1/execute', { code: 'print("1")' }, asked)
    }
    await expect
      .poll(() => replicas.ask(one!, 'GET', '/v1/sessions', null, asked), patience)
      .toMatchObject({ data: [{ in_use: true }] })
    // One request at a time is all that its group may have.
    await expect.poll(ask, patience).toMatchObject({ httpStatus: 429 })
    await one!.kill()
    await running
    const killed = performance.now()
    await expect.poll(ask, patience).toMatchObject({ httpStatus: 200 })
    const seconds = (began - killed) / 1_000
    process.stderr.write(`what a killed replica held was back for a request after ${seconds.toFixed(1)} s\n`)
    const { keys } = (await replicas.command('keys', 'list')) as { keys: readonly { id: string; name: string }[] }
    const id = keys.find(({ name }) => name === 'bob')?.id ?? ''
    const { limits } = (await replicas.command('limits', 'show', id)) as {
      readonly limits: readonly { readonly unit: string; readonly held: number }[]
    }
    expect(limits.map(({ held }) => held)).toEqual(limits.map(() => 0))
  }, 600_000)
})

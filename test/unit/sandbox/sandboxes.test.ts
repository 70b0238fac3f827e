import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { SandboxEvent } from '../../../src/core/facts.ts'
import type { DriverChoice } from '../../../src/sandbox/containers/choose-driver.ts'
import { isolateOptions } from '../../../src/sandbox/isolates/options.ts'
import { defaultCeilings } from '../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../src/sandbox/options.ts'
import { Sandboxes } from '../../../src/sandbox/sandboxes.ts'
import { unvetted } from '../../contract/sandbox-contract.ts'
import { FakeSandboxDriver } from '../../support/sandbox/fake-sandbox-driver.ts'
import { verifies } from '../../support/verifies.ts'

const never = new AbortController().signal
const request = { tenant: 'ann', language: 'python' } as const
const script = { tenant: 'ann', language: 'javascript' } as const
const unavailable = new ServiceError('sandbox-unavailable', 'no gVisor')

/** Sandboxes over a fake driver, with what was opened and reported. */
function open(
  given: { readonly faults?: readonly Error[]; readonly settings?: object; readonly choice?: DriverChoice } = {},
) {
  const faults = [...(given.faults ?? [])]
  const opened: string[] = []
  const uses: boolean[] = []
  const drivers: FakeSandboxDriver[] = []
  const events: SandboxEvent[] = []
  const activities: string[] = []
  let ended = 0
  const sandboxes = new Sandboxes(
    {
      sandbox: sandboxOptions.parse({
        driver: given.choice === undefined ? 'docker' : 'auto',
        pool: { minimum_ready: 1, maximum_ready: 1 },
        ...given.settings,
      }),
      isolate: isolateOptions.parse({ ready: 0 }),
    },
    {
      openDriver: async (name, { warm, onSnapshotFault }) => {
        opened.push(name)
        const fault = faults.shift()
        if (fault !== undefined) throw fault
        const driver = new FakeSandboxDriver()
        drivers.push(driver)
        uses.push(warm)
        onSnapshotFault('a snapshot was not used')
        return driver
      },
      chooseDriver: async () => given.choice ?? { driver: 'docker', reason: 'runsc was not taken: a test' },
      onEvent: (event) => events.push(event),
      onActivity: (what) => {
        activities.push(what)
        return { [Symbol.dispose]: () => (ended += 1) }
      },
    },
  )
  return { sandboxes, opened, uses, drivers, events, activities, ended: () => ended }
}

describe('the sandboxes of a service', () => {
  it('are of the configured driver, which is opened once, or of the one that is named', async () => {
    const { sandboxes, opened } = open({ settings: { driver: 'runsc' } })
    await using _ = sandboxes
    const sandbox = await sandboxes.claim(request, never)
    expect((await sandbox.run(unvetted('print hello'), {}, never)).outcome).toBe('ok')
    await sandboxes.claim(request, never)
    await sandboxes.claim(request, never, 'docker')
    expect(opened).toEqual(['runsc', 'docker'])
  })

  it('are of the driver that auto stands for, and its reason is told', async () => {
    const { sandboxes, opened } = open({ choice: { driver: 'runsc', reason: 'a test' } })
    await using _ = sandboxes
    expect(await sandboxes.figures()).toBeNull()
    await sandboxes.claim(request, never)
    await sandboxes.claim(request, never)
    expect(await sandboxes.choice()).toEqual({ driver: 'runsc', reason: 'a test' })
    expect(await sandboxes.figures()).toMatchObject({ claimed: 2 })
    expect(opened).toEqual(['runsc'])
  })

  it('are of Docker where the driver that auto stands for starts none, and why is told', async () => {
    const choice: DriverChoice = { driver: 'runsc', reason: 'a test' }
    const { sandboxes, opened, events } = open({ choice, faults: [unavailable] })
    await using _ = sandboxes
    await sandboxes.claim(request, never)
    await sandboxes.claim(request, never)
    expect(opened).toEqual(['runsc', 'docker'])
    expect(await sandboxes.choice()).toEqual({ driver: 'docker', reason: 'runsc was not taken: no gVisor' })
    expect(events).toContainEqual({ type: 'sandbox-fault', fault: unavailable })
  })

  it.each([
    ['the configuration', { settings: { driver: 'runsc' } }, null],
    ['the caller', { choice: { driver: 'docker', reason: 'a test' } }, 'runsc'],
  ] as const)('are never of another driver where %s names one that fails', async (_, given, named) => {
    verifies('driver.named')
    const { sandboxes, opened } = open({ ...given, faults: [unavailable] })
    await using __ = sandboxes
    await expect(sandboxes.claim(request, never, named)).rejects.toThrow('no gVisor')
    expect(opened).toEqual(['runsc'])
  })

  it('stay with the driver that auto stands for once it has started one, and with Docker where that fails', async () => {
    const choice: DriverChoice = { driver: 'runsc', reason: 'a test' }
    const { sandboxes, opened, drivers } = open({ choice })
    await using _ = sandboxes
    await sandboxes.claim(request, never)
    const [driver] = drivers
    if (driver !== undefined) driver.failNext = unavailable
    await expect(sandboxes.claim(request, never)).rejects.toThrow('no gVisor')
    expect(opened).toEqual(['runsc'])
    const docker = open({ faults: [unavailable] })
    await expect(docker.sandboxes.claim(request, never)).rejects.toThrow('no gVisor')
    expect(docker.opened).toEqual(['docker'])
  })

  it('begin one before the first claim, which gets it, and none after', async () => {
    const { sandboxes, drivers } = open()
    await using _ = sandboxes
    await sandboxes.startAhead()
    await expect.poll(() => sandboxes.figures()).toEqual({ ready: 1, claimed: 0, waiting: 0 })
    await sandboxes.claim(request, never)
    expect(drivers.map(({ created }) => created)).toEqual([1])
    expect(await sandboxes.figures()).toEqual({ ready: 0, claimed: 1, waiting: 0 })
    await sandboxes.claim(request, never)
    expect(drivers.map(({ created }) => created)).toEqual([2])
  })

  it('begin one of the driver that is named, too', async () => {
    const { sandboxes, drivers, opened } = open()
    await using _ = sandboxes
    await sandboxes.startAhead('runsc')
    await sandboxes.claim(request, never, 'runsc')
    expect([opened, drivers.map(({ created }) => created)]).toEqual([['runsc'], [1]])
  })

  it('begin one ahead that is gone with them where nobody claims it', async () => {
    const { sandboxes, drivers } = open()
    await sandboxes.startAhead()
    await sandboxes[Symbol.asyncDispose]()
    expect(drivers.map(({ live, created }) => [live.size, created])).toEqual([[0, 1]])
  })

  it('begin one ahead that gives way to a claim with limits of its own', async () => {
    const { sandboxes, drivers } = open({ settings: { pool: { maximum: 1, minimum_ready: 0, maximum_ready: 0 } } })
    await using _ = sandboxes
    await sandboxes.startAhead()
    await expect.poll(() => sandboxes.figures()).toMatchObject({ ready: 1 })
    const limits = { memory_mb: 64 }
    const ceilings = defaultCeilings(sandboxOptions.parse({}).limits)
    await sandboxes.claim({ ...request, limits, ceilings }, never)
    await expect.poll(() => drivers[0]?.live.size).toBe(1)
    expect(drivers[0]?.created).toBe(2)
  })

  it('leave it to the claim to say why one that was begun ahead cannot be had', async () => {
    const { sandboxes } = open({ faults: [unavailable, unavailable] })
    await using _ = sandboxes
    await sandboxes.startAhead()
    await expect(sandboxes.claim(request, never)).rejects.toThrow('no gVisor')
    await sandboxes.startAhead()
    await sandboxes.claim(request, never)
  })

  it('say what they are doing while somebody waits for one', async () => {
    const { sandboxes, activities, ended } = open()
    await using _ = sandboxes
    await sandboxes.claim(request, never)
    expect([activities, ended()]).toEqual([['starting a sandbox'], 1])
  })

  it('tell of faults of a driver that cost no sandbox', async () => {
    const { sandboxes, events } = open()
    await using _ = sandboxes
    await sandboxes.engine()
    expect(events).toContainEqual({ type: 'sandbox-fault', fault: 'a snapshot was not used' })
  })

  it('stand ready before anybody asks only where they are kept so', async () => {
    const [warm, plain] = [open(), open()]
    await using _ = warm.sandboxes
    await using __ = plain.sandboxes
    expect(await warm.sandboxes.figures()).toBeNull()
    warm.sandboxes.keepWarm()
    await expect.poll(() => warm.sandboxes.figures()).toEqual({ ready: 1, claimed: 0, waiting: 0 })
    await plain.sandboxes.claim(request, never)
    expect(await plain.sandboxes.figures()).toEqual({ ready: 0, claimed: 1, waiting: 0 })
    expect([warm.uses, plain.uses]).toEqual([[true], [false]])
  })

  it('are opened again for the next claim where that has failed', async () => {
    const { sandboxes, opened } = open({ faults: [unavailable, unavailable] })
    await using _ = sandboxes
    sandboxes.keepWarm()
    await expect(sandboxes.available()).rejects.toThrow('no gVisor')
    expect(await sandboxes.figures()).toBeNull()
    await expect(sandboxes.claim(request, never)).rejects.toThrow('no gVisor')
    await sandboxes.available()
    await sandboxes.claim(request, never)
    expect(opened).toEqual(['docker', 'docker', 'docker'])
  })

  it('are none of an isolate that asks for limits of its own, and no driver is opened for one', async () => {
    const { sandboxes, opened } = open()
    await using _ = sandboxes
    const limits = { memory_mb: 64 }
    await expect(sandboxes.claim({ ...script, limits }, never, 'isolate')).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'memory_mb cannot be asked for under the isolate driver.',
      parameter: 'memory_mb',
      advice: 'Leave it out, or choose another driver: docker or runsc or kubernetes.',
    })
    await expect(sandboxes.claim({ ...request, limits: {} }, never, 'isolate')).rejects.toThrow('runs JavaScript')
    expect(opened).toEqual([])
  })

  it('are no isolates where tenants share nothing', async () => {
    const { sandboxes } = open({ settings: { driver: 'runsc', sharing: 'none' } })
    await using _ = sandboxes
    const refusal = { code: 'sandbox-unavailable', message: expect.stringContaining('sandbox.sharing is none') }
    await expect(sandboxes.claim(script, never, 'isolate')).rejects.toMatchObject(refusal)
    await expect(sandboxes.claimIsolate('ann', never)).rejects.toMatchObject(refusal)
    expect((await sandboxes.claim(request, never)).driver).toBe('fake')
  })

  it('are gone when the service closes, and none is made any more', async () => {
    const { sandboxes, drivers, opened } = open()
    await sandboxes.claim(request, never)
    await sandboxes[Symbol.asyncDispose]()
    expect(drivers.map(({ live }) => live.size)).toEqual([0])
    const closed = { code: 'shutting-down' }
    await expect(sandboxes.claim(request, never)).rejects.toMatchObject(closed)
    await expect(sandboxes.claim(request, never, 'runsc')).rejects.toMatchObject(closed)
    await expect(sandboxes.claim(script, never, 'isolate')).rejects.toMatchObject(closed)
    await expect(sandboxes.claimIsolate('ann', never)).rejects.toMatchObject(closed)
    await expect(sandboxes.available()).rejects.toMatchObject(closed)
    expect(opened).toEqual(['docker'])
  })

  it('are gone also where one is being opened when the service closes', async () => {
    const { sandboxes, drivers } = open()
    const claim = sandboxes.claim(request, never)
    claim.catch(() => {})
    await sandboxes[Symbol.asyncDispose]()
    await expect(claim).rejects.toMatchObject({ code: 'shutting-down' })
    expect(drivers.map(({ live }) => live.size)).toEqual([0])
  })
})

describe('sandboxes as an operator sees them', () => {
  it('are those of every driver that was opened, and isolates', async () => {
    verifies('sandboxes.seen')
    const { sandboxes } = open({ settings: { driver: 'runsc' } })
    await using _ = sandboxes
    expect(await sandboxes.seen()).toEqual({
      driver: { name: 'runsc', why: null, proof: 'not-asked', fault: null, missingWalls: [] },
      pool: null,
      isDraining: false,
      sandboxes: [],
    })
    await using own = await sandboxes.claim(request, never)
    await using other = await sandboxes.claim({ ...request, tenant: 'bob' }, never, 'docker')
    await using isolate = await sandboxes.claimIsolate('cleo', never)
    const seen = await sandboxes.seen()
    expect(seen).toMatchObject({ driver: { proof: 'stands' }, pool: { claimed: 1, maximumReady: 1 } })
    const held = seen.sandboxes.map(({ kind, holder }) => [kind, holder])
    expect(held).toEqual([
      ['container', 'ann'],
      ['container', 'bob'],
      ['isolate', 'cleo'],
    ])
    const ids = seen.sandboxes.map(({ id }) => id)
    expect(await Promise.all(ids.map((id) => sandboxes.end(id)))).toEqual([true, true, true])
    expect([own.alive, other.alive, isolate.alive]).toEqual([false, false, false])
    const late = await isolate.run(unvetted('1', 'javascript'), {}, never)
    expect(late).toMatchObject({ outcome: 'sandbox-lost' })
    await expect.poll(async () => (await sandboxes.seen()).sandboxes).toEqual([])
  })

  it('that are drained are not had by any driver, not by the one that auto falls back to, nor as isolates', async () => {
    verifies('sandboxes.drained')
    const { sandboxes, opened } = open({ choice: { driver: 'runsc', reason: 'a test' } })
    await using _ = sandboxes
    await sandboxes.drain()
    const drained = { code: 'sandbox-unavailable', message: 'An operator has drained the sandboxes of this process' }
    await expect(sandboxes.claim(request, never)).rejects.toMatchObject(drained)
    await expect(sandboxes.claim(request, never, 'docker')).rejects.toMatchObject(drained)
    await expect(sandboxes.claim(script, never, 'isolate')).rejects.toMatchObject(drained)
    await expect(sandboxes.claimIsolate('ann', never)).rejects.toMatchObject(drained)
    await expect(sandboxes.available()).rejects.toMatchObject(drained)
    expect(opened).toEqual([])
    expect((await sandboxes.seen()).isDraining).toBe(true)
    sandboxes.resume()
    await using sandbox = await sandboxes.claim(request, never)
    expect(sandbox.alive).toBe(true)
  })
})

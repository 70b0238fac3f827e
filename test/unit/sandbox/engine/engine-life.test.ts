import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { SandboxEvent } from '../../../../src/core/facts.ts'
import { createSandboxEngine } from '../../../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../../../src/sandbox/options.ts'
import { readOwner } from '../../../../src/sandbox/engine/owner.ts'
import { unvetted } from '../../../contract/sandbox-contract.ts'
import { FakeSandboxDriver } from '../../../support/sandbox/fake-sandbox-driver.ts'

const never = new AbortController().signal
const request = { tenant: 'ann', language: 'python' } as const
const spare = { minimum_ready: 0, maximum_ready: 0 }

function startEngine(given: { settings?: object; warm?: boolean; driver?: FakeSandboxDriver } = {}) {
  const driver = given.driver ?? new FakeSandboxDriver()
  const events: SandboxEvent[] = []
  const engine = createSandboxEngine({
    driver,
    settings: sandboxOptions.parse({ pool: spare, ...given.settings }),
    warm: given.warm ?? false,
    onEvent: (event) => events.push(event),
  })
  const seen = (type: SandboxEvent['type']) => events.filter((event) => event.type === type)
  return { engine, driver, events, seen }
}

describe('an engine', () => {
  it('tells of each start, claim and run, and lists what is claimed', async () => {
    const { engine, seen } = startEngine()
    await using _ = engine
    const sandbox = await engine.claim(request, never)
    const { id } = sandbox
    expect(seen('sandbox-start')).toEqual([
      { type: 'sandbox-start', id, driver: 'fake', origin: 'cold', milliseconds: expect.any(Number) },
    ])
    expect(seen('sandbox-claim')).toEqual([
      { type: 'sandbox-claim', id, tenant: 'ann', milliseconds: expect.any(Number), made: false },
    ])
    const [claim] = seen('sandbox-claim') as { milliseconds: number }[]
    expect(claim?.milliseconds).toBeGreaterThan(0)
    expect(engine.figures.claimed).toBe(1)
    const result = await sandbox.run(unvetted('print hello'), {}, never)
    expect(seen('sandbox-run')).toEqual([{ type: 'sandbox-run', id, tenant: 'ann', result }])
    expect(id).toMatch(/^sbx-[0-9a-f]{16}$/)
    await sandbox[Symbol.asyncDispose]()
    expect(engine.figures.claimed).toBe(0)
  })

  it('counts the wait for a claim to its first run alone', async () => {
    const { engine } = startEngine({ driver: new FakeSandboxDriver({ createMilliseconds: 40 }) })
    await using _ = engine
    await using sandbox = await engine.claim(request, never)
    const first = await sandbox.run(unvetted('print hello'), {}, never)
    expect(first.timings.queueMs).toBeGreaterThan(30)
    const next = async () => (await sandbox.run(unvetted('print hello'), {}, never)).timings.queueMs
    await expect.poll(next).toBeLessThan(first.timings.queueMs)
  })

  it('proves its walls when it is asked to, and says so where they cannot stand', async () => {
    class Broken extends FakeSandboxDriver {
      override prepare(): Promise<never> {
        return Promise.reject(new ServiceError('sandbox-unavailable', 'no gVisor'))
      }
    }
    await using sound = startEngine().engine
    await expect(sound.prove(never)).resolves.toBeUndefined()
    const { engine, seen } = startEngine({ driver: new Broken(), warm: true })
    await using _ = engine
    await expect(engine.prove(never)).rejects.toThrow('no gVisor')
    await expect(engine.claim(request, never)).rejects.toThrow('no gVisor')
    expect(seen('sandbox-fault')).toEqual([
      { type: 'sandbox-fault', fault: expect.objectContaining({ message: 'no gVisor' }) },
    ])
  })

  it('looks for leftovers also while its walls cannot be proven, since they may be why', async () => {
    class Full extends FakeSandboxDriver {
      override prepare(): Promise<never> {
        return Promise.reject(new ServiceError('sandbox-unavailable', 'no room'))
      }
    }
    const driver = new Full()
    const id = 'sbx-00000000000000aa'
    driver.live.set(id, { id, owner: { ...(await readOwner()), startTicks: '1' }, running: true, createdAt: 0 })
    const { engine, seen } = startEngine({ driver, settings: { sweep_ms: 1000 } })
    await using _ = engine
    await expect(engine.claim(request, never)).rejects.toThrow('no room')
    await expect.poll(() => seen('sandbox-sweep')).toHaveLength(1)
    expect(driver.removed).toEqual([id])
  })

  it('tells why a spare sandbox could not be started', async () => {
    const driver = new FakeSandboxDriver()
    driver.failNext = new ServiceError('sandbox-unavailable', 'no memory left')
    const { engine, seen } = startEngine({ driver, warm: true, settings: { pool: { minimum_ready: 1 } } })
    await using _ = engine
    await expect
      .poll(() => seen('sandbox-fault'))
      .toEqual([{ type: 'sandbox-fault', fault: expect.objectContaining({ message: 'no memory left' }) }])
  })

  it('tells of what a sweep removed, and says nothing of one that removed nothing', async () => {
    const { engine, driver, seen } = startEngine()
    await using _ = engine
    expect(await engine.sweep(never)).toMatchObject({ removed: [], failed: [] })
    expect(seen('sandbox-sweep')).toEqual([])
    const owner = { ...(await readOwner()), pid: 4_194_303 }
    driver.live.set('sbx-old', { id: 'sbx-old', owner, running: true, createdAt: 0 })
    const report = await engine.sweep(never)
    expect(report).toMatchObject({ removed: ['sbx-old'], failed: [] })
    expect(seen('sandbox-sweep')).toEqual([{ type: 'sandbox-sweep', report }])
  })

  it.concurrent('closes what nobody uses, and says for how long it was unused', async ({ expect }) => {
    const { engine, driver, seen } = startEngine({ settings: { idle_ms: 1_000, sweep_ms: 600_000 } })
    await using _ = engine
    const sandbox = await engine.claim(request, never)
    await expect.poll(() => seen('sandbox-expiry')).toEqual([{ type: 'sandbox-expiry', id: sandbox.id, tenant: 'ann' }])
    expect(sandbox.alive).toBe(false)
    expect(driver.live.size).toBe(0)
    expect(engine.figures.claimed).toBe(0)
    expect((await sandbox.run(unvetted('print hello'), {}, never)).notice).toContain(
      'The sandbox was unused for 1 s and was closed; claim a new one.',
    )
  })

  it.concurrent('looks for another image or runtime as often as it sweeps, and hands out none of the old', async ({
    expect,
  }) => {
    const pool = { minimum_ready: 1, maximum_ready: 1 }
    const { engine, driver, seen } = startEngine({ settings: { sweep_ms: 1_000, pool }, warm: true })
    await using _ = engine
    await expect.poll(() => engine.figures.ready).toBe(1)
    const [old] = driver.live.keys()
    driver.fingerprint = 'two'
    await expect.poll(() => driver.removed).toEqual([old])
    await using sandbox = await engine.claim(request, never)
    expect(sandbox.id).not.toBe(old)
    await sleep(1_200)
    expect(driver.removed).toEqual([old])
    expect(seen('sandbox-fault')).toEqual([])
  })

  it('starts nothing once it is closed', async () => {
    const { engine, driver } = startEngine()
    await engine[Symbol.asyncDispose]()
    await expect(engine.claim(request, never)).rejects.toMatchObject({
      code: 'shutting-down',
      message: 'The sandboxes are being closed',
    })
    expect(driver.created).toBe(0)
  })

  it('gives up a claim whose caller is gone while the walls are proven', async () => {
    class Slow extends FakeSandboxDriver {
      override prepare(): Promise<never> {
        return new Promise(() => {})
      }
    }
    const { engine } = startEngine({ driver: new Slow() })
    await using _ = engine
    const stop = new AbortController()
    const claim = engine.claim(request, stop.signal)
    const proof = engine.prove(stop.signal)
    proof.catch(() => {})
    stop.abort(new Error('gone'))
    await expect(claim).rejects.toThrow('gone')
  })
})

import type { SandboxEvent } from '../../../../src/core/facts.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createSandboxEngine } from '../../../../src/sandbox/engine/engine.ts'
import { defaultCeilings } from '../../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../../src/sandbox/options.ts'
import { unvetted } from '../../../contract/sandbox-contract.ts'
import { FakeSandboxDriver, type FakeDriverOptions } from '../../../support/sandbox/fake-sandbox-driver.ts'
import { verifies } from '../../../support/verifies.ts'

const never = new AbortController().signal
const request = { tenant: 'ann', language: 'python' } as const

function startEngine(given: { settings?: object; driver?: FakeDriverOptions; warm?: boolean } = {}) {
  const driver = new FakeSandboxDriver(given.driver)
  const settings = sandboxOptions.parse(given.settings ?? {})
  const events: SandboxEvent[] = []
  const engine = createSandboxEngine({
    driver,
    settings,
    warm: given.warm ?? true,
    onEvent: (event) => events.push(event),
  })
  const ceilings = { ...defaultCeilings(settings.limits), memory_mb: 4096, wall_ms: 600_000 }
  return { engine, driver, events, ceilings }
}

async function untilReady(engine: { readonly figures: { readonly ready: number } }): Promise<void> {
  while (engine.figures.ready === 0) await sleep(1)
}

describe('a claim with limits of its own', () => {
  it('that differs in its wall time only gets a sandbox that stands ready', async () => {
    verifies('limits.cold-claim')
    const { engine, events, ceilings } = startEngine()
    await using _ = engine
    await untilReady(engine)
    const [ready] = events.filter((event) => event.type === 'sandbox-start').map((event) => event.id)
    await using sandbox = await engine.claim({ ...request, limits: { wall_ms: 50 }, ceilings }, never)
    expect(sandbox.id).toBe(ready)
    const cell = await sandbox.run(unvetted('sleep 60000'), {}, never)
    expect(cell.outcome).toBe('timeout')
    expect(cell.notice).toContain('50 ms')
  })

  it('may run as long as its group may, and no longer', async () => {
    const { engine, ceilings } = startEngine()
    await using _ = engine
    await using sandbox = await engine.claim({ ...request, ceilings }, never)
    const run = (timeoutMilliseconds: number) => sandbox.run(unvetted('print hello'), { timeoutMilliseconds }, never)
    expect((await run(600_000)).outcome).toBe('ok')
    await expect(run(600_001)).rejects.toThrow('A run may take 1 to 600000 ms, not 600001')
  })

  it('gets a sandbox made for it, with those limits, and leaves the ready one', async () => {
    verifies('limits.cold-claim')
    const { engine, driver, events, ceilings } = startEngine()
    await using _ = engine
    await untilReady(engine)
    await using sandbox = await engine.claim({ ...request, limits: { memory_mb: 2048 }, ceilings }, never)
    expect(driver.specifications.at(-1)).toMatchObject({ id: sandbox.id, limits: { memory_mb: 2048 } })
    expect(events).toContainEqual(expect.objectContaining({ type: 'sandbox-claim', id: sandbox.id, made: true }))
    expect(engine.figures).toMatchObject({ ready: 1, claimed: 1 })
    const cell = await sandbox.run(unvetted('print hello'), {}, never)
    // It waited for its start, and its first result says so.
    expect(cell).toMatchObject({ outcome: 'ok' })
    expect(cell.timings.queueMs).toBeGreaterThan(0)
  })

  it('is refused above its ceiling before anything is started', async () => {
    const { engine, driver, ceilings } = startEngine({ warm: false })
    await using _ = engine
    const claim = engine.claim({ ...request, limits: { memory_mb: 4097 }, ceilings }, never)
    await expect(claim).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'memory_mb may be at most 4096 for this group, and 4097 was asked for.',
    })
    expect(driver.created).toBe(0)
  })

  it('gets nothing where its limits did not take', async () => {
    verifies('sandbox.limits-read-back')
    const { engine, driver, ceilings } = startEngine({
      warm: false,
      driver: { applied: { sandboxMemoryBytes: 2 ** 40 } },
    })
    await using _ = engine
    const claim = engine.claim({ ...request, limits: { memory_mb: 2048 }, ceilings }, never)
    await expect(claim).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringContaining(`memory is limited to ${2 ** 40}, not`),
    })
    expect(driver.live.size).toBe(0)
    expect(engine.figures).toEqual({ ready: 0, starting: 0, claimed: 0, waiting: 0 })
  })

  it('leaves nothing when it is given up while its sandbox is made', async () => {
    const { engine, driver, ceilings } = startEngine({ warm: false, driver: { createMilliseconds: 50 } })
    const stop = new AbortController()
    const claim = engine.claim({ ...request, limits: { cpus: 0.5 }, ceilings }, stop.signal)
    setTimeout(() => stop.abort(new Error('changed my mind')), 10)
    await expect(claim).rejects.toThrow('changed my mind')
    expect(engine.figures).toEqual({ ready: 0, starting: 0, claimed: 0, waiting: 0 })
    await engine[Symbol.asyncDispose]()
    expect(driver.live.size).toBe(0)
  })

  it('keeps within the number of sandboxes and takes its turn', async () => {
    const pool = { minimum_ready: 0, maximum_ready: 0, maximum: 1, queue_ms: 60 }
    const { engine, ceilings } = startEngine({ settings: { pool } })
    await using _ = engine
    const own = { ...request, limits: { cpus: 0.5 }, ceilings }
    const first = await engine.claim(own, never)
    await expect(engine.claim(own, never)).rejects.toMatchObject({ code: 'sandbox-busy' })
    const usual = engine.claim(request, never)
    await first[Symbol.asyncDispose]()
    await using second = await usual
    expect(second.id).not.toBe(first.id)
  })

  it('has a spare ready one give way where there is no room for both', async () => {
    const pool = { minimum_ready: 1, maximum_ready: 1, maximum: 1 }
    const { engine, driver, ceilings } = startEngine({ settings: { pool } })
    await using _ = engine
    await untilReady(engine)
    await using sandbox = await engine.claim({ ...request, limits: { cpus: 0.5 }, ceilings }, never)
    expect([...driver.live.keys()]).toEqual([sandbox.id])
  })
})

describe('a claimed sandbox', () => {
  it('is given back once, however often it is let go', async () => {
    const { engine, driver } = startEngine({ settings: { pool: { minimum_ready: 0, maximum_ready: 0 } } })
    await using _ = engine
    const sandbox = await engine.claim(request, never)
    await Promise.all([sandbox[Symbol.asyncDispose](), sandbox[Symbol.asyncDispose]()])
    await sandbox[Symbol.asyncDispose]()
    expect(driver.removed).toEqual([sandbox.id])
    expect(engine.figures).toEqual({ ready: 0, starting: 0, claimed: 0, waiting: 0 })
    await expect(sandbox.run(unvetted('print hello'), {}, never)).resolves.toMatchObject({ outcome: 'sandbox-lost' })
  })

  it('goes to one of several claims for the only slot, and then to each other in turn', async () => {
    const { engine, driver } = startEngine({ settings: { pool: { minimum_ready: 0, maximum_ready: 0, maximum: 1 } } })
    await using _ = engine
    let [holding, most] = [0, 0]
    const ids = await Promise.all(
      Array.from({ length: 20 }, async (_unused, index) => {
        await using sandbox = await engine.claim({ ...request, tenant: `tenant-${index % 5}` }, never)
        most = Math.max(most, ++holding)
        await sleep(1)
        holding -= 1
        return sandbox.id
      }),
    )
    expect(most).toBe(1)
    expect(new Set(ids).size).toBe(20)
    expect(driver.live.size).toBe(0)
  })

  it('is left where it is when the wall clock jumps: idleness and deadlines are counted by another', async () => {
    const { engine, driver } = startEngine({ settings: { idle_ms: 60_000, sweep_ms: 1000 } })
    await using _ = engine
    await using sandbox = await engine.claim(request, never)
    const realNow = Date.now
    try {
      Date.now = () => realNow() + 365 * 86_400_000
      const cell = sandbox.run(unvetted('sleep 30'), { timeoutMilliseconds: 5000 }, never)
      await engine.sweep(never)
      await sleep(1200)
      expect((await cell).outcome).toBe('ok')
      Date.now = () => 0
      await sleep(1200)
      expect(sandbox.alive).toBe(true)
      expect(driver.live.has(sandbox.id)).toBe(true)
      expect((await sandbox.run(unvetted('print hello'), {}, never)).outcome).toBe('ok')
    } finally {
      Date.now = realNow
    }
  })

  it('can go on after an upload that was cancelled in its middle', async () => {
    const { engine } = startEngine()
    await using _ = engine
    await using sandbox = await engine.claim(request, never)
    const stop = new AbortController()
    async function* endless() {
      for (;;) {
        yield new Uint8Array(100_000)
        await sleep(1)
      }
    }
    setTimeout(() => stop.abort(new Error('enough')), 30)
    await expect(sandbox.files.put('big.bin', endless(), stop.signal)).rejects.toThrow('enough')
    expect((await sandbox.run(unvetted('print hello'), {}, never)).outcome).toBe('ok')
  })
})

import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { createSandboxEngine, type OperableSandboxEngine } from '../../../../src/sandbox/engine/engine.ts'
import { sandboxOptions } from '../../../../src/sandbox/options.ts'
import { unvetted } from '../../../contract/sandbox-contract.ts'
import { FakeSandboxDriver } from '../../../support/sandbox/fake-sandbox-driver.ts'
import { verifies } from '../../../support/verifies.ts'

const never = new AbortController().signal
const ann = { tenant: 'ann', language: 'python' } as const
const refusal = new ServiceError('sandbox-unavailable', 'drained')

function start(pool: object = { minimum_ready: 1, maximum_ready: 1, maximum: 2 }) {
  const driver = new FakeSandboxDriver()
  const engine = createSandboxEngine({ driver, settings: sandboxOptions.parse({ pool }), warm: true })
  return { driver, engine }
}

const isReady = async (engine: OperableSandboxEngine) => {
  await expect.poll(() => engine.figures.ready).toBe(1)
}
const statesOf = (engine: OperableSandboxEngine) => engine.list().map(({ state, holder }) => [state, holder])

describe('the list of sandboxes', () => {
  it('says of each who has it, what it does, and what its own kernel says that it is', async () => {
    verifies('sandboxes.seen')
    const { engine } = start()
    await using _ = engine
    await isReady(engine)
    expect(engine.list()).toMatchObject([
      { kind: 'container', driver: 'fake', state: 'ready', holder: null, heldMilliseconds: null, origin: 'cold' },
    ])
    expect(engine.list()[0]?.kernel).toContain('Starting gVisor')
    await using sandbox = await engine.claim(ann, never)
    const own = () => engine.list().find(({ id }) => id === sandbox.id)
    expect(own()).toMatchObject({ state: 'idle', holder: 'ann', heldMilliseconds: expect.any(Number) as number })
    const leaving = new AbortController()
    const run = sandbox.run(unvetted('sleep 60000'), {}, leaving.signal)
    await expect.poll(() => own()?.state).toBe('running')
    expect(own()?.idleMilliseconds).toBeNull()
    leaving.abort()
    await run
  })

  it('says whether the walls were proven, and why not', async () => {
    const driver = new FakeSandboxDriver()
    const engine = createSandboxEngine({ driver, settings: sandboxOptions.parse({}), warm: false })
    await using _ = engine
    expect(engine.proof).toMatchObject({ name: 'fake', proof: 'not-asked', fault: null })
    driver.prepare = () => Promise.reject(new ServiceError('sandbox-unavailable', 'no gVisor here'))
    await expect(engine.prove(never)).rejects.toThrow('no gVisor here')
    expect(engine.proof).toMatchObject({ proof: 'failed', fault: 'no gVisor here' })
    driver.prepare = async () => ({ fingerprint: 'one' })
    await engine.prove(never)
    expect(engine.proof).toMatchObject({ proof: 'stands', fault: null })
  })
})

describe('a sandbox that an operator ends', () => {
  it('is gone with what ran in it, which says so, and its place is free', async () => {
    verifies('sandboxes.ended')
    const { engine, driver } = start({ minimum_ready: 0, maximum_ready: 0, maximum: 1 })
    await using _ = engine
    await using sandbox = await engine.claim(ann, never)
    const run = sandbox.run(unvetted('sleep 60000'), {}, never)
    await expect.poll(() => statesOf(engine)).toEqual([['running', 'ann']])
    expect(await engine.end(sandbox.id)).toBe(true)
    expect(await run).toMatchObject({
      outcome: 'sandbox-lost',
      notice: expect.stringMatching(/^An operator ended the sandbox before the run ended\. /) as string,
    })
    expect(driver.removed).toContain(sandbox.id)
    expect(engine.list()).toEqual([])
    expect(await sandbox.run(unvetted('print hello'), {}, never)).toMatchObject({
      outcome: 'sandbox-lost',
      notice: 'An operator ended the sandbox; claim a new one.',
    })
    await using next = await engine.claim({ ...ann, tenant: 'bob' }, never)
    expect(next.alive).toBe(true)
  })

  it('that nobody has is replaced by another', async () => {
    const { engine, driver } = start()
    await using _ = engine
    await isReady(engine)
    const [first] = engine.list()
    expect(await engine.end(first?.id ?? '')).toBe(true)
    expect(driver.removed).toEqual([first?.id])
    await isReady(engine)
    expect(engine.list().map(({ id }) => id)).not.toContain(first?.id)
  })

  it('is one that is there', async () => {
    const { engine } = start()
    await using _ = engine
    expect(await engine.end('sbx-0000000000000000')).toBe(false)
  })
})

describe('sandboxes that are drained', () => {
  it('are handed out to nobody, those who wait included, and kept by who has one', async () => {
    verifies('sandboxes.drained')
    const { engine } = start({ minimum_ready: 1, maximum_ready: 1, maximum: 2, maximum_per_tenant: 1 })
    await using _ = engine
    await using held = await engine.claim(ann, never)
    const waiting = engine.claim(ann, never)
    await expect.poll(() => engine.figures.waiting).toBe(1)
    await isReady(engine)
    await engine.drain(refusal)
    await expect(waiting).rejects.toBe(refusal)
    await expect(engine.claim({ ...ann, tenant: 'bob' }, never)).rejects.toBe(refusal)
    const made = engine.claim({ ...ann, tenant: 'bob', limits: { memory_mb: 64 } }, never)
    await expect(made).rejects.toBe(refusal)
    expect(statesOf(engine)).toEqual([['idle', 'ann']])
    expect((await held.run(unvetted('print hello'), {}, never)).outcome).toBe('ok')
    expect(engine.figures).toMatchObject({ ready: 0, starting: 0, claimed: 1 })
  })

  it('are handed out again once they are resumed', async () => {
    verifies('sandboxes.drained')
    const { engine } = start()
    await using _ = engine
    await isReady(engine)
    await engine.drain(refusal)
    expect(engine.list()).toEqual([])
    engine.resume()
    await isReady(engine)
    await using sandbox = await engine.claim(ann, never)
    expect(sandbox.alive).toBe(true)
  })

  it('keep no sandbox whose start was under way', async () => {
    const driver = new FakeSandboxDriver()
    const gate = Promise.withResolvers<void>()
    const create = driver.create.bind(driver)
    driver.create = async (...asked) => {
      await gate.promise
      return create(...asked)
    }
    const pool = { minimum_ready: 1, maximum_ready: 1 }
    const engine = createSandboxEngine({ driver, settings: sandboxOptions.parse({ pool }), warm: true })
    await using _ = engine
    await expect.poll(() => engine.figures.starting).toBe(1)
    await engine.drain(refusal)
    gate.resolve()
    await expect.poll(() => driver.removed.length).toBe(1)
    expect(engine.list()).toEqual([])
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { readOwner } from '../../../../src/sandbox/engine/owner.ts'
import type { LiveContainer } from '../../../../src/sandbox/driver.ts'
import { createLimits } from '../../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../../src/sandbox/options.ts'
import { SandboxSession } from '../../../../src/sandbox/session/sandbox-session.ts'
import { unvetted } from '../../../contract/sandbox-contract.ts'
import { type FakeDriverOptions, FakeSandboxDriver } from '../../../support/sandbox/fake-sandbox-driver.ts'

const never = new AbortController().signal
const owner = await readOwner()
const limits = createLimits(sandboxLimitOptions.parse({ wall_ms: 5_000, wall_ceiling_ms: 6_000 }))
const ladder = { interruptMilliseconds: 10, figuresMilliseconds: 10, killMilliseconds: 40 }

/** A session over a fake container, with what the session asked of it. */
async function start(given: FakeDriverOptions & { readonly container?: Partial<LiveContainer> } = {}) {
  const driver = new FakeSandboxDriver(given)
  const asked: string[] = []
  const create = driver.create.bind(driver)
  driver.create = async (specification, signal) => {
    const container = { ...(await create(specification, signal)), ...given.container }
    const { stream } = container
    const write = stream.write.bind(stream) as (piece: Buffer) => boolean
    stream.write = (piece: Buffer) => {
      heard.push(piece.toString('latin1'))
      return write(piece)
    }
    return {
      ...container,
      kill: () => {
        asked.push('kill')
        return container.kill()
      },
      destroy: () => {
        asked.push('destroy')
        return container.destroy()
      },
    }
  }
  const heard: string[] = []
  const onGone = vi.fn()
  const specification = { id: 'sbx-0', owner, limits }
  const session = await SandboxSession.start({ driver, specification, languages: ['python'], ladder, onGone }, never)
  const run = (text: string, options = {}, signal = never) => session.run(unvetted(text), options, signal)
  return { session, run, asked, onGone, heard }
}

afterEach(() => void vi.useRealTimers())

describe('a session', () => {
  it('is idle for as long as nothing runs in it', async () => {
    const { session, run } = await start()
    vi.useFakeTimers({ toFake: ['performance'] })
    vi.advanceTimersByTime(1_000)
    let during: number | null = null
    await run('print hello', { onOutput: () => (during = session.idleMilliseconds) })
    expect(during).toBe(0)
    vi.advanceTimersByTime(700)
    expect(session.idleMilliseconds).toBe(700)
  })

  it('times a run from its beginning', async () => {
    const { run } = await start()
    vi.useFakeTimers({ toFake: ['performance'] })
    vi.advanceTimersByTime(1_000)
    const result = await run('print hello', { onOutput: () => vi.advanceTimersByTime(30) })
    expect(result.timings).toEqual({ queueMs: 0, runMs: 30 })
  })

  it('leaves no timer behind a run', async () => {
    const { run } = await start()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    expect((await run('print hello')).outcome).toBe('ok')
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([1, 6_000])('runs for as long as %d ms where it is asked to', async (timeoutMilliseconds) => {
    const { run } = await start()
    expect(['ok', 'timeout']).toContain((await run('print hello', { timeoutMilliseconds })).outcome)
  })

  it.each([0, 0.5, -1, Number.NaN, 6_001, Infinity])('refuses to run for %d ms', async (timeoutMilliseconds) => {
    const { run } = await start()
    await expect(run('print hello', { timeoutMilliseconds })).rejects.toMatchObject({
      code: 'invalid-request',
      message: `A run may take 1 to 6000 ms, not ${timeoutMilliseconds}`,
      parameter: 'timeout_ms',
    })
  })

  it('takes code of half a mebibyte, counted in bytes, and no more', async () => {
    const { run } = await start()
    const text = `set ${'é'.repeat(262_142)}`
    expect((await run(text)).outcome).toBe('ok')
    await expect(run(`${text}x`)).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'Code may have up to 524288 bytes',
      parameter: 'code',
    })
  })

  it.each([
    ['lost a part of it', async (session: SandboxSession) => session.onLoss()],
    ['is closed', (session: SandboxSession) => session.close('It was closed.')],
    ['is given back', (session: SandboxSession) => session[Symbol.asyncDispose]()],
  ])('is over once it %s, and runs nothing any more', async (_what, end) => {
    const { session, run, onGone } = await start()
    expect(session.alive).toBe(true)
    await end(session)
    expect(session.alive).toBe(false)
    expect((await run('print hello')).outcome).toBe('sandbox-lost')
    expect(onGone.mock.calls.length).toBeLessThanOrEqual(1)
  })

  it('tells the next run why it was closed', async () => {
    const { session, run, asked, onGone } = await start()
    await session.close('It was unused.')
    expect((await run('print hello')).notice).toBe('It was unused.')
    expect([asked, onGone.mock.calls.length]).toEqual([['destroy'], 1])
  })
})

describe('the end of a run', () => {
  it('that the supervisor could not begin carries its reason', async () => {
    const { run } = await start()
    const result = await run('say {"type":"failed","code":"no-worker","message":"it did not start"}')
    expect(result).toMatchObject({ outcome: 'sandbox-lost', sessionAlive: false })
    expect(result.notice).toContain('(no-worker: it did not start)')
  })

  it('that breaks the protocol carries the rule', async () => {
    const { run } = await start({ container: { exited: Promise.resolve({ exitCode: 1, oomKilled: false }) } })
    const result = await run('say {"type":"deleted"}')
    expect(result).toMatchObject({ outcome: 'sandbox-lost', sessionAlive: false })
    expect(result.notice).toContain('"deleted" as the answer to a run')
  })

  it.each([
    ['still runs something', '{"still_running":true}', ['kill', 'destroy']],
    ['has processes that could not be ended', '{"processes_left":1}', ['kill', 'destroy']],
    ['has come to rest without its worker', '{"reason":"worker-died","worker_alive":false}', ['destroy']],
  ])('where it %s leaves nothing running before it is reported', async (_what, done, expected) => {
    const killed = Promise.withResolvers<void>()
    let over = false
    const { run, asked } = await start({ container: { kill: () => killed.promise } })
    const running = run(`done ${done}`).then((result) => {
      over = true
      return result
    })
    await expect.poll(() => asked.at(0)).toBe(expected[0])
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(over).toBe(!expected.includes('kill'))
    killed.resolve()
    expect((await running).sessionAlive).toBe(false)
    expect(asked).toEqual(expected)
  })

  it.each([
    ['at its limit is asked for what it drew', (_stop: AbortController) => {}, true],
    ['that is cancelled is not', (stop: AbortController) => stop.abort(), false],
  ])('%s', async (_what, act, figures) => {
    const { run, heard } = await start()
    const stop = new AbortController()
    const running = run('print hello\nsleep 60000', { timeoutMilliseconds: 30, onOutput: () => act(stop) }, stop.signal)
    expect((await running).outcome).toBe(figures ? 'timeout' : 'cancelled')
    const interrupts = heard.filter((frame) => frame.includes('"type":"interrupt"'))
    expect(interrupts.map((frame) => frame.includes('"figures":true'))).toEqual(interrupts.map(() => figures))
    expect(interrupts.length).toBeGreaterThan(0)
  })

  it('asks the runtime how a sandbox ended that is gone by itself', async () => {
    const exited = Promise.resolve({ exitCode: 137, oomKilled: true })
    const { run } = await start({ container: { exited } })
    expect(await run('crash')).toMatchObject({ outcome: 'out-of-memory', sessionAlive: false })
  })

  it.each([
    [0, ['destroy']],
    [1, ['kill', 'destroy']],
  ])('that is deaf is confirmed by the supervisor, or made by the host, where %d are left', async (left, expected) => {
    const { run, asked } = await start({ unkillable: left })
    const result = await run('spin', { timeoutMilliseconds: 10 })
    expect(result).toMatchObject({ outcome: 'timeout', sessionAlive: false })
    expect(asked.filter((each, index) => asked.indexOf(each) === index)).toEqual(expected)
  })
})

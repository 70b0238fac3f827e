import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Sandbox } from '../../../../src/sandbox/sandbox.ts'
import { IsolateEngine } from '../../../../src/sandbox/isolates/isolate-engine.ts'
import { isolateOptions } from '../../../../src/sandbox/isolates/options.ts'
import { vettedJavaScript } from '../../../support/vetted.ts'
import { FakeIsolateChild } from '../../../support/sandbox/fake-isolate-child.ts'

const never = new AbortController().signal
const program = await vettedJavaScript('1')

/** An engine over processes that are none, in the order in which it started them. */
function open(options: object, make: (index: number) => FakeIsolateChild = () => new FakeIsolateChild()) {
  const children: FakeIsolateChild[] = []
  const engine = new IsolateEngine(isolateOptions.parse({ ready: 0, ...options }), () => {
    const child = make(children.length)
    children.push(child)
    return child
  })
  const claim = (tenant = 'one', signal = never) => engine.claim({ tenant, language: 'javascript' }, signal)
  return { engine, children, claim }
}

/** Runs once and is given back. */
async function use(sandbox: Sandbox): Promise<void> {
  await sandbox.run(program, {}, never)
  await sandbox[Symbol.asyncDispose]()
}

const settle = () => vi.advanceTimersByTimeAsync(0)
const alive = (children: readonly FakeIsolateChild[]) => children.map((child) => !child.ended)

/** What became of a promise, so far. */
function watched(promise: Promise<unknown>): { state: string } {
  const seen = { state: 'waits' }
  promise.then(
    () => (seen.state = 'has one'),
    (thrown: unknown) => (seen.state = (thrown as Error).message),
  )
  return seen
}

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }),
)
afterEach(() => void vi.useRealTimers())

describe('the isolates of a tenant', () => {
  it('are one process, as long as one session follows the other', async () => {
    const { engine, children, claim } = open({})
    for (let session = 0; session < 3; session += 1) await use(await claim())
    expect(children).toHaveLength(1)
    expect([engine.processes, engine.processesOf('one'), engine.processesOf('two')]).toEqual([1, 1, 0])
    expect(engine.processIds()).toEqual([children[0]?.pid])
  })

  it('are two processes where two sessions are open', async () => {
    const { engine, claim } = open({})
    const both = await Promise.all([claim(), claim()])
    expect(new Set(both.map(({ id }) => id)).size).toBe(2)
    expect(engine.processesOf('one')).toBe(2)
  })

  it('never serve another, and make room for it when every place is taken', async () => {
    const { engine, children, claim } = open({ maximum: 2 })
    await use(await claim('one'))
    await use(await claim('two'))
    await use(await claim('three'))
    expect(alive(children)).toEqual([false, true, true])
    expect(['one', 'two', 'three'].map((tenant) => engine.processesOf(tenant))).toEqual([0, 1, 1])
    await use(await claim('two'))
    expect(children).toHaveLength(3)
  })

  it('take an idle process that lives, and none that has died since', async () => {
    const { engine, children, claim } = open({})
    await use(await claim())
    children[0]?.kill()
    const sandbox = await claim()
    expect((await sandbox.run(program, {}, never)).outcome).toBe('ok')
    expect(children).toHaveLength(2)
    expect(engine.processes).toBe(1)
  })

  it('do not count a process that died among those that may make room', async () => {
    const { children, claim } = open({ maximum: 2 })
    const [one, two] = [await claim('one'), await claim('two')]
    await use(one)
    await use(two)
    children[0]?.kill()
    await settle()
    await claim('three')
    await claim('four')
    expect(alive(children)).toEqual([false, false, true, true])
  })

  it('are ended after as many runs as a process may have', async () => {
    const { engine, children, claim } = open({ jobs_per_process: 2 })
    await use(await claim())
    expect(alive(children)).toEqual([true])
    await use(await claim())
    expect(alive(children)).toEqual([false])
    expect(engine.processes).toBe(0)
    await use(await claim())
    expect(children).toHaveLength(2)
  })

  it('are not handed on after a run that nobody waited for', async () => {
    const { engine, children, claim } = open({}, () => new FakeIsolateChild({ play: () => {} }))
    const sandbox = await claim()
    const running = sandbox.run(program, {}, never)
    await settle()
    await sandbox[Symbol.asyncDispose]()
    expect((await running).outcome).toBe('cancelled')
    expect([alive(children), engine.processes]).toEqual([[false], 0])
  })

  it('have a place again for who waits as soon as one of them is worn', async () => {
    const { children, claim } = open({ maximum: 1, jobs_per_process: 1 })
    const first = await claim()
    const second = claim()
    await use(first)
    await use(await second)
    expect(alive(children)).toEqual([false, false])
  })
})

describe('processes that stand ready', () => {
  it('are as many as configured, and one that is taken is replaced', async () => {
    const { engine, children, claim } = open({ ready: 2 })
    expect(engine.processes).toBe(0)
    await claim()
    expect(children).toHaveLength(3)
    await claim('two')
    expect(children).toHaveLength(4)
    expect([engine.processesOf('one'), engine.processesOf('two')]).toEqual([1, 1])
  })

  it('are never more than may be alive', async () => {
    const { engine, claim } = open({ ready: 3, maximum: 2 })
    await claim()
    expect(engine.processes).toBe(2)
    await claim('two')
    expect(engine.processes).toBe(2)
  })

  it('take the place of those that served somebody longest ago, while as many of them stay', async () => {
    const { engine, children, claim } = open({ ready: 1, maximum: 3 })
    const [one, two] = [await claim('one'), await claim('two')]
    await use(one)
    await use(two)
    // Three live: a fresh one, and one of each tenant. The fresh one is taken; the oldest idle one makes room.
    await claim('three')
    expect(alive(children)).toEqual([false, true, true, true])
    expect(['one', 'two', 'three'].map((tenant) => engine.processesOf(tenant))).toEqual([0, 1, 1])
  })

  it('take no place of the last that served somebody', async () => {
    const { children, claim } = open({ ready: 1, maximum: 2 })
    await use(await claim('one'))
    await claim('two')
    expect(alive(children)).toEqual([true, true])
  })

  it('are passed over when they have died', async () => {
    const { children, claim } = open({ ready: 1 })
    await claim()
    children[1]?.kill()
    await settle()
    await claim('two')
    expect(alive(children)).toEqual([true, false, true, true])
  })
})

describe('a claim', () => {
  it('fails with what it waited for', async () => {
    const { children, claim } = open({}, () => new FakeIsolateChild({ ready: false }))
    const claimed = claim()
    await vi.advanceTimersByTimeAsync(70)
    children[0]?.say({ type: 'ready' })
    const sandbox = await claimed
    expect((await sandbox.run(program, {}, never)).timings.queueMs).toBe(70)
    expect((await sandbox.run(program, {}, never)).timings.queueMs).toBe(0)
  })

  it('waits in line, and is served in the order of asking', async () => {
    const { children, claim } = open({ maximum: 1 })
    const first = await claim()
    const [second, third] = [claim('two'), claim('three')]
    const seen = [watched(second), watched(third)]
    await settle()
    expect(seen.map(({ state }) => state)).toEqual(['waits', 'waits'])
    await use(first)
    await use(await second)
    await use(await third)
    expect(alive(children)).toEqual([false, false, true])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has the place of a process that died while it was held', async () => {
    const { children, claim } = open({ maximum: 1 })
    await claim()
    const waiting = claim('two')
    await settle()
    children[0]?.kill()
    await waiting
    expect(alive(children)).toEqual([false, true])
  })

  it('is busy when nothing became free in time, and then has left the line', async () => {
    const { engine, claim } = open({ maximum: 1, queue_ms: 100 })
    const held = await claim()
    const late = claim('two')
    late.catch(() => {})
    await vi.advanceTimersByTimeAsync(99)
    const later = claim('three')
    await vi.advanceTimersByTimeAsync(1)
    await expect(late).rejects.toMatchObject({
      code: 'sandbox-busy',
      message: 'no isolate became free within 100 ms',
      retryAfterSeconds: 1,
    })
    await held[Symbol.asyncDispose]()
    await later
    expect(engine.processesOf('two')).toBe(0)
  })

  it('that is given up while it waits leaves the line', async () => {
    const { engine, claim } = open({ maximum: 1 })
    const held = await claim()
    const stop = new AbortController()
    const waiting = claim('two', stop.signal)
    const seen = watched(waiting)
    await settle()
    stop.abort(new Error('changed my mind'))
    await held[Symbol.asyncDispose]()
    await settle()
    expect(seen.state).toBe('changed my mind')
    expect(engine.processesOf('two')).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('that is given up before it began, or in a language that is none of these, starts nothing', async () => {
    const { children, engine, claim } = open({ ready: 1 })
    await expect(claim('one', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
    await expect(engine.claim({ tenant: 'one', language: 'shell' }, never)).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'the isolate runs JavaScript, not shell',
      parameter: 'language',
      advice: 'Choose another driver: docker or runsc.',
    })
    expect(children).toEqual([])
  })

  it('that is given up while its process starts leaves the process to the next', async () => {
    const { children, claim } = open({ maximum: 1 }, () => new FakeIsolateChild({ ready: false }))
    const stop = new AbortController()
    const [given, next] = [claim('one', stop.signal), claim('one')]
    const seen = watched(given)
    stop.abort(new Error('changed my mind'))
    await settle()
    expect(seen.state).toBe('changed my mind')
    // The place was the first one's until it was given up; the second is served with the very process.
    children[0]?.say({ type: 'ready' })
    await use(await next)
    expect(children).toHaveLength(1)
  })

  it('tries another process where one does not start, and says why when three have not', async () => {
    const fails = (index: number) => {
      const child = new FakeIsolateChild({ ready: index === 2 })
      if (index !== 2) child.kill()
      return child
    }
    const { engine, children, claim } = open({}, fails)
    await claim()
    expect(alive(children)).toEqual([false, false, true])
    await expect(claim('two')).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: 'the isolate process did not start',
      advice: expect.stringContaining('isolated-vm needs Node 24'),
      cause: expect.objectContaining({ message: 'the isolate process ended' }),
    })
    expect(children).toHaveLength(6)
    expect(engine.processes).toBe(1)
  })

  it('whose process does not start does not hold up the next in line', async () => {
    const dying = (index: number) => {
      const child = new FakeIsolateChild({ ready: index > 0 })
      if (index === 0) child.kill()
      return child
    }
    const { claim } = open({ maximum: 1 }, dying)
    const [first, second] = [claim('one'), claim('two')]
    await use(await Promise.race([first, second]))
    await use(await first)
    await use(await second)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an engine that is closed', () => {
  it('ends every process, and has none that asks', async () => {
    const { engine, children, claim } = open({ ready: 1 })
    const held = await claim()
    await use(await claim('two'))
    await engine[Symbol.asyncDispose]()
    expect(alive(children)).toEqual([false, false, false])
    expect([engine.processes, engine.processIds()]).toEqual([0, []])
    await expect(claim()).rejects.toMatchObject({ code: 'shutting-down' })
    await held[Symbol.asyncDispose]()
    expect(children).toHaveLength(3)
    expect(engine.processes).toBe(0)
  })

  it('keeps nobody waiting', async () => {
    const { engine, children, claim } = open({ maximum: 1 })
    const held = await claim()
    const waiting = claim('two')
    const seen = watched(waiting)
    await settle()
    await engine[Symbol.asyncDispose]()
    await settle()
    expect(seen.state).toBe('the isolate pool is closed')
    await held[Symbol.asyncDispose]()
    expect(children).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('starts nothing for a claim whose process was being started', async () => {
    const { engine, children, claim } = open({}, () => new FakeIsolateChild({ ready: false }))
    const seen = watched(claim())
    await settle()
    await engine[Symbol.asyncDispose]()
    await settle()
    expect(seen.state).toBe('the isolate pool is closed')
    expect(alive(children)).toEqual([false])
    expect(engine.processes).toBe(0)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { IsolateWorker } from '../../../../src/sandbox/isolates/isolate-worker.ts'
import { isolateOptions } from '../../../../src/sandbox/isolates/options.ts'
import { FakeIsolateChild } from '../../../support/sandbox/fake-isolate-child.ts'

const request = { code: '1', timeoutMilliseconds: 1_000, graceMilliseconds: 150 }
const mebibyte = 1024 * 1024
const silence = () => {}

function start(given: ConstructorParameters<typeof FakeIsolateChild>[0] = {}, options: object = {}) {
  const child = new FakeIsolateChild(given)
  const worker = new IsolateWorker(isolateOptions.parse(options), child)
  worker.ready().catch(silence)
  return { child, worker }
}

/** The streams of the process are not timed. */
const settle = () => vi.advanceTimersByTimeAsync(0)

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }),
)
afterEach(() => void vi.useRealTimers())

describe('the process of an isolate', () => {
  it('is ready when it says so', async () => {
    const { child, worker } = start({ ready: false })
    const ready = vi.fn()
    void worker.ready().then(ready)
    await settle()
    expect(ready).not.toHaveBeenCalled()
    child.say({ type: 'ready' })
    await settle()
    expect(ready).toHaveBeenCalledOnce()
    expect(worker).toMatchObject({ alive: true, killed: null, pid: child.pid })
  })

  it('that ends before it is ready is not waited for', async () => {
    const { child, worker } = start({ ready: false })
    child.kill()
    await expect(worker.ready()).rejects.toThrow('the isolate process ended')
    await worker.gone()
    expect(worker).toMatchObject({ alive: false, killed: null })
  })

  it('runs one program after the other and gives what each said', async () => {
    const { child, worker } = start({
      play: (process, { id, code }) => {
        process.say({ type: 'output', id, stream: 'stderr', text: `${code}!` })
        process.done(id, { text: code })
      },
    })
    const said: string[] = []
    const { end } = await worker.run(request, (stream, text) => said.push(`${stream} ${text}`))
    const next = await worker.run({ ...request, code: '2' }, (stream, text) => said.push(`${stream} ${text}`))
    expect([end, next.end]).toMatchObject([
      { kind: 'done', done: { text: '1' } },
      { kind: 'done', done: { text: '2' } },
    ])
    expect(said).toEqual(['stderr 1!', 'stderr 2!'])
    expect(worker.runs).toBe(2)
    expect(child.received).toEqual([
      { type: 'run', id: 1, code: '1', timeoutMilliseconds: 1_000 },
      { type: 'run', id: 2, code: '2', timeoutMilliseconds: 1_000 },
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not heard in the name of another run', async () => {
    const { worker } = start({
      play: (process, { id }) => {
        process.say({ type: 'output', id: id - 1, stream: 'stdout', text: 'late' })
        process.done(id + 1, { text: 'early' })
        process.done(id, { text: 'own' })
      },
    })
    const said: string[] = []
    const { end } = await worker.run(request, (_stream, text) => said.push(text))
    expect([end, said]).toMatchObject([{ done: { text: 'own' } }, []])
  })

  it('is timed by our clock', async () => {
    const { worker } = start({ play: (process, { id }) => void setTimeout(() => process.done(id), 40) })
    const running = worker.run(request, silence)
    await vi.advanceTimersByTimeAsync(40)
    expect((await running).runMilliseconds).toBe(40)
  })

  it('is ended when its limit and the grace have passed, and not before', async () => {
    const { child, worker } = start({ play: silence })
    const running = worker.run(request, silence)
    await vi.advanceTimersByTimeAsync(1_149)
    expect(child.ended).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await running).toEqual({ end: { kind: 'gone', killed: 'timeout' }, runMilliseconds: 1_150 })
    expect(worker).toMatchObject({ alive: false, killed: 'timeout' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ['sync-timeout', 1_000],
    ['completed', 990],
    ['raised', 990],
    ['memory', 990],
  ] as const)('that tells of %s a little before the limit is heard after %d ms', async (end, after) => {
    const { worker } = start({ play: (process, { id }) => void setTimeout(() => process.done(id, { end }), 990) })
    const heard = vi.fn()
    void worker.run(request, silence).then(heard)
    await vi.advanceTimersByTimeAsync(after - 1)
    expect(heard).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toHaveBeenCalledWith({ end: expect.objectContaining({ kind: 'done' }), runMilliseconds: after })
  })

  it('that dies by itself has not been ended by us', async () => {
    const { worker } = start({ play: (process) => process.kill() })
    expect((await worker.run(request, silence)).end).toEqual({ kind: 'gone', killed: null })
    expect(worker).toMatchObject({ alive: false, killed: null })
  })

  it('that is gone ends the next run at once', async () => {
    const { child, worker } = start()
    await worker.kill('disposed')
    expect((await worker.run(request, silence)).end).toEqual({ kind: 'gone', killed: 'disposed' })
    expect(child.received).toEqual([])
  })

  it('is ended once, for the first reason', async () => {
    const { worker } = start({ play: silence })
    const running = worker.run(request, silence)
    await Promise.all([worker.kill('cancelled'), worker.kill('disposed')])
    expect((await running).end).toEqual({ kind: 'gone', killed: 'cancelled' })
  })

  it.each([
    ['more memory than three heaps and its own 96 MiB', (3 * 8 + 96) * mebibyte + 1, 'memory'],
    ['just as much', (3 * 8 + 96) * mebibyte, null],
    ['an amount that cannot be read', null, null],
  ])('is looked at by the kernel: %s', async (_what, bytes, killed) => {
    const { child, worker } = start({ play: silence }, { memory_mb: 8 })
    void worker.run(request, silence)
    child.resident = bytes
    await vi.advanceTimersByTimeAsync(50)
    expect(worker.killed).toBe(killed)
  })

  it.each([
    ['memory', 'memory'],
    ['engine', 'protocol'],
  ] as const)('that gives its isolate up for its %s is ended', async (reason, killed) => {
    const { child, worker } = start({ play: (process) => process.say({ type: 'fatal', reason }) })
    expect((await worker.run(request, silence)).end).toEqual({ kind: 'gone', killed })
    expect(child.ended).toBe(true)
  })

  it.each([
    ['what is no frame of ours', Buffer.from([0, 0, 0, 2, 0x7b, 0x7d])],
    ['what is no JSON', Buffer.from([0, 0, 0, 1, 0x7b])],
    ['a frame larger than any answer', Buffer.from([0, 0xc0, 0, 1])],
  ])('that says %s is not ours any more', async (_what, bytes) => {
    const { worker } = start({ play: (process) => void process.stdout.write(bytes) })
    expect((await worker.run(request, silence)).end).toEqual({ kind: 'gone', killed: 'protocol' })
  })

  it('may say as much as its results and its output can come to', async () => {
    const { child, worker } = start({ play: silence }, { result_kb: 1024 })
    void worker.run(request, silence)
    child.stdout.write(Buffer.from([0, 0xc0, 0, 0]))
    await settle()
    expect(worker.killed).toBeNull()
  })

  it('is not disturbed by a pipe that breaks while it ends', async () => {
    const { child, worker } = start({ play: (process) => process.kill() })
    const running = worker.run(request, silence)
    child.stdin.destroy(new Error('EPIPE'))
    expect((await running).end).toEqual({ kind: 'gone', killed: null })
  })
})

describe('the end of a session', () => {
  it('is announced to a process that was used since the last, and to no other', async () => {
    const { child, worker } = start()
    worker.reset()
    await worker.run(request, silence)
    worker.reset()
    await settle()
    worker.reset()
    expect(child.received.slice(1)).toEqual([{ type: 'reset', id: 2 }])
    expect(vi.getTimerCount()).toBe(0)
    await worker.run(request, silence)
    worker.reset()
    await worker.kill('disposed')
    worker.reset()
    expect(child.received.slice(2)).toEqual([
      { type: 'run', id: 3, code: '1', timeoutMilliseconds: 1_000 },
      { type: 'reset', id: 4 },
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not counted to the run behind it', async () => {
    let ended: () => void = silence
    const { worker } = start({
      play: (process, { id }) => void setTimeout(() => process.done(id), 10),
      reset: (process, id) => {
        ended = () => process.say({ type: 'reset-done', id })
      },
    })
    void worker.run(request, silence)
    await vi.advanceTimersByTimeAsync(10)
    worker.reset()
    const running = worker.run({ ...request, timeoutMilliseconds: 2_000 }, silence)
    ended()
    await vi.advanceTimersByTimeAsync(10)
    expect(await running).toMatchObject({ end: { kind: 'done' }, runMilliseconds: 10 })
  })

  it('gives a run behind it its whole time', async () => {
    const { child, worker } = start({ play: (process, { id }) => id === 1 && process.done(id), reset: silence })
    await worker.run(request, silence)
    worker.reset()
    const running = worker.run(request, silence)
    await vi.advanceTimersByTimeAsync(5_000)
    child.say({ type: 'reset-done', id: 2 })
    await settle()
    await vi.advanceTimersByTimeAsync(1_149)
    expect(worker.killed).toBeNull()
    await vi.advanceTimersByTimeAsync(1)
    expect(await running).toEqual({ end: { kind: 'gone', killed: 'timeout' }, runMilliseconds: 1_150 })
  })

  it('that does not come in ten seconds ends the process', async () => {
    const { worker } = start({ reset: silence })
    await worker.run(request, silence)
    worker.reset()
    await vi.advanceTimersByTimeAsync(9_999)
    expect(worker.killed).toBeNull()
    await vi.advanceTimersByTimeAsync(1)
    expect(worker.killed).toBe('protocol')
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    ['says that another session has ended', (child: FakeIsolateChild) => child.say({ type: 'reset-done', id: 7 })],
    ['answers for a run before it', (child: FakeIsolateChild) => child.done(3, { text: 'of the session before' })],
    [
      'prints before it',
      (child: FakeIsolateChild) =>
        child.say({ type: 'output', id: 3, stream: 'stdout', text: 'of the session before' }),
    ],
  ])('is not accepted from a process that %s', async (_what, lie) => {
    const { worker } = start({ play: (process, { id }) => id === 1 && process.done(id), reset: lie })
    await worker.run(request, silence)
    worker.reset()
    const said: string[] = []
    const { end } = await worker.run(request, (_stream, text) => said.push(text))
    expect([end, said]).toEqual([{ kind: 'gone', killed: 'protocol' }, []])
  })

  it('is not accepted where none was asked for', async () => {
    const { child, worker } = start()
    await settle()
    child.say({ type: 'reset-done', id: 0 })
    await settle()
    expect(worker.killed).toBe('protocol')
  })
})

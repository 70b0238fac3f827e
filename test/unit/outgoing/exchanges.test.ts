import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Pool, type Dispatcher } from 'undici'
import { describe, expect, it, vi } from 'vitest'
import { Exchanges } from '../../../src/outgoing/exchanges.ts'
import { verifies } from '../../support/verifies.ts'

const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {}, rawHeaders: [] }

const rules = {
  gather: () => 10,
  tooLong: () => new Error('too long'),
  timeoutMilliseconds: 60_000,
  tooLate: () => new Error('too late'),
}
const busy = () => new Error('busy')

/** A client of HTTP that answers when it is told to. */
function client(connections: number, { waiting = 10, timeoutMilliseconds = 60_000 } = {}) {
  const handlers: Dispatcher.DispatchHandler[] = []
  const paths: string[] = []
  const dispatch = (request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean => {
    if (request.path === '/throws') throw new Error('not sent')
    paths.push(request.path)
    handlers.push(handler)
    handler.onRequestStart?.(controller, null)
    return true
  }
  const exchanges = new Exchanges(
    { dispatch },
    { connections, waiting, rules: { ...rules, timeoutMilliseconds }, busy },
  )
  const send = (path: string, signal: AbortSignal = new AbortController().signal) => {
    const sent = exchanges.send({ path, method: 'POST' }, signal)
    sent.catch(() => undefined)
    return sent
  }
  const answer = (at: number) => {
    handlers[at]?.onResponseStart?.(controller, 200, {})
    handlers[at]?.onResponseEnd?.(controller, {})
  }
  return { paths, send, answer }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('exchanges with an upstream', () => {
  it('are as many at a time as there are connections; the others follow in their order', async () => {
    const { paths, send, answer } = client(2)
    const sent = ['/a', '/b', '/c', '/d'].map((path) => send(path))
    await turn()
    expect(paths).toEqual(['/a', '/b'])
    answer(1)
    await turn()
    expect(paths).toEqual(['/a', '/b', '/c'])
    // Whoever comes now does not overtake those who wait.
    void send('/e')
    answer(0)
    answer(2)
    await turn()
    expect(paths).toEqual(['/a', '/b', '/c', '/d', '/e'])
    for (const at of [3, 4]) answer(at)
    expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  it('that wait are taken out when their caller hangs up, and hold no place', async () => {
    const { paths, send, answer } = client(1)
    const gone = new AbortController()
    void send('/a')
    const waiting = send('/b', gone.signal)
    void send('/c')
    gone.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    answer(0)
    await turn()
    answer(1)
    void send('/d')
    await turn()
    expect(paths).toEqual(['/a', '/c', '/d'])
  })

  it('that cannot be sent, or whose caller is gone already, give their place back', async () => {
    const { paths, send } = client(1)
    await expect(send('/throws')).rejects.toThrow('not sent')
    await expect(send('/gone', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    void send('/a')
    await turn()
    expect(paths).toEqual(['/a'])
  })

  it('are refused at once when as many wait as may, and taken again when one of them has gone on', async () => {
    verifies('models.busy')
    const { paths, send, answer } = client(1, { waiting: 2 })
    const sent = ['/a', '/b', '/c', '/d'].map((path) => send(path))
    await expect(sent[3]).rejects.toThrow('busy')
    answer(0)
    void send('/e')
    await turn()
    for (const at of [1, 2]) {
      answer(at)
      // The next one begins a turn later.
      await turn()
    }
    expect(paths).toEqual(['/a', '/b', '/c', '/e'])
  })

  it('that none may wait for are refused where no connection is free', async () => {
    const { send } = client(1, { waiting: 0 })
    void send('/a')
    await expect(send('/b')).rejects.toThrow('busy')
  })

  it('wait no longer than their answer may take to begin, and give the place to the next', async () => {
    const { paths, send, answer } = client(1, { timeoutMilliseconds: 200 })
    void send('/a')
    await expect(send('/b')).rejects.toThrow('busy')
    void send('/c')
    answer(0)
    await turn()
    expect(paths).toEqual(['/a', '/c'])
  })

  it('have for their answer what the wait has left of the time', async () => {
    verifies('models.waited-time')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      const { paths, send, answer } = client(1, { timeoutMilliseconds: 100 })
      void send('/a')
      const waited = send('/b')
      await vi.advanceTimersByTimeAsync(70)
      answer(0)
      await vi.advanceTimersByTimeAsync(29)
      expect(paths).toEqual(['/a', '/b'])
      await vi.advanceTimersByTimeAsync(1)
      await expect(waited).rejects.toThrow('too late')
    } finally {
      vi.useRealTimers()
    }
  })
})

/** A server to which a connection is never whole: it takes the bytes of a handshake and answers none. */
async function silentServer() {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(
      socket
        .on('error', () => undefined)
        .on('close', () => open.delete(socket))
        .resume(),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const pool = new Pool(`https://127.0.0.1:${port}`, { connections: 1 })
  return {
    open,
    pool,
    exchanges: new Exchanges(pool, { connections: 1, waiting: 1, rules, busy }),
    [Symbol.asyncDispose]: async () => {
      await pool.destroy()
      server.close()
    },
  }
}

describe('exchanges while a connection is being made', () => {
  it('leave nothing of a call whose caller hangs up: no body, no attempt to connect, no place taken', async () => {
    verifies('models.hang-up')
    await using at = await silentServer()
    const request = { path: '/', method: 'POST', body: Buffer.alloc(1_000) } as const
    const gone = new AbortController()
    const sent = at.exchanges.send(request, gone.signal)
    const waits = at.exchanges.send(request, gone.signal)
    await expect.poll(() => at.open.size).toBe(1)
    expect(at.pool.stats.size).toBe(1)
    gone.abort(new Error('gone'))
    await expect(sent).rejects.toThrow('gone')
    await expect(waits).rejects.toThrow('gone')
    expect(at.pool.stats.size).toBe(0)
    await expect.poll(() => at.open.size).toBe(0)
    const later = new AbortController()
    const next = at.exchanges.send(request, later.signal)
    await expect.poll(() => at.open.size).toBe(1)
    later.abort(new Error('gone, too'))
    await expect(next).rejects.toThrow('gone, too')
  })
})

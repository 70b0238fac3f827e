import type { Dispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { Exchanges, type ExchangesOptions } from '../../../../src/models/upstreams/exchanges.ts'

const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {}, rawHeaders: [] }

/** A client of HTTP that answers when it is told to. */
function client(connections: number, more: Partial<ExchangesOptions> & { readonly isSlow?: boolean } = {}) {
  const handlers: Dispatcher.DispatchHandler[] = []
  const paths: string[] = []
  const timeouts: unknown[] = []
  const dispatch = (request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean => {
    if (request.path === '/throws') throw new Error('not sent')
    paths.push(request.path)
    handlers.push(handler)
    timeouts.push(request.headersTimeout)
    if (more.isSlow !== true) handler.onRequestStart?.(controller, null)
    return true
  }
  const turnedAway = (reason: string) => new Error(reason)
  const exchanges = new Exchanges({ dispatch }, { connections, waiting: 10, milliseconds: 60_000, turnedAway, ...more })
  const send = (path: string, signal: AbortSignal = new AbortController().signal) => {
    const sent = exchanges.send(
      { path, method: 'POST' },
      { gather: () => 10, tooLong: () => new Error('too long'), signal },
    )
    sent.catch(() => undefined)
    return sent
  }
  const answer = (at: number) => {
    handlers[at]?.onResponseStart?.(controller, 200, {})
    handlers[at]?.onResponseEnd?.(controller, {})
  }
  return { paths, timeouts, handlers, send, answer }
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

  it("that too many wait before are turned away at once, and take nobody's place", async () => {
    const { paths, send, answer } = client(1, { waiting: 1 })
    const sent = [send('/a'), send('/b')]
    await expect(send('/c')).rejects.toThrow('full')
    answer(0)
    await turn()
    const later = send('/d')
    answer(1)
    await turn()
    answer(2)
    expect((await Promise.all([...sent, later])).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(paths).toEqual(['/a', '/b', '/d'])
  })

  it('that none may wait for are turned away where no connection is free', async () => {
    const { send } = client(1, { waiting: 0 })
    void send('/a')
    await expect(send('/b')).rejects.toThrow('full')
  })

  it('wait no longer than an answer may take to begin, and have what is left of that to begin in', async () => {
    const { paths, timeouts, send, answer } = client(1, { milliseconds: 60 })
    void send('/a')
    await expect(send('/b')).rejects.toThrow('late')
    const waiting = send('/c')
    answer(0)
    await turn()
    answer(1)
    await waiting
    expect(paths).toEqual(['/a', '/c'])
    expect(timeouts[0]).toBeUndefined()
    expect(timeouts[1]).toBeGreaterThan(0)
    expect(timeouts[1]).toBeLessThanOrEqual(60)
  })

  it.each(['its connection', 'a failure'])(
    'whose caller leaves before the connection is there keep their place until %s',
    async (end) => {
      const { paths, handlers, send } = client(1, { isSlow: true })
      const gone = new AbortController()
      const left = send('/a', gone.signal)
      void send('/b')
      gone.abort(new Error('gone'))
      await expect(left).rejects.toThrow('gone')
      await turn()
      // The client of HTTP still has the body of the first: the second would be one more.
      expect(paths).toEqual(['/a'])
      if (end === 'a failure') handlers[0]?.onResponseError?.(controller, new Error('refused'))
      else handlers[0]?.onRequestStart?.(controller, null)
      await turn()
      expect(paths).toEqual(['/a', '/b'])
      handlers[0]?.onResponseError?.(controller, new Error('aborted'))
      void send('/c')
      await turn()
      // What ends twice gives one place back.
      expect(paths).toEqual(['/a', '/b'])
    },
  )

  it('that cannot be sent, or whose caller is gone already, give their place back', async () => {
    const { paths, send } = client(1)
    await expect(send('/throws')).rejects.toThrow('not sent')
    await expect(send('/gone', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
    void send('/a')
    await turn()
    expect(paths).toEqual(['/a'])
  })
})

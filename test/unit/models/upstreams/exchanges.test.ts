import type { Dispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { Exchanges } from '../../../../src/models/upstreams/exchanges.ts'

const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {}, rawHeaders: [] }

/** A client of HTTP that answers when it is told to. */
function client(connections: number) {
  const handlers: Dispatcher.DispatchHandler[] = []
  const paths: string[] = []
  const dispatch = (request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean => {
    if (request.path === '/throws') throw new Error('not sent')
    paths.push(request.path)
    handlers.push(handler)
    handler.onRequestStart?.(controller, null)
    return true
  }
  const exchanges = new Exchanges({ dispatch }, connections)
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
})

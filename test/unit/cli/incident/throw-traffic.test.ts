import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { exchange, isClassification } from '../../../../src/cli/incident/exchange.ts'
import { classify, type IncidentRequest, type Target } from '../../../../src/cli/incident/request.ts'
import { throwTraffic } from '../../../../src/cli/incident/throw-traffic.ts'

interface Listening extends AsyncDisposable {
  readonly target: Target
  readonly received: string[]
}

/** A server that does with a connection, once something came, what a test says. */
async function listening(act: (socket: Socket, count: number) => void): Promise<Listening> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', (chunk) => act(socket, received.push(chunk.toString('latin1'))))
    socket.on('end', () => received.push('(end)'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const keys = { caller: 'key-of-a-caller', bot: 'key-of-a-bot', wrong: 'nobody' }
  return {
    received,
    target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, base: '/base', keys },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const tea = classify(['Content-Type: text/tea'], Buffer.from('tea'), { path: '/classify?x=1' })
const answer = (status: number, body = '') => `HTTP/1.1 ${status} Said\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const patience = 20_000

describe('an exchange', () => {
  it('sends the request as it is, where it goes and with the key that it shows', async () => {
    await using server = await listening((socket) => socket.write(answer(200, 'cup')))
    expect(await exchange(tea, server.target, patience)).toEqual({ status: 200, body: 'cup' })
    expect(server.received[0]?.split('\r\n')).toEqual([
      'POST /base/classify?x=1 HTTP/1.1',
      `Host: 127.0.0.1:${server.target.port}`,
      'Connection: close',
      'X-API-Key: key-of-a-bot',
      'Content-Type: text/tea',
      'Content-Length: 3',
      '',
      'tea',
    ])
  })

  it('shows no key, and tells no length, where the kind is just that', async () => {
    await using server = await listening((socket) => socket.write(answer(400)))
    await exchange({ ...tea, key: 'none', tellsLength: false }, server.target, patience)
    expect(server.received[0]).not.toMatch(/x-api-key|content-length/i)
  })

  it('stops sending where the kind is just that, and still hears the answer', async () => {
    await using server = await listening((socket) => socket.on('end', () => socket.write(answer(400, 'short'))))
    expect(await exchange({ ...tea, stops: true }, server.target, patience)).toEqual({ status: 400, body: 'short' })
  })

  it.each<[string, (socket: Socket) => void]>([
    ['is closed without a word', (socket) => socket.end()],
    ['is torn down', (socket) => socket.resetAndDestroy()],
    ['says what is not HTTP', (socket) => socket.end('SSH-2.0-x\r\n')],
  ])('has no status where the connection %s', async (_what, act) => {
    await using server = await listening(act)
    expect((await exchange(tea, server.target, patience)).status).toBeNull()
  })

  it('has no status where nothing comes in time, and where nobody listens', async () => {
    const silent = await listening(() => undefined)
    expect((await exchange(tea, silent.target, 50)).status).toBeNull()
    await silent[Symbol.asyncDispose]()
    expect((await exchange(tea, silent.target, patience)).status).toBeNull()
  })
})

describe('a classification', () => {
  it.each([
    [200, '{"shapes":[{"shape":"star","probability":0.9}]}', true],
    [200, '{"shapes":[]}', false],
    [200, '<!doctype html>', false],
    [500, '{"shapes":[{"shape":"star","probability":0.9}]}', false],
    [null, '', false],
  ])('%s with %j: %s', (status, body, isOne) => expect(isClassification({ status, body })).toBe(isOne))
})

describe('traffic that is thrown', () => {
  const never = new AbortController().signal
  const planned = (request: IncidentRequest, due: number, kind: string | null = null) => ({ kind, request, due })

  it('sends what is due, whatever became of what was sent before', async () => {
    // Nobody is answered before all three have come.
    const waiting: Socket[] = []
    await using server = await listening((socket) => {
      waiting.push(socket)
      if (waiting.length === 3) for (const one of waiting) one.write(answer(503))
    })
    const traffic = [planned(tea, 0), planned(tea, 1), planned(tea, 2, 'no-key')]
    const ended = await throwTraffic(traffic, { target: server.target, patienceMilliseconds: patience }, never)
    expect(ended.map(({ kind, status, isServed }) => [kind, status, isServed])).toEqual([
      [null, 503, false],
      [null, 503, false],
      ['no-key', 503, false],
    ])
  })

  it('counts from the moment that a request was due', async () => {
    await using server = await listening((socket) => socket.write(answer(200)))
    // Due half a minute before the first, it was sent that much too late.
    const [ended] = await throwTraffic(
      [planned(tea, -30_000)],
      { target: server.target, patienceMilliseconds: patience },
      never,
    )
    expect(ended?.milliseconds).toBeGreaterThanOrEqual(30_000)
  })

  it('ends when it is cancelled', async () => {
    await using server = await listening((socket) => socket.write(answer(200)))
    const cancelled = AbortSignal.abort(new Error('enough'))
    await expect(
      throwTraffic([planned(tea, 0)], { target: server.target, patienceMilliseconds: patience }, cancelled),
    ).rejects.toThrow('enough')
    expect(server.received).toEqual([])
  })
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { ClusterClient } from '../../../../../src/sandbox/containers/kubernetes/cluster-client.ts'
import { openExec } from '../../../../../src/sandbox/containers/kubernetes/exec-stream.ts'

const never = new AbortController().signal
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server that accepts each exec, and hands over its end of the connection. */
async function serve(subprotocol: string | false = 'v5.channel.k8s.io') {
  const server = createServer()
  const sockets = new WebSocketServer({ server, handleProtocols: () => subprotocol })
  const { promise: accepted, resolve } = Promise.withResolvers<WebSocket>()
  const asked: string[] = []
  sockets.on('connection', (socket, request) => {
    asked.push(request.url ?? '', request.headers.authorization ?? '')
    resolve(socket)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const client = new ClusterClient({
    server: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`),
    tls: {},
    token: async () => 'secret',
    namespace: null,
  })
  closing.push(() => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
    server.close()
    client[Symbol.dispose]()
  })
  return { client, accepted, asked }
}

async function opened() {
  const { client, accepted, asked } = await serve()
  let said = ''
  const stream = await openExec(
    client,
    {
      namespace: 'n',
      pod: 'p',
      container: 'c',
      command: ['a b', '-c'],
      hasInput: true,
      onDiagnostics: (piece) => (said += piece.toString()),
    },
    never,
  )
  return { stream, socket: await accepted, asked, said: () => said }
}

const frame = (channel: number, text: string | Buffer) => Buffer.concat([Buffer.of(channel), Buffer.from(text)])

describe('the stream of a program in a container', () => {
  it('is asked for by its container and words, with the credentials', async () => {
    const { asked, stream } = await opened()
    const url = new URL(asked[0] ?? '', 'http://x')
    expect(url.pathname).toBe('/base/api/v1/namespaces/n/pods/p/exec')
    expect(url.searchParams.getAll('command')).toEqual(['a b', '-c'])
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      container: 'c',
      stdin: 'true',
      stdout: 'true',
      stderr: 'true',
    })
    expect(asked[1]).toBe('Bearer secret')
    stream.destroy()
  })

  it('carries both ways, keeps what is said to people apart, and half-closes its input', async () => {
    const { stream, socket, said } = await opened()
    const heard: Buffer[] = []
    socket.on('message', (data: Buffer) => heard.push(data))
    stream.write('in')
    stream.end()
    await expect.poll(() => heard.length).toBe(2)
    expect(heard).toEqual([frame(0, 'in'), Buffer.of(255, 0)])
    socket.send(frame(2, 'a warning'))
    socket.send(frame(1, 'out'))
    socket.send(frame(3, '{"status":"Failure","message":"exit code 7"}'))
    const pieces: Buffer[] = []
    for await (const piece of stream) pieces.push(piece as Buffer)
    expect(Buffer.concat(pieces).toString()).toBe('out')
    expect(said()).toBe('a warningexit code 7\n')
  })

  it('takes nothing more while nobody reads: the other side has to keep it', async () => {
    const { stream, socket } = await opened()
    stream.pause()
    const piece = frame(1, Buffer.alloc(1024 * 1024))
    for (let sent = 0; sent < 64; sent += 1) socket.send(piece)
    await sleep(300)
    expect(stream.readableLength).toBeLessThan(8 * 1024 * 1024)
    expect(socket.bufferedAmount).toBeGreaterThan(16 * 1024 * 1024)
    let bytes = 0
    stream.on('data', (data: Buffer) => (bytes += data.length))
    stream.resume()
    await expect.poll(() => bytes).toBe(64 * 1024 * 1024)
    stream.destroy()
  })

  it('ends when the connection is cut, and says nothing after its end', async () => {
    const { stream, socket } = await opened()
    const ended = new Promise((resolve) => stream.once('close', resolve))
    stream.resume()
    socket.terminate()
    await ended
    expect(stream.destroyed || stream.readableEnded).toBe(true)
  })

  it('is refused where the server speaks an older protocol', async () => {
    const { client } = await serve(false)
    const options = { namespace: 'n', pod: 'p', container: 'c', command: [], hasInput: true, onDiagnostics: () => {} }
    await expect(openExec(client, options, never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      advice: expect.stringContaining('1.30'),
    })
  })
})

import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createConnections } from '../../../src/http/connections.ts'
import { endAnswer } from '../../../src/http/end-answer.ts'
import { httpOptions } from '../../../src/http/options.ts'

/** More than the buffers of two sockets hold, so that a sender who does not read gets stuck where nobody takes it. */
const large = 12_000_000

/** Enough of both, however busy the machine is. */
const enough = { bytes: 16_777_216, milliseconds: 600_000 }

/** A server that answers before it has read the body, as one that refuses does. */
async function refusing(limits: Parameters<typeof endAnswer>[2] = enough) {
  let pauses = 0
  const answer: RequestListener = (request, response) => {
    request.on('pause', () => (pauses += 1))
    response.writeHead(413, { 'content-length': 9 })
    endAnswer({ request, response }, 'too large', limits)
  }
  const nothing = () => undefined
  const server = createConnections({ begin: nothing, answer, onFault: nothing }, httpOptions.parse({}), null)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const broken = new Promise<string>((resolve) => socket.on('error', () => resolve('broken off')))
  const connections = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
  return {
    socket,
    broken,
    connections,
    pauses: () => pauses,
    [Symbol.asyncDispose]: async () => {
      socket.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const headOf = (length: number, more = '') =>
  `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n${more}\r\n`

/** Resolves when the system has taken it, or rejects where the connection broke. */
const send = (socket: Socket, bytes: string | Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })

describe('an answer before the end of its request', () => {
  it('is there for a caller who reads it only after they have sent everything', async () => {
    await using server = await refusing()
    const { socket } = server
    socket.pause()
    await send(socket, headOf(large))
    // The server has answered by now.
    await wait(50)
    await send(socket, Buffer.alloc(large))
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 [\s\S]*\r\n\r\ntoo large$/)
  })

  it('comes at once, while the request is still coming', async () => {
    await using server = await refusing({ bytes: large, milliseconds: 600_000 })
    await send(server.socket, headOf(large))
    let heard = ''
    for await (const piece of server.socket) {
      heard += String(piece)
      if (heard.endsWith('too large')) break
    }
    expect(heard).toContain('413')
  })

  it('lets others have their turn, however fast a huge body comes that is thrown away', async () => {
    await using server = await refusing()
    const { socket } = server
    await send(socket, headOf(large))
    await send(socket, Buffer.alloc(large))
    expect(await text(socket)).toMatch(/too large$/)
    expect(server.pauses()).toBeGreaterThan(10)
  })

  it('is followed by the next one on a connection that is kept, also behind a huge body', async () => {
    await using server = await refusing()
    const { socket } = server
    const kept = headOf(large).replace('Connection: close\r\n', '')
    await send(socket, kept)
    await send(socket, Buffer.alloc(large))
    await send(socket, headOf(0))
    expect((await text(socket)).match(/HTTP\/1\.1 413/g)).toHaveLength(2)
  })

  it('is the end for who goes on for longer than anybody waits', async () => {
    await using server = await refusing({ bytes: large, milliseconds: 20 })
    await send(server.socket, headOf(large))
    expect(await text(server.socket)).toMatch(/too large$/)
  })

  it('is the end for who says on the connection that nothing more comes, and is read by them', async () => {
    await using server = await refusing({ bytes: large, milliseconds: 600_000 })
    const { socket } = server
    await send(socket, headOf(large))
    socket.end()
    expect(await text(socket)).toMatch(/too large$/)
    await expect.poll(() => server.connections()).toBe(0)
  })

  it('is the end for who hangs up', async () => {
    await using server = await refusing({ bytes: large, milliseconds: 600_000 })
    const { socket } = server
    await send(socket, headOf(large))
    await once(socket, 'data')
    socket.destroy()
    await expect.poll(() => server.connections()).toBe(0)
  })

  it('is the end for who sends more than anybody throws away', async () => {
    await using server = await refusing({ bytes: 1_000_000, milliseconds: 600_000 })
    const { socket } = server
    await send(socket, headOf(large))
    await wait(50)
    socket.pause()
    await send(socket, Buffer.alloc(large)).catch(() => undefined)
    expect(await server.broken).toBe('broken off')
  })

  it('is the end for who waits to be told that they may send', async () => {
    await using server = await refusing({ bytes: large, milliseconds: 600_000 })
    await send(server.socket, headOf(large, 'Expect: 100-continue\r\n'))
    expect(await text(server.socket)).toMatch(/too large$/)
  })
})

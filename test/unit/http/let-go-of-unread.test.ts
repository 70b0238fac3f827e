import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { letGoOfUnread } from '../../../src/http/let-go-of-unread.ts'

const body = Buffer.alloc(20_000_000, 'x')
const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

let server: Server
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})

/** Answers everything at once, in one piece. */
async function answering(stallMilliseconds: number): Promise<{ readonly over: boolean[]; readonly stalled: number[] }> {
  const seen = { over: [] as boolean[], stalled: [] as number[] }
  server = createServer((_request, response) => {
    letGoOfUnread(response, stallMilliseconds, () => seen.stalled.push(1))
    response.once('close', () => seen.over.push(response.writableFinished))
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return seen
}

function ask(): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => socket.write(request))
  sockets.push(socket)
  socket.pause()
  socket.on('error', () => {})
  return socket
}

describe('a reader of an answer that was written at once', () => {
  it('is let go when it takes nothing of it', async () => {
    const { over, stalled } = await answering(100)
    ask()
    await expect.poll(() => over, { timeout: 60_000 }).toEqual([false])
    expect(stalled).toEqual([1])
  })

  it('is let go when it stops in the middle', async () => {
    const { over, stalled } = await answering(100)
    const socket = ask()
    let bytes = 0
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > 8_000_000) socket.pause()
    })
    socket.resume()
    await expect.poll(() => over, { timeout: 60_000 }).toEqual([false])
    expect(stalled).toEqual([1])
    expect(bytes).toBeLessThan(body.length)
  })

  it('has all of it, and the next answer on the same connection, when it takes its time', async () => {
    const { over, stalled } = await answering(60_000)
    const socket = ask()
    let bytes = 0
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      socket.pause()
      setTimeout(() => socket.resume(), 1)
    })
    socket.resume()
    await expect.poll(() => bytes, { timeout: 60_000 }).toBeGreaterThan(body.length)
    socket.write(request)
    await expect.poll(() => bytes, { timeout: 60_000 }).toBeGreaterThan(2 * body.length)
    await expect.poll(() => over, { timeout: 60_000 }).toEqual([true, true])
    expect(stalled).toEqual([])
  })
})

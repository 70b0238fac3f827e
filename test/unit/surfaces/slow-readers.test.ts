import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { StatementAnswer } from '../../../src/core/statement.ts'
import { delta, end } from '../../support/agent-events.ts'
import { key, question, startService, type TestService } from '../../support/http/http-service.ts'
import { verifies } from '../../support/verifies.ts'

/** Asks, and then reads nothing. */
function askWithoutReading(service: TestService, path: string, body: object): Socket {
  const { hostname, port } = new URL(service.url)
  const text = JSON.stringify(body)
  const socket = connect(Number(port), hostname, () => {
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${key}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    )
  })
  socket.pause()
  socket.on('error', () => {})
  return socket
}

const megabyte = 'x'.repeat(1_048_576)

// Each has a service of its own and waits for its second to pass: they do it at once.
describe.concurrent('S12: a reader that takes nothing', () => {
  it('stops what is made for it, and is let go', async ({ expect }) => {
    verifies('serve.slow-readers')
    let given = 0
    let left = false
    await using service = await startService({
      settings: { reader_timeout_ms: 1_000 },
      answer: async function* () {
        try {
          for (; given < 200; given += 1) yield delta(megabyte)
          yield end()
        } finally {
          left = true
        }
      },
    })
    using socket = asDisposable(askWithoutReading(service, '/v1/chat/completions', { ...question, stream: true }))
    await expect.poll(() => left).toBe(true)
    // What the kernel takes on both ends of the connection is a few megabytes.
    expect(given).toBeLessThan(40)
    await expect.poll(() => service.responses[0]).toMatchObject({ complete: false })
    expect(service.faults).toEqual([expect.objectContaining({ code: 'cancelled' })])
    expect(socket.socket.readableFlowing).toBe(false)
  })

  it.for([
    ['a whole answer', '/v1/chat/completions', question],
    ['rows', '/v1/sql', { statement: 'SELECT 1' }],
  ] as const)('is let go of %s, too', async ([_what, path, body], { expect }) => {
    await using service = await startService({
      settings: { reader_timeout_ms: 1_000 },
      events: [delta(megabyte.repeat(40)), end()],
      statements: {
        run: async () => rows(40),
        check: () => Promise.reject(new Error('it checks nothing')),
      },
    })
    using _socket = asDisposable(askWithoutReading(service, path, body))
    await expect.poll(() => service.responses[0]).toMatchObject({ complete: false, status: 200 })
  })

  it('is none that takes its time', async ({ expect }) => {
    await using service = await startService({
      settings: { reader_timeout_ms: 10_000 },
      events: [delta(megabyte.repeat(20)), end()],
    })
    const socket = askWithoutReading(service, '/v1/chat/completions', question)
    let bytes = 0
    socket.on('data', (chunk) => {
      bytes += chunk.length
      socket.pause()
    })
    while (service.responses.length === 0) {
      socket.resume()
      await sleep(bytes < 4_000_000 ? 20 : 1)
    }
    expect(service.responses[0]).toMatchObject({ complete: true })
    socket.destroy()
  })
})

describe('rows over HTTP', () => {
  it('come whole, with what stands around them, however many pieces they take', async () => {
    await using service = await startService({
      statements: { run: async () => rows(3), check: () => Promise.reject(new Error('it checks nothing')) },
    })
    const response = await service.post({ statement: 'SELECT 1' }, {}, '/v1/sql')
    expect(response.headers.get('content-type')).toContain('application/json')
    const body = (await response.json()) as { rows: string[][] }
    expect(body).toMatchObject({ source: 'shop', columns: [{ name: 'text' }], truncated: null, lag_ms: null })
    expect(body.rows.map(([text]) => text?.length)).toEqual([1_048_576, 1_048_576, 1_048_576])
  })
})

function asDisposable(socket: Socket) {
  return { socket, [Symbol.dispose]: () => void socket.destroy() }
}

function rows(count: number): StatementAnswer {
  return {
    kind: 'result',
    source: 'shop',
    ranIn: 'shop',
    canonical: null,
    result: {
      columns: [{ name: 'text', type: 'text', nullable: false }],
      rows: Array.from({ length: count }, () => [megabyte]),
      truncated: null,
      asOf: new Date(0),
      lagMilliseconds: null,
      lagEstimated: false,
      milliseconds: 1,
    },
  } as unknown as StatementAnswer
}

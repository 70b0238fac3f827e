import { setTimeout as sleep } from 'node:timers/promises'
import { Writable } from 'node:stream'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { EventStream } from '../../../src/http/sse.ts'

/** Longer than any test. */
const never = 600_000

/** A connection whose reader takes what is written when `take` is called, and by itself where `taking`. */
class Reader extends Writable {
  readonly heard: string[] = []
  taking = true
  headersSent = false
  headers: Record<string, string> = {}
  #waiting: (() => void) | null = null

  constructor() {
    super({ highWaterMark: 16 })
  }

  writeHead(_status: number, headers: Record<string, string>) {
    this.headersSent = true
    this.headers = headers
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.heard.push(piece.toString())
    if (this.taking) done()
    else this.#waiting = done
  }

  take(): void {
    this.#waiting?.()
    this.#waiting = null
  }
}

function open(options: { readonly heartbeat?: number; readonly stall?: number } = {}) {
  const reader = new Reader()
  const stream = new EventStream(reader as unknown as ServerResponse, {
    heartbeatMilliseconds: options.heartbeat ?? never,
    stallMilliseconds: options.stall ?? never,
  })
  return { reader, stream }
}

describe('a reader of events that takes nothing', () => {
  it('is not waited for: the next event is cancelled, and the connection closed', async () => {
    const { reader, stream } = open({ stall: 20 })
    using _ = stream
    reader.taking = false
    const sent = stream.send('x'.repeat(100))
    await expect(sent).rejects.toMatchObject({ code: 'cancelled', message: 'The caller reads nothing of the answer.' })
    expect(reader.destroyed).toBe(true)
    await expect(stream.send('more')).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('is sent no heartbeat on top of what it does not take', async () => {
    const { reader, stream } = open({ heartbeat: 2 })
    using _ = stream
    reader.taking = false
    const sent = stream.send('x'.repeat(100)).catch(() => {})
    await sleep(30)
    expect(reader.heard.join('')).not.toContain(': hb')
    expect(reader.writableLength).toBe('data: \n\n'.length + 100)
    reader.destroy()
    await sent
  })

  it('is waited for where it takes its time', async () => {
    const { reader, stream } = open()
    using _ = stream
    reader.taking = false
    let over = false
    const sent = stream.send('x'.repeat(100)).then(() => (over = true))
    await sleep(20)
    expect(over).toBe(false)
    reader.take()
    await sent
    expect(reader.destroyed).toBe(false)
  })
})

describe('a stream of events', () => {
  it('sends texts as they are and values as JSON, each followed by an empty line', async () => {
    const { reader, stream } = open()
    await stream.send({ answer: 'a\nb' })
    await stream.send('[DONE]')
    stream.end()
    expect(reader.heard).toEqual(['data: {"answer":"a\\nb"}\n\n', 'data: [DONE]\n\n'])
    expect(reader.writableEnded).toBe(true)
  })

  it('has no headers before its first event, so that a failure can have a status of its own', async () => {
    const { reader, stream } = open()
    using _ = stream
    expect(stream.opened).toBe(false)
    await stream.send('x')
    expect(stream.opened).toBe(true)
    expect(reader.headers).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
  })

  it('sends a comment when it was silent for long', async () => {
    const { reader, stream } = open({ heartbeat: 5 })
    using _ = stream
    await expect.poll(() => reader.heard.length).toBeGreaterThan(1)
    expect(new Set(reader.heard)).toEqual(new Set([': hb\n\n']))
    expect(stream.opened).toBe(true)
  })

  it.each(['end', Symbol.dispose] as const)('sends nothing more after %s', async (how) => {
    const { reader, stream } = open({ heartbeat: 2 })
    stream[how]()
    await sleep(20)
    expect(reader.heard).toEqual([])
  })

  it('writes nothing to a reader that is gone', async () => {
    const { reader, stream } = open()
    using _ = stream
    reader.destroy()
    await expect(stream.send('x')).rejects.toMatchObject({
      code: 'cancelled',
      message: 'The caller closed the connection.',
    })
    expect(reader.headersSent).toBe(false)
  })

  it('sends a large event in one piece: neither a heartbeat nor another event comes within it', async () => {
    const { reader, stream } = open({ heartbeat: 1 })
    using _ = stream
    reader.taking = false
    const [large, small] = ['x'.repeat(200_000), 'behind it']
    let sent = 0
    const sending = [stream.send(large), stream.send(small)].map((each) => each.then(() => (sent += 1)))
    while (sent < sending.length) {
      reader.take()
      await sleep(3)
    }
    const [first = '', second = '', rest = ''] = reader.heard.join('').split(/(?<=\n\n)/)
    expect(first === `data: ${large}\n\n`).toBe(true)
    expect(second + rest).toMatch(/^(?:: hb\n\n)?data: behind it\n\n/)
    expect(reader.heard.filter((piece) => piece.length > 65_536)).toEqual([])
  })

  it('lets go of a reader that leaves while it is waited for', async () => {
    const { reader, stream } = open()
    using _ = stream
    reader.taking = false
    const sent = stream.send('x'.repeat(100))
    reader.destroy()
    // The next write rejects; what waits is over.
    await expect(sent).resolves.toBeUndefined()
    await expect(stream.send('x')).rejects.toMatchObject({ code: 'cancelled' })
  })
})

import { describe, expect, it } from 'vitest'
import { readEvents, type StreamEvent } from '../../../../src/web/api/event-stream.ts'

const bytes = new TextEncoder()

/** A body that comes in these pieces; `cancelled` says whether its reader has left. */
function bodyOf(pieces: readonly (string | Uint8Array)[], fails = false) {
  const state = { cancelled: false }
  const rest = [...pieces]
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = rest.shift()
      if (piece !== undefined) controller.enqueue(typeof piece === 'string' ? bytes.encode(piece) : piece)
      else if (fails) controller.error(new TypeError('the connection is gone'))
      else controller.close()
    },
    cancel() {
      state.cancelled = true
    },
  })
  return { body, state }
}

async function all(pieces: readonly (string | Uint8Array)[]): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of readEvents(bodyOf(pieces).body)) events.push(event)
  return events
}

describe('events of a stream', () => {
  it.each([
    ['line feeds', 'event: a\ndata: {"x":1}\n\n'],
    ['carriage returns and line feeds', 'event: a\r\ndata: {"x":1}\r\n\r\n'],
    ['carriage returns', 'event: a\rdata: {"x":1}\r\r'],
    ['no blank behind the colon', 'event:a\ndata:{"x":1}\n\n'],
    ['comments and fields that nobody knows', ': hello\nid: 7\nretry: 5\nevent: a\ndata: {"x":1}\n\n'],
  ])('are read with %s, wherever the pieces are cut', async (_name, text) => {
    const expected = [{ event: 'a', data: { x: 1 } }]
    expect(await all([text])).toEqual(expected)
    expect(await all(text.split(''))).toEqual(expected)
  })

  it('have their letters whole where a piece ends within one', async () => {
    const whole = bytes.encode('data: "€"\n\n')
    expect(await all([whole.slice(0, 8), whole.slice(8)])).toEqual([{ event: 'message', data: '€' }])
  })

  it('join several lines of data, and are text where they are no JSON', async () => {
    expect(await all(['data: one\ndata: two\n\n'])).toEqual([{ event: 'message', data: 'one\ntwo' }])
  })

  it('are dropped where the end cuts them off, and where they have no data', async () => {
    expect(await all(['data: 1\n\nevent: b\n\ndata: 2\n'])).toEqual([{ event: 'message', data: 1 }])
  })

  it('end with the word for it', async () => {
    expect(await all(['data: 1\n\ndata: [DONE]\n\ndata: 2\n\n'])).toEqual([{ event: 'message', data: 1 }])
  })

  it('end with an error where the connection is lost, behind what had come', async () => {
    const seen: unknown[] = []
    const read = async () => {
      for await (const { data } of readEvents(bodyOf(['data: 1\n\n'], true).body)) seen.push(data)
    }
    await expect(read()).rejects.toThrow('the connection is gone')
    expect(seen).toEqual([1])
  })

  it('close the stream where their reader leaves, which ends the run behind it', async () => {
    const { body, state } = bodyOf(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n', 'data: 4\n\n'])
    for await (const { data } of readEvents(body)) if (data === 2) break
    expect(state.cancelled).toBe(true)
  })

  it.each([
    ['of many lines', 'data: xxxxxxxx\n'],
    ['of one line', 'xxxxxxxx'],
  ])('are refused where one has no end, %s', async (_name, piece) => {
    const { body, state } = bodyOf(Array.from({ length: 20 }, () => piece))
    await expect(readEvents(body, 100).next()).rejects.toThrow(RangeError)
    expect(state.cancelled).toBe(true)
  })
})

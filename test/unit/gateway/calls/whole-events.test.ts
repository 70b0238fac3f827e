import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { longestEvent, wholeEvents } from '../../../../src/gateway/calls/whole-events.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

const never = () => false

async function* piecesOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0
  for (const size of sizes) {
    if (at >= bytes.length) return
    yield bytes.subarray(at, at + size)
    at += size
  }
  if (at < bytes.length) yield bytes.subarray(at)
}

async function allOf(events: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = []
  for await (const piece of events) all.push(piece)
  return all
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
const event = fc
  .tuple(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 3 }), lineEnd)
  .map(([lines, end]) => lines.map((line) => `data: ${line.replaceAll(/[\r\n]/g, '')}${end}`).join('') + end)
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 })

describe('the events of a stream', () => {
  it('come out byte for byte, however the bytes arrive, and each piece ends with an empty line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 8 }), sizes, async (events, cuts) => {
        const bytes = Buffer.from(events.join(''))
        const pieces = await allOf(wholeEvents(piecesOf(bytes, cuts), never))
        expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
        // A CR at the very end may be parted from its LF, which then stands alone in a piece of its own.
        for (const piece of pieces) expect(piece.toString()).toMatch(/(?:\r\r|\n\n|\n\r|\r\n\r\n|^[\r\n]+)$/)
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('are passed on without being copied where a piece ends with one', async () => {
    const piece = Buffer.from('data: 1\n\ndata: 2\n\n')
    const [first] = await allOf(wholeEvents(piecesOf(piece, []), never))
    expect(first?.buffer).toBe(piece.buffer)
  })

  it('are held until they are whole, and no longer', async () => {
    const pieces = ['data: 1', '\n', '\ndata: 2\n\ndata', ': 3\r\n', '\r\n'].map((text) => Buffer.from(text))
    const seen: string[] = []
    for await (const events of wholeEvents(
      (async function* () {
        for (const piece of pieces) {
          seen.push('in')
          yield piece
        }
      })(),
      never,
    )) {
      seen.push(events.toString())
    }
    expect(seen).toEqual(['in', 'in', 'in', 'data: 1\n\ndata: 2\n\n', 'in', 'in', 'data: 3\r\n\r\n'])
  })

  it('may lack the empty line behind the last one of a stream, and behind no other', async () => {
    const done = (text: string) => text.includes('[DONE]')
    const [last] = await allOf(wholeEvents(piecesOf(Buffer.from('data: [DONE]'), []), done))
    expect(last?.toString()).toBe('data: [DONE]')
    await expect(allOf(wholeEvents(piecesOf(Buffer.from('data: {"a"'), []), done))).rejects.toMatchObject({
      code: 'model-protocol',
    })
  })

  it('may be followed by blanks alone, which are passed on', async () => {
    const pieces = await allOf(wholeEvents(piecesOf(Buffer.from('data: 1\n\n \n'), []), never))
    expect(pieces.map(String)).toEqual(['data: 1\n\n', ' \n'])
  })

  it('are none for an empty stream, of which nobody asks whether it is whole', async () => {
    const asked: string[] = []
    const isLast = (text: string) => (asked.push(text), false)
    expect(await allOf(wholeEvents(piecesOf(Buffer.alloc(0), []), isLast))).toEqual([])
    expect(await allOf(wholeEvents(piecesOf(Buffer.from('data: 1\n\n'), [3]), isLast))).toHaveLength(1)
    expect(asked).toEqual([])
  })

  it('that are cut off are refused with the reason', async () => {
    await expect(allOf(wholeEvents(piecesOf(Buffer.from('data: 1\n\ndata: 2\n'), []), never))).rejects.toMatchObject({
      code: 'model-protocol',
      message: "The upstream's stream ended in the middle of an event.",
    })
  })

  it.each<[readonly string[], readonly string[]]>([
    [['a\n', '\nb\n\n'], ['a\n\nb\n\n']],
    [
      ['a\r\n\r', '\nb\n\n'],
      ['a\r\n\r', '\nb\n\n'],
    ],
    [
      ['a\r', '\n\r', '\n', 'b\n\n'],
      ['a\r\n\r', '\nb\n\n'],
    ],
    [
      ['a\r', '\n', '\r\n', 'b\n\n'],
      ['a\r\n\r\n', 'b\n\n'],
    ],
    [
      ['a\r', '\r', 'b\n\n'],
      ['a\r\r', 'b\n\n'],
    ],
    [
      ['a', '\n\nb', '\nc', '\n\n'],
      ['a\n\n', 'b\nc\n\n'],
    ],
    [['a\r\n', 'b\r\n', '\r\n'], ['a\r\nb\r\n\r\n']],
    [
      ['a\n\nb\n', 'c\n\n'],
      ['a\n\n', 'b\nc\n\n'],
    ],
  ])('end with an empty line, in whichever pieces its bytes come: %j', async (pieces, events) => {
    const given = (async function* () {
      for (const piece of pieces) yield Buffer.from(piece)
    })()
    expect((await allOf(wholeEvents(given, never))).map(String)).toEqual(events)
  })

  it('may be as long as the longest, and not a byte longer', async () => {
    const held = Buffer.alloc(longestEvent, 'x')
    const [piece] = await allOf(wholeEvents(piecesOf(held, []), () => true))
    expect(piece?.length).toBe(longestEvent)
    const longer = piecesOf(Buffer.concat([held, Buffer.from('x')]), [longestEvent])
    await expect(allOf(wholeEvents(longer, () => true))).rejects.toMatchObject({
      message: "The upstream's stream holds an event of more than 16777216 bytes.",
    })
  })

  it('are refused beyond the longest one, while they arrive', async () => {
    let given = 0
    const endless = async function* () {
      for (;;) {
        given += 1_048_576
        yield Buffer.alloc(1_048_576, 'x')
      }
    }
    await expect(allOf(wholeEvents(endless(), never))).rejects.toMatchObject({ code: 'model-protocol' })
    expect(given).toBe(longestEvent + 1_048_576)
  })

  it('cost little where they come byte by byte', async () => {
    const bytes = Buffer.from(`data: ${'x'.repeat(200_000)}\n\n`)
    const single = piecesOf(
      bytes,
      Array.from({ length: bytes.length }, () => 1),
    )
    const pieces = await allOf(wholeEvents(single, never))
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    expect(pieces).toHaveLength(1)
  })
})

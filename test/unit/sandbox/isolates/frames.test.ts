import { describe, expect, it } from 'vitest'
import { encodeFrame, FrameReader, fromIsolate } from '../../../../src/sandbox/isolates/frames.ts'

const done = {
  type: 'done',
  id: 3,
  end: 'completed',
  text: '1',
  json: '1',
  error: null,
  heapBytes: 0,
  truncated: ['stdout', 'stderr', 'results'],
}
const error = { name: 'TypeError', value: 'x', traceback: '' }

describe('a frame', () => {
  const bytes = Buffer.concat([
    encodeFrame({ type: 'reset', id: 1 }),
    encodeFrame({ type: 'output', id: 2, stream: 'stdout', text: 'größer' }),
  ])

  it('is its length in bytes, then itself as JSON', () => {
    expect(encodeFrame({ type: 'reset', id: 1 })).toEqual(
      Buffer.concat([Buffer.from([0, 0, 0, 23]), Buffer.from('{"type":"reset","id":1}')]),
    )
  })

  it.each([1, 3, 4, 5, 27, 28, 1000])('is read whole when it comes in pieces of %d bytes', (size) => {
    const reader = new FrameReader(100)
    const frames: unknown[] = []
    for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)))
    expect(frames).toEqual([
      { type: 'reset', id: 1 },
      { type: 'output', id: 2, stream: 'stdout', text: 'größer' },
    ])
  })

  it('is read as soon as its last byte is there', () => {
    const reader = new FrameReader(100)
    expect(reader.push(bytes.subarray(0, 26))).toEqual([])
    expect(reader.push(bytes.subarray(26, 27))).toEqual([{ type: 'reset', id: 1 }])
  })

  it('may be as large as was said, and is refused by its announcement when it is larger', () => {
    const [fits, large] = [new FrameReader(23), new FrameReader(22)]
    expect(fits.push(bytes.subarray(0, 27))).toHaveLength(1)
    expect(() => large.push(bytes.subarray(0, 4))).toThrow(new RangeError('a frame of 23 bytes is too large'))
  })
})

describe('what the process of an isolate says', () => {
  it.each([
    { type: 'ready' },
    { type: 'reset-done', id: 0 },
    { type: 'output', id: 1, stream: 'stdout', text: '' },
    { type: 'output', id: 1, stream: 'stderr', text: 'x' },
    { type: 'fatal', reason: 'memory' },
    { type: 'fatal', reason: 'engine' },
    done,
    { ...done, end: 'raised', text: null, json: null, error, heapBytes: null, truncated: [] },
    { ...done, end: 'sync-timeout' },
    { ...done, end: 'memory' },
  ])('is accepted in its shape: %j', (frame) => {
    expect(fromIsolate.parse(frame)).toEqual(frame)
  })

  it.each([
    null,
    { type: 'run', id: 1 },
    { type: 'ready', more: 1 },
    { type: 'reset-done', id: -1 },
    { type: 'reset-done', id: 0.5 },
    { type: 'output', id: 1, stream: 'results', text: '' },
    { type: 'output', id: 1, stream: 'stdout', text: 1 },
    { type: 'fatal', reason: 'other' },
    { ...done, end: 'other' },
    { ...done, text: 1 },
    { ...done, heapBytes: -1 },
    { ...done, truncated: ['stdin'] },
    { ...done, error: { ...error, advice: 'x' } },
    { ...done, outcome: 'ok' },
  ])('is refused in any other shape: %j', (frame) => {
    expect(fromIsolate.safeParse(frame).success).toBe(false)
  })
})

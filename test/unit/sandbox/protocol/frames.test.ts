import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeChunk,
  encodeControl,
  type Frame,
  FrameDecoder,
  nonceBytes,
} from '../../../../src/sandbox/protocol/frames.ts'
import { verifies } from '../../../support/verifies.ts'

const nonce = Buffer.alloc(nonceBytes, 7)

function decode(bytes: Buffer, cuts: readonly number[]): Frame[] {
  const decoder = new FrameDecoder(nonce)
  const edges = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).sort((first, second) => first - second),
    bytes.length,
  ]
  const frames: Frame[] = []
  edges.slice(1).forEach((end, index) => frames.push(...decoder.push(bytes.subarray(edges[index], end))))
  return frames
}

describe('frames', () => {
  it('come out as they went in, however the stream was cut', () => {
    const message = fc.oneof(
      fc.record({ type: fc.string(), text: fc.string({ unit: 'binary' }) }),
      fc.uint8Array({ maxLength: 500 }),
    )
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), (messages, cuts) => {
        const bytes = Buffer.concat(
          messages.map((entry) =>
            entry instanceof Uint8Array ? encodeChunk(nonce, 9, entry) : encodeControl(nonce, entry),
          ),
        )
        const frames = decode(bytes, cuts)
        expect(frames.map((frame) => frame.kind)).toEqual(
          messages.map((entry) => (entry instanceof Uint8Array ? 'chunk' : 'control')),
        )
        frames.forEach((frame, index) => {
          const entry = messages[index]
          if (frame.kind === 'chunk') expect(frame.bytes.equals(entry as Uint8Array)).toBe(true)
          else expect(JSON.parse(frame.payload.toString())).toEqual(JSON.parse(JSON.stringify(entry)))
        })
      }),
    )
  })

  it('are refused under a foreign nonce', () => {
    verifies('security.frames-checked')
    const forged = encodeControl(Buffer.alloc(nonceBytes, 8), { type: 'done' })
    expect(() => decode(forged, [])).toThrow('foreign nonce')
  })

  it('are refused above their length before they are held', () => {
    verifies('security.frames-checked')
    const decoder = new FrameDecoder(nonce)
    expect(() => [...decoder.push(Buffer.from('7fffffff', 'hex'))]).toThrow('a frame of 2147483647 bytes')
  })

  it.each([
    ['too short to hold a nonce', Buffer.from('00000004aaaaaaaa', 'hex')],
    ['of an unknown kind', Buffer.concat([Buffer.from('00000012', 'hex'), nonce, Buffer.from('0500', 'hex')])],
    ['a chunk without a stream', Buffer.concat([Buffer.from('00000012', 'hex'), nonce, Buffer.from('0100', 'hex')])],
  ])('are refused when %s', (_, bytes) => {
    expect(() => decode(bytes, [])).toThrow('broke its protocol')
  })

  it('may be as long as the protocol says, and not a byte longer', () => {
    const overhead = JSON.stringify({ code: '' }).length + nonceBytes + 1
    const longest = 1_048_576 - overhead
    expect(decode(encodeControl(nonce, { code: 'x'.repeat(longest) }), [])).toHaveLength(1)
    expect(() => encodeControl(nonce, { code: 'x'.repeat(longest + 1) })).toThrow(RangeError)
    const head = Buffer.alloc(4)
    head.writeUInt32BE(1_048_577)
    expect(() => decode(head, [])).toThrow('a frame of 1048577 bytes')
  })

  it('carry as much of a file as the protocol says, and nothing more', () => {
    expect(decode(encodeChunk(nonce, 1, Buffer.alloc(262_144)), [])).toHaveLength(1)
    expect(() => decode(encodeChunk(nonce, 1, Buffer.alloc(262_145)), [])).toThrow('a chunk above its limit')
  })

  it('may be empty: a chunk of no bytes, and the shortest frame that has a nonce and a kind', () => {
    expect(decode(encodeChunk(nonce, 7, Buffer.alloc(0)), [])).toEqual([
      { kind: 'chunk', stream: 7, bytes: Buffer.alloc(0) },
    ])
    const shortest = Buffer.concat([Buffer.from('00000011', 'hex'), nonce, Buffer.from([0])])
    expect(decode(shortest, [])).toEqual([{ kind: 'control', payload: Buffer.alloc(0) }])
    expect(() => decode(Buffer.from('00000010', 'hex'), [])).toThrow('a frame of 16 bytes')
  })

  it('are not made above their length', () => {
    expect(() => encodeControl(nonce, { code: 'x'.repeat(2_000_000) })).toThrow(RangeError)
  })
})

import { ServiceError } from '../../core/errors.ts'

// The frame layout is written down in sandbox-images/python/PROTOCOL.md.
export const nonceBytes = 16
export const frameBytes = 1_048_576
export const chunkBytes = 262_144

const controlKind = 0
const chunkKind = 1
const headBytes = nonceBytes + 1

export type Frame =
  | { readonly kind: 'control'; readonly payload: Buffer }
  | { readonly kind: 'chunk'; readonly stream: number; readonly bytes: Buffer }

/** The fault for a sandbox that broke the protocol; nothing more is read from it. */
export function protocolFault(what: string): ServiceError {
  return new ServiceError('sandbox-lost', `The sandbox broke its protocol: ${what}`)
}

function frame(nonce: Buffer, kind: number, payload: Buffer): Buffer {
  const length = headBytes + payload.length
  if (length > frameBytes) throw new RangeError(`a frame of ${length} bytes is above ${frameBytes}`)
  const head = Buffer.allocUnsafe(4 + headBytes)
  head.writeUInt32BE(length, 0)
  nonce.copy(head, 4)
  head.writeUInt8(kind, 4 + nonceBytes)
  return Buffer.concat([head, payload])
}

/** Throws RangeError where the message is larger than a frame. */
export function encodeControl(nonce: Buffer, message: object): Buffer {
  return frame(nonce, controlKind, Buffer.from(JSON.stringify(message)))
}

export function encodeChunk(nonce: Buffer, stream: number, bytes: Uint8Array): Buffer {
  const payload = Buffer.allocUnsafe(4 + bytes.length)
  payload.writeUInt32BE(stream, 0)
  payload.set(bytes, 4)
  return frame(nonce, chunkKind, payload)
}

/**
 * Takes a stream apart into frames. Holds at most one incomplete frame; throws `sandbox-lost` on the first byte that
 * cannot belong to a frame of this sandbox.
 */
export class FrameDecoder {
  #nonce: Buffer
  #pending: Buffer[] = []
  #held = 0

  constructor(nonce: Buffer) {
    this.#nonce = nonce
  }

  /** Sets the nonce that every later frame has to carry. */
  expect(nonce: Buffer): void {
    this.#nonce = nonce
  }

  *push(piece: Buffer): Generator<Frame> {
    this.#pending.push(piece)
    this.#held += piece.length
    while (this.#held >= 4) {
      const length = this.#peekLength()
      if (length < headBytes || length > frameBytes) throw protocolFault(`a frame of ${length} bytes`)
      if (this.#held < 4 + length) return
      yield this.#parse(this.#take(4 + length).subarray(4))
    }
  }

  #peekLength(): number {
    const [first] = this.#pending
    if (first !== undefined && first.length >= 4) return first.readUInt32BE(0)
    this.#pending = [Buffer.concat(this.#pending)]
    return this.#pending[0]?.readUInt32BE(0) ?? 0
  }

  #take(count: number): Buffer {
    const [first] = this.#pending
    const whole = this.#pending.length === 1 && first !== undefined ? first : Buffer.concat(this.#pending)
    const rest = whole.subarray(count)
    this.#pending = rest.length > 0 ? [rest] : []
    this.#held = rest.length
    return whole.subarray(0, count)
  }

  #parse(body: Buffer): Frame {
    if (!body.subarray(0, nonceBytes).equals(this.#nonce)) throw protocolFault('a frame with a foreign nonce')
    const payload = body.subarray(headBytes)
    const kind = body[nonceBytes]
    if (kind === controlKind) return { kind: 'control', payload }
    if (kind !== chunkKind || payload.length < 4) throw protocolFault(`a frame of kind ${kind}`)
    if (payload.length - 4 > chunkBytes) throw protocolFault('a chunk above its limit')
    return { kind: 'chunk', stream: payload.readUInt32BE(0), bytes: payload.subarray(4) }
  }
}

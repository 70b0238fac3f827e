import { z } from 'zod'
import { parseUntrustedJson } from '../../core/json.ts'

// Length-prefixed JSON between the service and one isolate process: u32 big-endian, then that many bytes of UTF-8.

/** What the service tells the process. */
export type ToIsolate =
  | { readonly type: 'run'; readonly id: number; readonly code: string; readonly timeoutMilliseconds: number }
  /** The session is over: the next one of the same tenant starts in a context, or an isolate, of its own. */
  | { readonly type: 'reset'; readonly id: number }

const runId = z.int().min(0)

/** What the process tells the service, which believes nothing beyond this shape. */
export const fromIsolate = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('reset-done'), id: runId }),
  z.strictObject({ type: z.literal('output'), id: runId, stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  /** The engine gave the isolate up; the process ends. */
  z.strictObject({ type: z.literal('fatal'), reason: z.enum(['memory', 'engine']) }),
  z.strictObject({
    type: z.literal('done'),
    id: runId,
    end: z.enum(['completed', 'raised', 'sync-timeout', 'memory']),
    text: z.string().nullable(),
    json: z.string().nullable(),
    error: z.strictObject({ name: z.string(), value: z.string(), traceback: z.string() }).nullable(),
    heapBytes: z.number().min(0).nullable(),
    truncated: z.array(z.enum(['stdout', 'stderr', 'results'])),
  }),
])

export type FromIsolate = z.infer<typeof fromIsolate>

export function encodeFrame(frame: ToIsolate | FromIsolate): Buffer {
  const body = Buffer.from(JSON.stringify(frame))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

/** Cuts a byte stream into frames. Throws on a frame above `maximumBytes`: the other side is not to be trusted then. */
export class FrameReader {
  readonly #maximumBytes: number
  #pending: Buffer = Buffer.alloc(0)

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes
  }

  push(chunk: Buffer): unknown[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const frames: unknown[] = []
    while (this.#pending.length >= 4) {
      const length = this.#pending.readUInt32BE()
      if (length > this.#maximumBytes) throw new RangeError(`a frame of ${length} bytes is too large`)
      if (this.#pending.length < 4 + length) break
      frames.push(parseUntrustedJson(this.#pending.toString('utf8', 4, 4 + length)))
      this.#pending = this.#pending.subarray(4 + length)
    }
    return frames
  }
}

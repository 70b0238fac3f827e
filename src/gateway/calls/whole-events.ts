import { UpstreamFault } from '../../core/upstream-fault.ts'

/** The largest event of a stream, in bytes: a picture as base64 fits. */
export const longestEvent = 16_777_216

const cut = (what: string): UpstreamFault =>
  new UpstreamFault('model-protocol', `The upstream's stream ${what}.`, { repeat: 'again', mayHaveRun: true })

/**
 * The bytes of a stream of server-sent events, cut where events end (an empty line), so that something can be said after
 * any of them. Bytes are neither added nor lost; what comes in whole is passed on without being copied. Throws
 * `model-protocol` for an event beyond `longestEvent` and for a stream that ends within one; the empty line may be missing
 * behind the last event, where `isLast` knows that it is whole.
 */
export async function* wholeEvents(
  chunks: AsyncIterable<Buffer>,
  isLast: (event: string) => boolean,
): AsyncGenerator<Buffer> {
  const held = new HeldBytes()
  for await (const chunk of chunks) {
    const end = endOfEvents(chunk, held.tail())
    if (end === 0) held.add(chunk)
    else {
      yield held.length === 0 && end === chunk.length ? chunk : held.take(chunk.subarray(0, end))
      held.add(chunk.subarray(end))
    }
    if (held.length > longestEvent) throw cut(`holds an event of more than ${longestEvent} bytes`)
  }
  const rest = held.text()
  if (/\S/.test(rest) && !isLast(rest)) throw cut('ended in the middle of an event')
  if (held.length > 0) yield held.take(Buffer.alloc(0))
}

const [lineFeed, carriageReturn] = [10, 13]

/** Offset in `chunk` behind its last empty line, 0 where no line is; `before` are up to three bytes that came earlier. */
function endOfEvents(chunk: Buffer, before: Buffer): number {
  for (let at = chunk.length - 1; at >= 0; at -= 1) {
    const byte = chunk[at]
    if ((byte === lineFeed || byte === carriageReturn) && endsEmptyLine(chunk, at, before)) return at + 1
  }
  return 0
}

/** Is the line end at `at` one behind another? CR LF counts as one. */
function endsEmptyLine(chunk: Buffer, at: number, before: Buffer): boolean {
  const byteAt = (offset: number): number | undefined => (offset >= 0 ? chunk[offset] : before[before.length + offset])
  // The CR of a CR LF that has not come yet would leave its LF to the next event: an empty line more, which is harmless.
  const previous = chunk[at] === lineFeed && byteAt(at - 1) === carriageReturn ? at - 2 : at - 1
  const byte = byteAt(previous)
  return byte === lineFeed || byte === carriageReturn
}

/** Bytes that wait for the end of their event, in one buffer that doubles: adding single bytes stays cheap. */
class HeldBytes {
  #bytes = Buffer.alloc(0)
  length = 0

  add(chunk: Buffer): void {
    if (chunk.length === 0) return
    const needed = this.length + chunk.length
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(1_024, needed, this.#bytes.length * 2))
      this.#bytes.copy(larger, 0, 0, this.length)
      this.#bytes = larger
    }
    chunk.copy(this.#bytes, this.length)
    this.length = needed
  }

  /** Everything that was held, and `more` behind it; nothing is held after. */
  take(more: Buffer): Buffer {
    const taken = Buffer.concat([this.#bytes.subarray(0, this.length), more])
    this.length = 0
    return taken
  }

  /** The last three bytes. */
  tail(): Buffer {
    return this.#bytes.subarray(Math.max(0, this.length - 3), this.length)
  }

  text(): string {
    return this.#bytes.toString('latin1', 0, this.length)
  }
}

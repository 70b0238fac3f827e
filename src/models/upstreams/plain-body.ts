import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { connectionFault, protocolFault, type UpstreamPlace } from './faults.ts'

export interface PlainBodyOptions {
  /** `Content-Encoding` in lower case. */
  readonly encoding: string
  /** After decoding. */
  readonly maximumBytes: number
  readonly place: UpstreamPlace
  readonly signal: AbortSignal
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * The bytes of a body without its encoding, which some endpoints use although none is asked for. Throws a ServiceError
 * when it breaks off, cannot be decoded or goes on beyond its limit. Leaving it ends the body.
 */
export async function* plainBody(body: Readable, options: PlainBodyOptions): AsyncGenerator<Buffer> {
  const { encoding, maximumBytes, place, signal } = options
  const source = decoded(body, encoding)
  let length = 0
  try {
    if (source === null) throw protocolFault(place, `the encoding "${encoding.slice(0, 50)}"`)
    for await (const piece of source as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > maximumBytes) throw protocolFault(place, `more than ${maximumBytes} bytes`)
      yield piece
    }
  } catch (thrown) {
    throw isDecoding(thrown)
      ? protocolFault(place, 'a body that its encoding does not fit', thrown)
      : connectionFault(place, thrown, signal)
  } finally {
    body.on('error', () => undefined)
    body.destroy()
    if (source !== body) source?.destroy()
  }
}

function decoded(body: Readable, encoding: string): Readable | null {
  if (encoding === 'identity' || encoding === '') return body
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]?.() : undefined
  if (decoder === undefined) return null
  body.once('error', (error: Error) => decoder.destroy(error))
  return body.pipe(decoder)
}

const isDecoding = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && /^(?:Z_|ERR_BROTLI|ERR__ERROR_)/.test(String(thrown.code))

import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { ServiceError } from '../../core/errors.ts'
import { GatheredBytes } from '../../core/gathered-bytes.ts'
import { connectionFault, protocolFault } from './faults.ts'
import type { UpstreamPlace } from './words-of-upstream.ts'

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
  const source = decoded(body, options.encoding)
  let length = 0
  try {
    if (source === null) throw unknownEncoding(options)
    for await (const piece of source as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > options.maximumBytes) throw tooLong(options)
      yield piece
    }
  } catch (thrown) {
    throw faultOf(thrown, options)
  } finally {
    leave(body, source)
  }
}

/** All that `plainBody` would give, without the cost of its pieces. Rejects as that throws. */
export function wholeBody(body: Readable, options: PlainBodyOptions): Promise<Buffer> {
  const source = decoded(body, options.encoding)
  const gathered = new GatheredBytes()
  let isOver = false
  return new Promise((resolve, reject) => {
    const fail = (thrown: unknown): void => {
      if (isOver) return
      isOver = true
      leave(body, source)
      reject(faultOf(thrown, options))
    }
    if (source === null) return fail(unknownEncoding(options))
    source.on('data', (piece: Buffer) => {
      if (gathered.length + piece.length > options.maximumBytes) fail(tooLong(options))
      else gathered.add(piece)
    })
    source.on('error', fail)
    source.on('end', () => {
      isOver = true
      resolve(gathered.together())
    })
    source.on('close', () => {
      if (!isOver) fail(new Error('The body was closed before its end.'))
    })
  })
}

const unknownEncoding = ({ place, encoding }: PlainBodyOptions) =>
  protocolFault(place, `the encoding "${encoding.slice(0, 50)}"`)

const tooLong = ({ place, maximumBytes }: PlainBodyOptions) => protocolFault(place, `more than ${maximumBytes} bytes`)

function faultOf(thrown: unknown, { place, signal }: PlainBodyOptions): ServiceError {
  return isDecoding(thrown)
    ? protocolFault(place, 'a body that its encoding does not fit', { cause: thrown })
    : connectionFault(place, thrown, signal)
}

/** Ends a body and what decodes it, wherever they are. */
function leave(body: Readable, source: Readable | null): void {
  body.on('error', () => undefined)
  body.destroy()
  if (source !== body) source?.destroy()
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

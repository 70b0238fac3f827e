import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { BodyLimits } from '../core/endpoint-call.ts'
import { ServiceError } from '../core/errors.ts'
import { GatheredBytes } from '../core/gathered-bytes.ts'

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** Bytes that any compressed body may unpack to, whatever the ratio is: short texts of one letter are honest. */
const alwaysBytes = 65_536

/** Of these, compressed bytes are those that come. */
type Size = Pick<BodyLimits, 'bytes' | 'ratio'>

/**
 * Reads a body of any type, without its compression. Rejects with `payload-too-large` as soon as it is beyond its limits, whatever
 * length it claims, `unsupported-media-type` for an encoding that is not read, `invalid-request` for what cannot be decoded,
 * and `cancelled` where its caller leaves before its end.
 */
export async function readLimitedBody(request: IncomingMessage, limits: Size): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]?.() : undefined
  if (decoder === undefined && encoding !== 'identity') {
    throw new ServiceError('unsupported-media-type', `The encoding "${encoding.slice(0, 50)}" is not read.`, {
      advice: `Send the body as it is, or one of ${Object.keys(decoders).join(', ')}.`,
    })
  }
  if (decoder === undefined && Number(request.headers['content-length'] ?? 0) > limits.bytes) throw tooLarge(limits)
  return gather(request, decoder ?? null, limits)
}

/** Larger, after decompression, than a body may be. */
export const tooLarge = ({ bytes }: Pick<Size, 'bytes'>): ServiceError =>
  new ServiceError('payload-too-large', 'The body is larger than the limit.', {
    advice: `Send ${bytes} bytes at most.`,
  })

function gather(request: IncomingMessage, decoder: Transform | null, limits: Size): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gathered = new GatheredBytes()
    let sent = 0
    let isOver = false
    const fail = (error: ServiceError): void => {
      if (isOver) return
      isOver = true
      decoder?.destroy()
      // What still comes is thrown away, so that the answer finds a reader.
      request.resume()
      reject(error)
    }
    const source: Readable = decoder ?? request
    source.on('data', (piece: Buffer) => {
      if (isOver) return
      if (decoder === null) sent += piece.length
      const length = gathered.length + piece.length
      if (length > limits.bytes) fail(tooLarge(limits))
      else if (decoder !== null && length > alwaysBytes && length > sent * limits.ratio) fail(unpacksTooFar(limits))
      else gathered.add(piece)
    })
    source.on('end', () => {
      if (isOver) return
      isOver = true
      resolve(gathered.together())
    })
    if (decoder !== null) {
      request.on('data', (piece: Buffer) => {
        sent += piece.length
        if (sent > limits.bytes) fail(tooLarge(limits))
        else if (!isOver) decoder.write(piece)
      })
      request.on('end', () => {
        if (!isOver) decoder.end()
      })
      decoder.on('error', (cause) =>
        fail(new ServiceError('invalid-request', 'The body is not what its encoding says.', { cause })),
      )
    }
    // All of it may have come and not have been read: with its connection that is gone, too.
    const gone = (cause?: Error): void => {
      if (!request.readableEnded) fail(new ServiceError('cancelled', 'The caller closed the connection.', { cause }))
    }
    request.on('error', gone)
    request.on('close', () => gone())
    if (request.destroyed) gone()
  })
}

const unpacksTooFar = ({ ratio }: Size): ServiceError =>
  new ServiceError('payload-too-large', 'The body unpacks to more than its encoding may.', {
    advice: `Send it with ${ratio} times its compressed bytes at most, or as it is.`,
  })

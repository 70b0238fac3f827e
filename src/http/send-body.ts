import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import { ServiceError } from '../core/errors.ts'

/** Bytes handed over at once; the reader's time starts again when it has taken them. */
const sliceBytes = 65_536

/** A reader that is let go. */
export const readsNothing = (cause?: unknown): ServiceError =>
  new ServiceError('cancelled', 'The caller reads nothing of the answer.', { cause })

/**
 * Hands bytes to the connection, a slice at a time as its reader takes them, and waits until there is room for more. Gives way to other
 * requests between slices. Rejects with `cancelled`, and closes the connection, when the reader is gone or has taken nothing for
 * `stallMilliseconds`. Nothing else may be written to the connection before it has resolved.
 */
export async function writeToReader(
  response: ServerResponse,
  bytes: string | Uint8Array,
  stallMilliseconds: number,
): Promise<void> {
  if (bytes.length <= sliceBytes) return writeSlice(response, bytes, stallMilliseconds)
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  for (let at = 0; at < all.length; at += sliceBytes) {
    await writeSlice(response, all.subarray(at, at + sliceBytes), stallMilliseconds)
    await setImmediate()
  }
}

async function writeSlice(
  response: ServerResponse,
  bytes: string | Uint8Array,
  stallMilliseconds: number,
): Promise<void> {
  if (response.destroyed) throw new ServiceError('cancelled', 'The caller closed the connection.')
  if (response.write(bytes)) return
  const waiting = new AbortController()
  const stalled = setTimeout(() => waiting.abort(), stallMilliseconds)
  const { signal } = waiting
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })])
  } catch (cause) {
    response.destroy()
    throw readsNothing(cause)
  } finally {
    clearTimeout(stalled)
    waiting.abort()
  }
}

/**
 * Sends a body whose size is known, as its reader takes it. Headers are the caller's to set, of which a head that is written already
 * has the length.
 */
export async function sendBytes(response: ServerResponse, body: Buffer, stallMilliseconds: number): Promise<void> {
  if (!response.headersSent) response.setHeader('content-length', body.length)
  if (body.length > 0) await writeToReader(response, body, stallMilliseconds)
  response.end()
}

/** Sends a body made piece by piece, so that no large text is made, nor waits for its reader, as a whole. */
export async function sendPieces(
  response: ServerResponse,
  pieces: Iterable<string>,
  stallMilliseconds: number,
): Promise<void> {
  let gathered = ''
  for (const piece of pieces) {
    gathered += piece
    if (gathered.length < sliceBytes) continue
    await writeToReader(response, gathered, stallMilliseconds)
    gathered = ''
    await setImmediate()
  }
  if (gathered !== '') await writeToReader(response, gathered, stallMilliseconds)
  response.end()
}

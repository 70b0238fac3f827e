import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import { ServiceError } from '../core/errors.ts'

/** Bytes handed over at once; the reader's time starts again when it has taken them. */
const sliceBytes = 65_536

/**
 * Hands bytes to the connection and waits until there is room for more. Rejects with `cancelled`, and closes the
 * connection, when the reader is gone or has taken nothing for `stallMilliseconds`.
 */
export async function writeToReader(
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
    throw new ServiceError('cancelled', 'The caller reads nothing of the answer.', { cause })
  } finally {
    clearTimeout(stalled)
    waiting.abort()
  }
}

/**
 * Sends a body whose size is known, a slice at a time as its reader takes it. Headers are the caller's to set, of which a
 * head that is written already has the length; gives way to other requests between slices.
 */
export async function sendBytes(response: ServerResponse, body: Buffer, stallMilliseconds: number): Promise<void> {
  if (!response.headersSent) response.setHeader('content-length', body.length)
  for (let at = 0; at < body.length; at += sliceBytes) {
    await writeToReader(response, body.subarray(at, at + sliceBytes), stallMilliseconds)
    await setImmediate()
  }
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
    await sendWhole(response, gathered, stallMilliseconds)
    gathered = ''
  }
  if (gathered !== '') await sendWhole(response, gathered, stallMilliseconds)
  response.end()
}

async function sendWhole(response: ServerResponse, text: string, stallMilliseconds: number): Promise<void> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    await writeToReader(response, bytes.subarray(at, at + sliceBytes), stallMilliseconds)
    await setImmediate()
  }
}

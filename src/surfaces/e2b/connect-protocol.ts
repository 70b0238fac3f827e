import type { Request } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { jsonOf, requireJson, type JsonBodyLimits } from '../../http/json-body.ts'
import { readLimitedBody } from '../../http/limited-body.ts'

/** A message of a stream: a byte of flags, its length in four bytes, its text (connectrpc.com, "Streaming-Request"). */
const headBytes = 5
const endFlag = 2

/** The type of a stream's answer. */
export const streamType = 'application/connect+json'

export function frame(message: object): Buffer {
  return withFlags(message, 0)
}

/** The last one, with what went wrong, or nothing. */
export function endFrame(fault: { readonly code: string; readonly message: string } | null): Buffer {
  return withFlags(fault === null ? {} : { error: fault }, endFlag)
}

function withFlags(message: object, flags: number): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(flags, 0)
  head.writeUInt32BE(text.length, 1)
  return Buffer.concat([head, text])
}

/** The one message of a request whose answer is a stream. Rejects with `invalid-request` for any other body. */
export async function readMessage(request: Request, limits: JsonBodyLimits): Promise<unknown> {
  requireJson(request)
  const body = await readLimitedBody(request, { bytes: limits.limitBytes + headBytes, ratio: Number.POSITIVE_INFINITY })
  const text = body.subarray(headBytes)
  // Compressed ones have another flag: nobody was told that they are read.
  if (body.length < headBytes || body[0] !== 0 || body.readUInt32BE(1) !== text.length) {
    throw new ServiceError('invalid-request', 'The body is not one message of the Connect protocol in JSON.')
  }
  return jsonOf(text, limits)
}

const longestTimeout = 10

/** What is left of the caller's time, milliseconds; null for no end. Throws `invalid-request` for what is no number. */
export function timeoutOf({ headers }: Pick<Request, 'headers'>): number | null {
  const text = headers['connect-timeout-ms']
  if (text === undefined) return null
  const milliseconds = Number(text)
  if (/^\d+$/.test(String(text)) && String(text).length <= longestTimeout && milliseconds > 0) return milliseconds
  throw new ServiceError('invalid-request', 'The header Connect-Timeout-Ms is no number of milliseconds.', {
    parameter: 'connect-timeout-ms',
  })
}

import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { ServiceError } from '../core/errors.ts'
import { findJsonFault } from './json-fault.ts'
import { shapeFault, type ShapeLimits } from './json-shape.ts'
import { readLimitedBody, tooLarge } from './limited-body.ts'

/** Only JSON in UTF-8: throws for anything else, before a byte of the body is read. */
export function requireJson({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const type = headers['content-type'] ?? ''
  if (type === 'application/json') return
  const [mediaType = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(mediaType)) {
    throw new ServiceError(
      'unsupported-media-type',
      `The content type is ${type === '' ? 'missing' : `"${type.slice(0, 100)}"`}.`,
    )
  }
  // Each of them, since another reader may go by the second one.
  const other = parameters.find((parameter) => /^charset\b/.test(parameter) && !/^charset="?utf-?8"?$/.test(parameter))
  if (other !== undefined) {
    throw new ServiceError('unsupported-media-type', `The character set "${characterSet(other)}" is not supported.`)
  }
}

function characterSet(parameter: string): string {
  return parameter
    .replace(/^charset\s*=?\s*/, '')
    .replaceAll('"', '')
    .slice(0, 50)
}

// Whole texts only, so that one of them serves all.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(body: Buffer): string {
  try {
    return decoder.decode(body)
  } catch (cause) {
    throw new ServiceError('invalid-request', 'The body is not valid UTF-8.', { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const fault = findJsonFault(text)
    const place = fault === null ? '' : ` at line ${fault.line}, column ${fault.column}: expected ${fault.expected}`
    throw new ServiceError('invalid-request', `The body is not valid JSON${place}.`, { cause })
  }
}

export interface JsonBodyLimits {
  /** After decompression. */
  readonly limitBytes: number
  readonly shape: ShapeLimits
}

export interface JsonBody {
  /** As they came but for their compression. */
  readonly bytes: Buffer
  readonly value: unknown
}

/** Throws `payload-too-large` or `invalid-request` for a body beyond these limits. */
export function requireLimits(bytes: Buffer, { limitBytes, shape }: JsonBodyLimits): void {
  if (bytes.length > limitBytes) throw tooLarge({ bytes: limitBytes })
  const fault = shapeFault(bytes, shape)
  if (fault !== null) throw new ServiceError('invalid-request', `The body is not taken. ${fault}`)
}

/** The value of JSON in UTF-8. Throws `payload-too-large` or `invalid-request` for anything else, and beyond these limits. */
export function jsonOf(bytes: Buffer, limits: JsonBodyLimits): unknown {
  if (bytes.length === 0) throw new ServiceError('invalid-request', 'The body is empty.')
  requireLimits(bytes, limits)
  return parse(decode(bytes))
}

/**
 * Reads at most `limitBytes` (after decompression) as JSON in UTF-8. Rejects before anything is read of a body that says
 * itself that it is something else, or larger.
 */
export async function readJson(request: IncomingMessage, limits: JsonBodyLimits): Promise<JsonBody> {
  requireJson(request)
  // What the service itself reads may be packed as tightly as it can: nobody else unpacks it.
  const bytes = await readLimitedBody(request, { bytes: limits.limitBytes, ratio: Number.POSITIVE_INFINITY })
  return { bytes, value: jsonOf(bytes, limits) }
}

/** Reads as `readJson` does, into `request.body`. */
export function jsonBody(limits: JsonBodyLimits): RequestHandler {
  return async (request, _response, next) => {
    const { value } = await readJson(request, limits)
    request.body = value
    next()
  }
}

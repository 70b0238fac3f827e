import type { IncomingMessage } from 'node:http'
import express, { type RequestHandler } from 'express'
import { ServiceError } from '../core/errors.ts'
import { findJsonFault } from './json-fault.ts'
import { shapeFault, type ShapeLimits } from './json-shape.ts'

/** Only JSON in UTF-8: anything else is refused before a byte of the body is read. */
const requireJson: RequestHandler = (request, _response, next) => {
  const type = request.headers['content-type'] ?? ''
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
  next()
}

function characterSet(parameter: string): string {
  return parameter
    .replace(/^charset\s*=?\s*/, '')
    .replaceAll('"', '')
    .slice(0, 50)
}

/** What says itself that it is too large is answered before it is sent, not when all of it has arrived. */
function refuseLarge(limitBytes: number): RequestHandler {
  return ({ headers }, _response, next) => {
    const isPlain = headers['content-encoding'] === undefined
    if (isPlain && Number(headers['content-length'] ?? 0) > limitBytes) {
      throw new ServiceError('payload-too-large', 'The body is larger than the limit.')
    }
    next()
  }
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
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

const bodies = new WeakMap<IncomingMessage, Buffer>()

/** The bytes of a body that `jsonBody` has read, as they came but for their compression. */
export function bytesOfBody(request: IncomingMessage): Buffer {
  return bodies.get(request) ?? Buffer.alloc(0)
}

/** Throws `payload-too-large` or `invalid-request` for a body that was read under wider limits than these. */
export function requireLimits(request: IncomingMessage, { limitBytes, shape }: JsonBodyLimits): void {
  const body = bytesOfBody(request)
  if (body.length > limitBytes) throw new ServiceError('payload-too-large', 'The body is larger than the limit.')
  const fault = shapeFault(body, shape)
  if (fault !== null) throw new ServiceError('invalid-request', `The body is not taken. ${fault}`)
}

export interface JsonBodyLimits {
  /** After decompression. */
  readonly limitBytes: number
  readonly shape: ShapeLimits
}

function parseBody(shape: ShapeLimits): RequestHandler {
  return (request, _response, next) => {
    const body: unknown = request.body
    if (!Buffer.isBuffer(body) || body.length === 0) throw new ServiceError('invalid-request', 'The body is empty.')
    const fault = shapeFault(body, shape)
    if (fault !== null) throw new ServiceError('invalid-request', `The body is not taken. ${fault}`)
    bodies.set(request, body)
    request.body = parse(decode(body))
    next()
  }
}

/** Reads at most `limitBytes` (after decompression) as JSON into `request.body`. */
export function jsonBody({ limitBytes, shape }: JsonBodyLimits): RequestHandler[] {
  return [requireJson, refuseLarge(limitBytes), express.raw({ type: () => true, limit: limitBytes }), parseBody(shape)]
}

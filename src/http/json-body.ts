import type { IncomingMessage, ServerResponse } from 'node:http'
import express, { type RequestHandler } from 'express'
import { ServiceError } from '../core/errors.ts'
import { GatheredBytes } from '../core/gathered-bytes.ts'
import { findJsonFault } from './json-fault.ts'
import { shapeFault, type ShapeLimits } from './json-shape.ts'
import { toHttpError } from './problem.ts'

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

export const tooLarge = (): ServiceError => new ServiceError('payload-too-large', 'The body is larger than the limit.')

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
  if (bytes.length > limitBytes) throw tooLarge()
  const fault = shapeFault(bytes, shape)
  if (fault !== null) throw new ServiceError('invalid-request', `The body is not taken. ${fault}`)
}

/** The value of JSON in UTF-8. Throws `payload-too-large` or `invalid-request` for anything else, and beyond these limits. */
export function jsonOf(bytes: Buffer, limits: JsonBodyLimits): unknown {
  requireLimits(bytes, limits)
  return parse(decode(bytes))
}

/**
 * Reads at most `limitBytes` (after decompression) as JSON in UTF-8. Rejects before anything is read of a body that says
 * itself that it is something else, or larger.
 */
export async function readJson(request: IncomingMessage, response: ServerResponse, limits: JsonBodyLimits) {
  requireJson(request)
  const { 'content-encoding': encoding = 'identity', 'content-length': length = 0 } = request.headers
  const isPlain = encoding.toLowerCase() === 'identity'
  if (isPlain && Number(length) > limits.limitBytes) throw tooLarge()
  const bytes = await (isPlain ? readPlain : readEncoded)(request, response, limits.limitBytes)
  if (bytes.length === 0) throw new ServiceError('invalid-request', 'The body is empty.')
  return { bytes, value: jsonOf(bytes, limits) } satisfies JsonBody
}

function readPlain(request: IncomingMessage, _response: ServerResponse, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gathered = new GatheredBytes()
    let isTooLarge = false
    request.on('data', (piece: Buffer) => {
      // What comes beyond the limit is read and thrown away, so that the answer finds a reader.
      if (isTooLarge) return
      isTooLarge = gathered.length + piece.length > limitBytes
      if (isTooLarge) reject(tooLarge())
      else gathered.add(piece)
    })
    request.on('end', () => resolve(gathered.together()))
    const gone = (cause?: Error): void => {
      if (!request.complete) reject(new ServiceError('cancelled', 'The caller closed the connection.', { cause }))
    }
    request.on('error', gone)
    request.on('close', () => gone())
  })
}

/** Compressed bodies are rare; the web framework reads them. */
function readEncoded(request: IncomingMessage, response: ServerResponse, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    express.raw({ type: () => true, limit })(request, response, (fault?: unknown) => {
      const { body } = request as { readonly body?: unknown }
      if (fault === undefined) resolve(Buffer.isBuffer(body) ? body : Buffer.alloc(0))
      else reject(toHttpError(fault))
    })
  })
}

/** Reads as `readJson` does, into `request.body`. */
export function jsonBody(limits: JsonBodyLimits): RequestHandler {
  return async (request, response, next) => {
    const { value } = await readJson(request, response, limits)
    request.body = value
    next()
  }
}

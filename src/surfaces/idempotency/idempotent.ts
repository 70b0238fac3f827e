import type { RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { callerLeft } from '../../http/caller-signal.ts'
import { principalOf } from '../caller.ts'
import type { FirstRequest, KeptAnswer } from './kept-answers.ts'
import type { RepeatedRequests } from './repeated-requests.ts'

const header = 'idempotency-key'

/** Larger answers are not kept. */
const mostBytes = 4 * 1024 * 1024

/** Statuses of answers which say that nothing was done, so that the same request may be tried again. */
export const nothingDone: ReadonlySet<number> = new Set([401, 403, 404, 408, 409, 413, 415, 421, 422, 429, 503])

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) of a route whose caller is known and whose body was read: a
 * request that is repeated is done once, and its repetitions are given the first answer.
 */
export function idempotent(requests: RepeatedRequests, route: string): RequestHandler {
  return async (request, response, next) => {
    const key = request.headers[header]
    if (key === undefined) return next()
    if (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key)) {
      throw new ServiceError('invalid-request', `${header}: must have 1 to 255 visible ASCII characters.`, {
        parameter: 'Idempotency-Key',
      })
    }
    // Its end would never be told, and the key would be in flight for as long as the service lives.
    if (response.destroyed) throw callerLeft()
    const asked = JSON.stringify([route, inOrder(request.body)])
    const begun = await requests.begin(principalOf(response).id, key, asked)
    if (begun.kind === 'first') {
      if (response.destroyed) {
        await begun.first.release()
        throw callerLeft()
      }
      record(response, begun.first)
      return next()
    }
    const { status, headers, body } = begun.answer
    response.writeHead(status, { ...headers, 'content-length': body.length, 'idempotency-replayed': 'true' })
    response.end(body)
  }
}

/** The same value in one order of its members. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) => [name, inOrder(inner)] as const)
  return entries.toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/** Keeps what is written, and says at its end what became of the request. */
function record(response: Response, first: FirstRequest): void {
  const pieces: Buffer[] = []
  let bytes = 0
  const note = (chunk: unknown): void => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return
    const piece = Buffer.from(chunk as string)
    bytes += piece.length
    if (bytes <= mostBytes) pieces.push(piece)
    else pieces.length = 0
  }
  const write = response.write.bind(response) as (...given: unknown[]) => boolean
  const end = response.end.bind(response) as (...given: unknown[]) => Response
  response.write = (...given: unknown[]) => {
    note(given[0])
    return write(...given)
  }
  let isReleased = false
  response.end = (...given: unknown[]) => {
    note(given[0])
    if (!nothingDone.has(response.statusCode)) return end(...given)
    isReleased = true
    const released = first.release()
    if (released === undefined) return end(...given)
    // Whoever hears of it may repeat it at once, and a balancer does: at another replica, where the key has to be free by then.
    void released.finally(() => end(...given))
    return response
  }
  response.once('close', () => {
    if (isReleased) return
    if (nothingDone.has(response.statusCode) && response.headersSent) void first.release()
    else if (!response.writableFinished) first.cut()
    else first.keep(bytes > mostBytes ? null : answered(response, Buffer.concat(pieces)))
  })
}

function answered(response: Response, body: Buffer): KeptAnswer {
  const headers: Record<string, string> = {}
  for (const name of ['content-type', 'cache-control', 'x-should-retry']) {
    const value = response.getHeader(name)
    if (typeof value === 'string') headers[name] = value
  }
  return { status: response.statusCode, headers, body }
}

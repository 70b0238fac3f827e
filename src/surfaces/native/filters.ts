import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { CheckContent } from '../../gateway/check-content.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { principalOf } from '../caller.ts'
import { filterCheckRequest, toFilterCheck } from '../wire/filters.ts'

/** Characters of all texts of a check together: half a second of work. */
const mostCharacters = 1_000_000

const writerOf = { inbound: 'user', outbound: 'model' } as const

/** `POST /v1/filters/check`: what the filters of content would make of texts. Ends with its caller. */
export function checkContent(check: CheckContent, stopping: AbortSignal): RequestHandler {
  return async (request, response) => {
    const { direction, profile, texts, parts: given } = parseRequest(filterCheckRequest, request.body)
    const usual = { provenance: writerOf[direction] }
    const named = given ?? (texts ?? []).map((text) => ({ text }))
    const parts = named.map((part) => Object.assign({}, usual, part))
    const characters = parts.reduce((sum, { text }) => sum + text.length, 0)
    if (characters > mostCharacters) {
      throw new ServiceError('payload-too-large', `The texts have more than ${mostCharacters} characters together.`, {
        parameter: texts === undefined ? 'parts' : 'texts',
      })
    }
    const signal = signalFor(response, stopping)
    const asked = {
      principal: principalOf(response),
      requestId: requestIdOf(response),
      direction,
      profile: profile ?? null,
      parts,
    }
    const checked = await check(asked, signal).catch((thrown: unknown) => {
      throw reasonOf(thrown, signal)
    })
    response.setHeader('cache-control', 'no-store').json(toFilterCheck(checked, { direction, parts: parts.length }))
  }
}

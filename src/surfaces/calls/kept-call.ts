import type { ReceivedCall } from '../../core/model-call.ts'
import { ServiceError } from '../../core/errors.ts'
import { keptResponseFacts } from '../../gateway/apis/responses.ts'
import type { CallParts } from './pass-call.ts'
import { passedQuery } from './passed-query.ts'

/** What can be asked of a response that the provider has kept: the end of its path. */
export type KeptResponsePart = '' | '/cancel' | '/input_items'

/** What of a query goes up; `beta` is how their client asks for what is not settled yet. */
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  'GET ': ['beta', 'include', 'include_obfuscation', 'starting_after', 'stream'],
  'GET /input_items': ['after', 'before', 'beta', 'include', 'limit', 'order'],
}

const ofOtherCalls: readonly string[] = ['beta']

export interface AskedKept {
  readonly method: ReceivedCall['method']
  readonly id: string
  readonly part: KeptResponsePart
}

/** What `GET`, `DELETE` and `POST` below `/v1/responses/ID` ask for. Throws `not-found`, and `invalid-request` for a query that cannot be passed on. */
export function keptCallOf({ method, id, part }: AskedKept, url: string): CallParts {
  if (!/^[\w-]{1,200}$/.test(id)) {
    throw new ServiceError('not-found', 'There is no such response.', { parameter: 'response_id' })
  }
  const query = passedQuery(url, parametersOf[`${method} ${part}`] ?? ofOtherCalls)
  const facts = keptResponseFacts(id, new URLSearchParams(query))
  return { api: 'responses', path: `/responses/${id}${part}${query}`, facts, body: null }
}

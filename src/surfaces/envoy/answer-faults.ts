import type { ServiceError } from '../../core/errors.ts'
import { headersWithOwn } from '../../http/own-headers.ts'
import { problemHeaders, toProblem } from '../../http/problem.ts'
import { errorFormOf } from '../calls/error-forms.ts'

/** An answer that Envoy gives in the place of the upstream. */
export interface LocalAnswer {
  readonly status: number
  /** Name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: string
}

/** A fault as the clients of the address read it. */
export function faultAnswer(error: ServiceError, path: string, requestId: string): LocalAnswer {
  const problem = toProblem(error, requestId)
  return {
    status: problem.status,
    headers: headersWithOwn(requestId, Object.entries(problemHeaders(error)).flat()),
    body: JSON.stringify(errorFormOf(path).body(problem)),
  }
}

import { ownModel } from '../../core/own-model.ts'
import { setOwnHeaders } from '../../http/own-headers.ts'
import { requireLimits, type JsonBodyLimits } from '../../http/json-body.ts'
import type { AnswerDirectly } from '../direct-routes.ts'
import { splitModel } from './wire/chat-completions.ts'

export interface ModelChoice {
  /** Answers for the service's own model. */
  readonly own: AnswerDirectly
  /** Narrower than those the body was read under. */
  readonly ownLimits: JsonBodyLimits
  /** Passes the call on. */
  readonly passed: AnswerDirectly
}

/**
 * One path serves the service's own model, alone or with a data source behind its name, and those of upstreams. A body without a name of a model is the own model's to
 * refuse.
 */
export function chooseModel({ own, ownLimits, passed }: ModelChoice): AnswerDirectly {
  return async (exchange) => {
    const { bytes, value } = exchange.body
    const name = typeof value === 'object' && value !== null && 'model' in value ? value.model : null
    const isOwn = typeof name !== 'string' || splitModel(name).model === ownModel
    if (!isOwn) return passed(exchange)
    requireLimits(bytes, ownLimits)
    setOwnHeaders(exchange.response)
    await own(exchange)
  }
}

import type { z } from 'zod'
import type { Principal } from '../../core/principal.ts'
import type { RouteContract } from '../openapi/contract.ts'

/** What a route was asked, read by its contract, and by whom. */
export interface Asked<Contract extends RouteContract> {
  readonly params: z.output<Contract['params']>
  readonly query: z.output<Contract['query']>
  readonly body: z.output<Contract['body']>
  readonly principal: Principal
  readonly requestId: string
  /** Aborts when the caller leaves or the service stops. */
  readonly signal: AbortSignal
}

/** A contract with what answers it. */
export interface AdminRoute {
  readonly contract: RouteContract
  readonly answer: (asked: Asked<RouteContract>) => Promise<unknown>
}

/** Ties a handler to its contract, whose types it has. */
export function answers<Contract extends RouteContract>(
  contract: Contract,
  answer: (asked: Asked<Contract>) => Promise<z.input<Contract['answer']>>,
): AdminRoute {
  return { contract, answer: (asked) => answer(asked) }
}

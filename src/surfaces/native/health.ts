import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import { principalOf } from '../caller.ts'
import type { ReadinessState } from './readiness.ts'

/** The process runs; says nothing of what it needs. */
export const livez: RequestHandler = (_request, response) => {
  response.set('cache-control', 'no-store').json({ status: 'alive' })
}

/** 503 while something needed is missing and from the moment the service begins to shut down. */
export function readyz(readiness: () => Promise<ReadinessState>, isDraining: () => boolean): RequestHandler {
  return async (_request, response) => {
    const state = isDraining() ? { ready: false, detail: 'shutting down' } : await readiness()
    response
      .status(state.ready ? 200 : 503)
      .set('cache-control', 'no-store')
      .json({ status: state.ready ? 'ready' : 'not ready', detail: state.detail })
  }
}

/** The metrics of the process as Prometheus reads them. */
export interface MetricsSource {
  readonly contentType: string
  readonly mayRead: (principal: Principal) => Promise<boolean>
  text(): Promise<string>
}

/** Answers keys whose group may read metrics, since the figures are those of all callers together. */
export function metrics(source: MetricsSource): RequestHandler {
  return async (_request, response) => {
    const { group } = principalOf(response)
    if (!(await source.mayRead(principalOf(response)))) {
      throw new ServiceError('forbidden', `The group "${group}" may not read the metrics.`, {
        advice: `Use a key of the group "monitoring", or ask the operator: gateway.groups.${group}.metrics.`,
      })
    }
    response
      .set('cache-control', 'no-store')
      .type(source.contentType)
      .send(await source.text())
  }
}

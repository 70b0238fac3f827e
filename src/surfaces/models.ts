import type { Request, RequestHandler } from 'express'
import { ServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import { hasScope } from '../gateway/authorize/scopes.ts'
import { requestIdOf } from '../http/request-id.ts'
import { toAnthropicModel, toAnthropicModelList } from './anthropic/models.ts'
import { toModel, toModelList, type ModelEntry } from './openai/wire/models.ts'
import { principalOf } from './caller.ts'

/** What a caller may ask, by its grant and the scopes of its credential. */
export type ModelsFor = (principal: Principal, requestId: string) => Promise<readonly ModelEntry[]>

export interface ModelsOfService {
  /** Behind the service's own model. */
  readonly model: { readonly id: string; readonly scripted: boolean }
  /** What is asked at upstreams by name, each with where it may be answered. */
  readonly passed: ReadonlyMap<string, { readonly targets: readonly { readonly upstream: string }[] }>
}

/** The own model of a caller's grant by itself, and once for each of its data sources: `analyst`, `analyst:sales`; then others. */
export function createModelsFor(grantFor: GrantFor, { model, passed }: ModelsOfService): ModelsFor {
  return async (principal, requestId) => {
    const grant = await grantFor(principal, 'http', requestId)
    const ownedBy = model.scripted ? 'sallyport (scripted demo)' : model.id
    const suffixes = ['', ...grant.dataSources.map((source) => `:${source}`)]
    return grant.models.flatMap((id) => {
      const other = passed.get(id)
      if (!hasScope(principal, other === undefined ? 'ask' : 'models')) return []
      if (other !== undefined)
        return [{ id, ownedBy: [...new Set(other.targets.map(({ upstream }) => upstream))].join(', ') }]
      return suffixes.map((suffix) => ({ id: `${id}${suffix}`, ownedBy }))
    })
  }
}

/** Anthropic's clients ask at the same address, and say with every request which version of their API they speak. */
const isForAnthropic = ({ headers }: Request): boolean => headers['anthropic-version'] !== undefined

export function listModels(modelsFor: ModelsFor): RequestHandler {
  return async (request, response) => {
    const entries = await modelsFor(principalOf(response), requestIdOf(response))
    response.json(isForAnthropic(request) ? toAnthropicModelList(entries) : toModelList(entries))
  }
}

export function getModel(modelsFor: ModelsFor): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const entry = (await modelsFor(principalOf(response), requestIdOf(response))).find((model) => model.id === id)
    if (entry === undefined) {
      throw new ServiceError('model-not-found', `There is no model "${id.slice(0, 200)}".`, { parameter: 'model' })
    }
    response.json(isForAnthropic(request) ? toAnthropicModel(entry) : toModel(entry))
  }
}

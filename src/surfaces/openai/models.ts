import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { GrantFor } from '../../gateway/authorize/groups.ts'
import { toModel, toModelList, type ModelEntry } from './wire/models.ts'
import { principalOf } from '../caller.ts'

/** What a caller may ask, by its grant. */
export type ModelsFor = (principal: Principal) => readonly ModelEntry[]

/** Each model of a caller's grant by itself, and once for each of its data sources: `analyst`, `analyst:sales`. */
export function createModelsFor(
  grantFor: GrantFor,
  model: { readonly id: string; readonly scripted: boolean },
): ModelsFor {
  return (principal) => {
    const grant = grantFor(principal)
    const ownedBy = model.scripted ? 'sallyport (scripted demo)' : model.id
    const suffixes = ['', ...grant.dataSources.map((source) => `:${source}`)]
    return grant.models.flatMap((id) => suffixes.map((suffix) => ({ id: `${id}${suffix}`, ownedBy })))
  }
}

export function listModels(modelsFor: ModelsFor): RequestHandler {
  return (_request, response) => {
    response.json(toModelList(modelsFor(principalOf(response))))
  }
}

export function getModel(modelsFor: ModelsFor): RequestHandler {
  return (request, response) => {
    const id = String(request.params['id'])
    const entry = modelsFor(principalOf(response)).find((model) => model.id === id)
    if (entry === undefined) {
      throw new ServiceError('model-not-found', `There is no model "${id.slice(0, 200)}".`, { parameter: 'model' })
    }
    response.json(toModel(entry))
  }
}

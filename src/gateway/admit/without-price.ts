import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'

/** What has no price: an endpoint, the model, a tool of the provider, or a tier of its service and the member that asks for it. */
export type Unpriced =
  | { readonly kind: 'model' }
  | { readonly kind: 'endpoint' | 'tool'; readonly name: string }
  | { readonly kind: 'tier'; readonly name: string; readonly parameter: string }

/** Nobody knows what it costs, and the caller's money is limited. */
export function withoutPrice({ group }: Principal, unpriced: Unpriced): ServiceError {
  const { what, parameter, advice } = wordsOf(unpriced)
  return new ServiceError('forbidden', `${what} has no price, and money is limited for the group "${group}".`, {
    ...(parameter === null ? {} : { parameter }),
    advice: `Ask the operator: ${advice}.`,
  })
}

function wordsOf(unpriced: Unpriced) {
  switch (unpriced.kind) {
    case 'endpoint': {
      const advice = `it needs a price in the configuration (endpoints.${unpriced.name}.price), which may be 0`
      return { what: `The endpoint "${unpriced.name}"`, parameter: null, advice }
    }
    case 'tool': {
      const advice =
        'the price of the model needs one for each use of it (upstreams.NAME.models.MODEL.price.tools), which may be 0'
      return { what: `The tool "${unpriced.name.slice(0, 100)}" of the provider`, parameter: 'tools', advice }
    }
    case 'tier': {
      const { name, parameter } = unpriced
      const advice =
        'the price of the model needs its percent (upstreams.NAME.models.MODEL.price.tiers), which may be 100'
      return { what: `The tier "${name.slice(0, 100)}" of the provider`, parameter, advice }
    }
    case 'model': {
      const advice = 'the model needs a price in the configuration (upstreams.NAME.models.MODEL.price, model.price)'
      return { what: 'The model', parameter: 'model', advice }
    }
  }
}

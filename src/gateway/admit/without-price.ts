import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'

/** What has no price: an endpoint where one is called, else a tool of the provider, else the model itself. */
interface Unpriced {
  readonly endpoint: string | null
  readonly tool: string | null
}

/** Nobody knows what it costs, and the caller's money is limited. */
export function withoutPrice({ group }: Principal, unpriced: Unpriced): ServiceError {
  const { what, parameter, advice } = wordsOf(unpriced)
  return new ServiceError('forbidden', `${what} has no price, and money is limited for the group "${group}".`, {
    ...(parameter === null ? {} : { parameter }),
    advice: `Ask the operator: ${advice}.`,
  })
}

function wordsOf({ endpoint, tool }: Unpriced) {
  if (endpoint !== null) {
    const advice = `it needs a price in the configuration (endpoints.${endpoint}.price), which may be 0`
    return { what: `The endpoint "${endpoint}"`, parameter: null, advice }
  }
  if (tool !== null) {
    const advice =
      'the price of the model needs one for each use of it (upstreams.NAME.models.MODEL.price.tools), which may be 0'
    return { what: `The tool "${tool.slice(0, 100)}" of the provider`, parameter: 'tools', advice }
  }
  const advice = 'the model needs a price in the configuration (upstreams.NAME.models.MODEL.price, model.price)'
  return { what: 'The model', parameter: 'model', advice }
}

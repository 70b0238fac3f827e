import type { TellRoute } from '../../service/route-teller.ts'
import { explainRoute } from '../../surfaces/wire/admin/routes.ts'
import type { AskAdmin } from './admin-client.ts'

/** Where requests would go, by what a service knows that runs elsewhere. */
export function createRemoteTellRoute(ask: AskAdmin): TellRoute {
  return ({ body, api, principal, group, person }) => {
    const named = { ...(principal !== null && { principal }), ...(group !== null && { group }) }
    return ask(explainRoute, {
      body: { body, ...(api !== null && { api }), ...named, ...(person !== null && { person }) },
    })
  }
}

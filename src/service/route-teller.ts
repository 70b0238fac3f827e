import type { Principal } from '../core/principal.ts'
import { requireGroup } from '../gateway/authorize/groups.ts'
import type { ExplainCall } from '../gateway/calls/routing/explain-call.ts'
import { toldRoute, type TellRoute } from '../gateway/calls/routing/told-route.ts'
import type { CallerOf } from './caller-of.ts'

export type { RouteQuestion, TellRoute, ToldRoute } from '../gateway/calls/routing/told-route.ts'

interface TellerParts {
  readonly explain: ExplainCall
  readonly callerOf: CallerOf
  /** Names of the groups in force. */
  readonly groups: readonly string[]
}

export function createTellRoute({ explain, callerOf, groups }: TellerParts): TellRoute {
  const anybodyOf = (group: string): Principal => {
    requireGroup(group, groups)
    return { id: 'local', kind: 'operator', group }
  }
  return async ({ body, api, principal: id, group, person }) => {
    const principal = id === null ? anybodyOf(group ?? 'default') : await callerOf({ principal: id, group, person })
    return toldRoute(await explain({ body, api, principal }))
  }
}

import type { ObserveHeld } from '../../core/facts.ts'
import type { Principal } from '../../core/principal.ts'
import { noContainer } from '../../sessions/container-facts.ts'
import type { Containers } from '../../sessions/containers.ts'

/** Containers that programs of callers may run in. */
export interface ContainerUse {
  /** Null where nothing is kept of callers. */
  readonly containers: Pick<Containers, 'sessionOf' | 'ran'> | null
  readonly observe: Pick<ObserveHeld, 'act'>
}

interface Asked {
  /** As the request names it: `session_…`, or a container. Null for neither. */
  readonly named: string | null
  readonly principal: Principal
  readonly requestId: string
  /** Aborts when the caller leaves. */
  readonly caller: AbortSignal
}

/** Where a program of a caller's own runs. */
interface ExecutionPlace {
  /** Null for a sandbox that ends with the request. */
  readonly sessionId: string | null
  /** Called when the program has run. */
  readonly ran: () => Promise<void>
}

const containerId = /^cntr_[0-9a-f]{32}$/

/** The session that is named, or that of the container. Rejects with `not-found` for a container that is not the caller's, or has expired. */
export async function executionPlace(
  { named, principal, requestId, caller }: Asked,
  { containers, observe }: ContainerUse,
): Promise<ExecutionPlace> {
  if (named === null || !containerId.test(named)) return { sessionId: named, ran: async () => {} }
  const { id: owner, group } = principal
  const used = {
    requestId,
    channel: 'http',
    principal: owner,
    group,
    of: 'container',
    action: 'use',
    id: named,
  } as const
  const sessionId = await observe.act(used, async () => {
    if (containers === null) throw noContainer()
    return containers.sessionOf(principal, named, caller)
  })
  return { sessionId, ran: async () => containers?.ran(principal, named) }
}

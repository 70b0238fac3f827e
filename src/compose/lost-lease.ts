import type { ReplicaLease } from '../core/held-sessions.ts'
import type { Containers } from '../sessions/containers.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Analysis } from './analysis.ts'

interface LostLeaseParts {
  readonly lease: ReplicaLease
  readonly analysis: () => Promise<Pick<Analysis, 'sessions'>>
  readonly containers: Pick<Containers, 'letGoOfAll'>
  readonly telemetry: Pick<Telemetry, 'log'>
}

/**
 * Ends every sandbox of this process where another one took it for dead, before it goes on under another lease. Containers are let go of first: these go on, at
 * whichever process is asked next.
 */
export function endWithLease({ lease, analysis, containers, telemetry }: LostLeaseParts): Disposable {
  return lease.onLost(async () => {
    telemetry.log.warn('another process has taken this one for dead; its sandboxes are ended before it goes on')
    await containers.letGoOfAll()
    await (await analysis()).sessions.endLost()
  })
}

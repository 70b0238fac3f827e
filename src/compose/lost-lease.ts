import type { ReplicaLease } from '../core/held-sessions.ts'
import type { Containers } from '../sessions/containers.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Analysis } from './analysis.ts'

interface LostLeaseParts {
  readonly lease: ReplicaLease
  readonly analysis: () => Promise<Pick<Analysis, 'sessions'>>
  readonly containers: Pick<Containers, 'letGoOfAll'>
  readonly telemetry: Pick<Telemetry, 'log' | 'metrics'>
}

/**
 * Ends every sandbox of this process where it has lost its lease, before it goes on under another one. Containers are let go of first: these go on, at
 * whichever process is asked next. Nothing of it waits for the storage, which may be away.
 */
export function endWithLease({ lease, analysis, containers, telemetry }: LostLeaseParts): Disposable {
  let isTold = false
  return lease.onLost(async () => {
    if (!isTold) {
      isTold = true
      telemetry.metrics.count('lease', 'lost')
      telemetry.log.warn(
        'the lease of this process is lost: another one has taken it for dead, or the storage was away for too long; its sandboxes are ended before it goes on',
      )
    }
    const { sessions } = await analysis()
    const letGo = containers.letGoOfAll()
    await sessions.endLost().catch((error: unknown) => {
      telemetry.log.error({ error }, 'a sandbox of the lost lease could not be ended; nothing begins here until it has')
      throw error
    })
    await letGo
    isTold = false
  })
}

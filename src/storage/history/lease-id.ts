import { randomBytes } from 'node:crypto'
import type { ProcessIdentity } from '../../processes/process-identity.ts'

/** `pid-ticks-boot-namespace-random`: who made the random part of it is told by the rest. */
export function toLeaseId({ pid, startTicks, bootId, pidNamespace }: ProcessIdentity): string {
  return [pid, startTicks, bootId, pidNamespace, randomBytes(8).toString('hex')].join('|')
}

import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { Suspension, SuspensionReason, Suspensions } from '../../core/suspensions.ts'
import { subjectsOf } from './subjects.ts'

/** Rejects with `suspended`, or `rate-limited` for one who is throttled. Costs microseconds and asks no storage. */
export type RefuseSuspended = (principal: Principal) => Promise<void>

const reasons: Readonly<Record<SuspensionReason, string>> = {
  operator: 'an operator has said so',
  refusals: 'too many of its requests were refused',
  'client-errors': 'too many of its requests were wrong',
  spend: 'it has spent too much in a short time',
}

interface RefuseOptions {
  readonly suspensions: Pick<Suspensions, 'of'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The person at the command line is never kept out: they could lift it. */
export function createRefuseSuspended({ suspensions, now }: RefuseOptions): RefuseSuspended {
  return async (principal) => {
    if (principal.kind === 'operator') return
    for (const subject of subjectsOf(principal)) {
      const { inForce } = await suspensions.of(subject)
      if (inForce !== null) throw refusalOf(inForce, now())
    }
  }
}

/** What somebody is told who is kept out: why, and until when; never what an operator wrote down about it. */
function refusalOf({ kind, subject, reason, until }: Suspension, now: number): ServiceError {
  const who = subject.startsWith('user:') ? 'The person for whom this asks' : 'The caller'
  if (kind === 'throttled' && until !== null) {
    const seconds = Math.max(1, Math.ceil((Date.parse(until) - now) / 1_000))
    return new ServiceError('rate-limited', `${who} is slowed down: ${reasons[reason]}.`, {
      retryAfterSeconds: seconds,
      advice: 'Wait for the seconds of Retry-After, and send what is not refused.',
    })
  }
  const end = until === null ? 'until an operator lifts it' : `until ${until}`
  const message = `${who} is suspended ${end}: ${reasons[reason]}.`
  return new ServiceError('suspended', message, until === null ? {} : { resetsAt: new Date(until) })
}

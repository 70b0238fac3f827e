import { randomUUID } from 'node:crypto'
import { PendingWork } from '../../concurrency/pending-work.ts'
import { errorTable, type ErrorCode } from '../../core/error-table.ts'
import { defaultKeyScopes } from '../../core/key-scopes.ts'
import type { AbuseNotice } from '../../core/facts.ts'
import type { Principal } from '../../core/principal.ts'
import type { QuotaLedger } from '../../core/quotas.ts'
import type { SuspensionKind, SuspensionReason, Suspensions } from '../../core/suspensions.ts'
import { windowOf } from '../admit/limits.ts'
import type { AbuseOptions } from './options.ts'
import { countedSubject } from './subjects.ts'

/** Counts what callers do, and slows down or suspends by it. Nobody waits for it. */
export interface AbuseWatch extends AsyncDisposable {
  /** A caller whose credential is valid was answered with this fault. */
  faulted(principal: Principal, code: ErrorCode): void
  /** A request of a caller has cost so much, in millionths of the currency. */
  spent(principal: Principal, money: number): void
}

interface WatchParts {
  readonly options: AbuseOptions
  readonly ledger: Pick<QuotaLedger, 'hold' | 'settle'>
  readonly suspensions: Pick<Suspensions, 'of' | 'add'>
  readonly onNotice: (notice: AbuseNotice) => Promise<void>
  /** Told of what could not be counted. */
  readonly onFault: (error: unknown) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Counted = Exclude<SuspensionReason, 'operator'>

/** A request that does not fit a limit is no wrong one, and one that is kept out must not keep its caller out for longer. */
const uncounted: ReadonlySet<ErrorCode> = new Set([
  'rate-limited',
  'quota-exceeded',
  'suspended',
  'model-overloaded',
  'cancelled',
  'unauthenticated',
])

const refusing: ReadonlySet<ErrorCode> = new Set(['refused', 'forbidden'])

/** More than anything that is counted: the ledger refuses none of it. */
const unlimited = 1e15
const leaseMilliseconds = 30_000

/**
 * Counts in the ledger of quotas, so that all processes count together and a restart forgets nothing, and behind the newest
 * suspension anew. Only what a valid credential has sent is counted, of whoever it is: nobody can have somebody else kept out.
 * Whoever sends no credential is one caller together, and whoever operates has to be able to lift: neither is counted.
 */
export function createAbuseWatch(parts: WatchParts): AbuseWatch {
  const { options, ledger, suspensions, onNotice, onFault, now } = parts
  const pending = new PendingWork()
  const thresholds = { refusals: options.refusals, 'client-errors': options.client_errors, spend: options.spend }
  const lasting: Readonly<Record<SuspensionKind, number>> = {
    throttled: options.throttle_ms,
    suspended: options.suspend_ms,
  }

  async function count(principal: Principal, reason: Counted, amount: number): Promise<void> {
    const threshold = thresholds[reason]
    if (threshold === null) return
    const subject = countedSubject(principal)
    const { inForce, newest } = await suspensions.of(subject)
    if (inForce?.kind === 'suspended') return
    const unit = reason === 'spend' ? 'money' : 'requests'
    const account = `abuse:${reason}:${subject}:${newest ?? ''}`
    const limits = [{ account, unit, window: windowOf(threshold.every), most: unlimited }] as const
    const amounts = { [unit]: amount }
    const held = await ledger.hold({ id: randomUUID(), limits, bounds: amounts, known: amounts, leaseMilliseconds })
    if (held.kind !== 'held') return
    await ledger.settle(held.lease, amounts)
    const [standing] = held.standings
    const counted = (standing?.used ?? 0) + (standing?.held ?? 0) + amount
    const { throttle, suspend } = threshold
    const isSuspended = suspend !== null && counted >= suspend
    if (!isSuspended && (throttle === null || counted < throttle)) return
    const kind = isSuspended ? 'suspended' : 'throttled'
    const until = new Date(now() + lasting[kind]).toISOString()
    const about = { kind, reason, subject, principal: principal.id, note: null, madeBy: 'automatic', until } as const
    const made = await suspensions.add(about)
    if (made !== null) await onNotice({ suspension: made, group: principal.group, counted })
  }

  const begin = (principal: Principal, reason: Counted, amount: number): void => {
    if (thresholds[reason] !== null) pending.add(count(principal, reason, amount).catch(onFault))
  }

  return {
    faulted(principal, code) {
      const { status } = errorTable[code]
      if (!isCounted(principal) || status < 400 || status >= 500 || uncounted.has(code)) return
      if (refusing.has(code)) begin(principal, 'refusals', 1)
      begin(principal, 'client-errors', 1)
    },
    spent(principal, money) {
      if (money > 0 && isCounted(principal)) begin(principal, 'spend', money)
    },
    [Symbol.asyncDispose]: () => pending[Symbol.asyncDispose](),
  }
}

function isCounted({ kind, scopes = defaultKeyScopes }: Principal): boolean {
  return (kind === 'api-key' || kind === 'token') && !scopes.includes('admin')
}

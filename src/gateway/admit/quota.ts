import type { ServiceError } from '../../core/errors.ts'
import { limitReached } from '../../core/limit-reached.ts'
import type { Principal } from '../../core/principal.ts'
import type { Admitted, Authorized, Reservation } from '../../core/request.ts'

export interface QuotaLimits {
  readonly concurrentRequests: number
  readonly tokensPerDay: number
}

export interface QuotaOptions {
  readonly limitsFor: (principal: Principal) => QuotaLimits
  /** Milliseconds since 1970: which UTC day it is. */
  readonly now?: () => number
  /** Milliseconds since any fixed point: how long requests take. */
  readonly elapsed?: () => number
}

/** Holds quota before anything is spent. Reserving is one synchronous step, so that no two requests share the last token. */
export interface Quota {
  /**
   * Throws `rate-limited` with the seconds until a retry makes sense, `quota-exceeded` where only the next day helps.
   */
  reserve(principal: Principal, tokens: number): Reservation
}

interface Account {
  day: number
  used: number
  reserved: number
  /** When each running request began. */
  readonly running: Set<{ readonly began: number }>
  /** How long requests of this caller take, milliseconds: the last ones weigh most. */
  usualMilliseconds: number
}

const dayMilliseconds = 86_400_000
/** Believed of a caller none of whose requests has ended. */
const firstGuessMilliseconds = 5_000
const weightOfLast = 0.3

class HeldTokens implements Reservation {
  readonly began: number
  readonly #account: Account
  readonly #held: number
  readonly #day: number
  readonly #elapsed: () => number
  #used = 0
  #open = true

  constructor(account: Account, held: number, elapsed: () => number) {
    this.#account = account
    this.#held = held
    this.#day = account.day
    this.#elapsed = elapsed
    this.began = elapsed()
    account.reserved += held
    account.running.add(this)
  }

  use(tokens: number): void {
    if (this.#open) this.#used = Math.max(this.#used, tokens)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return
    this.#open = false
    const account = this.#account
    account.running.delete(this)
    account.usualMilliseconds += weightOfLast * (this.#elapsed() - this.began - account.usualMilliseconds)
    if (account.day === this.#day) account.reserved -= this.#held
    account.used += this.#used
  }
}

export function createQuota(options: QuotaOptions): Quota {
  const { limitsFor, now = Date.now, elapsed = () => performance.now() } = options
  const accounts = new Map<string, Account>()

  function accountOf(principal: Principal, day: number): Account {
    const fresh = { day, used: 0, reserved: 0, running: new Set<never>(), usualMilliseconds: firstGuessMilliseconds }
    const account = accounts.get(principal.id) ?? fresh
    accounts.set(principal.id, account)
    // A clock that is set back over midnight gives no day a second time.
    if (account.day < day) Object.assign(account, { day, used: 0, reserved: 0 })
    return account
  }

  /**
   * The seconds until the request that began first will have taken as long as this caller's requests usually do, a minute
   * at most; negative where it has.
   */
  function secondsUntilOneEnds({ running, usualMilliseconds }: Account): number {
    const oldest = Math.min(...[...running].map(({ began }) => began))
    return Math.min(60, (usualMilliseconds - (elapsed() - oldest)) / 1_000)
  }

  return {
    reserve(principal, tokens) {
      const time = now()
      const { concurrentRequests, tokensPerDay } = limitsFor(principal)
      const account = accountOf(principal, Math.floor(time / dayMilliseconds))
      if (account.running.size >= concurrentRequests) {
        const message = `${concurrentRequests} requests of yours are already running.`
        throw limitReached(message, { seconds: secondsUntilOneEnds(account) })
      }
      if (tokens > 0 && (principal.quotaUsedDay ?? -1) >= account.day) throw usedByRestore(account.day, time)
      const needed = Math.min(tokens, tokensPerDay)
      const left = Math.max(0, tokensPerDay - account.used - account.reserved)
      if (left >= needed) return new HeldTokens(account, tokens, elapsed)
      const what = `Of ${tokensPerDay} tokens a day, ${left} are left; this request may need ${tokens}.`
      // What running requests hold and do not use comes back when they end.
      if (tokensPerDay - account.used >= needed) {
        throw limitReached(`${what} Requests of yours that run hold ${account.reserved}.`, {
          seconds: secondsUntilOneEnds(account),
        })
      }
      const midnight = (account.day + 1) * dayMilliseconds
      const at = new Date(midnight)
      throw limitReached(`${what} The next are given at ${at.toISOString()}.`, {
        seconds: (midnight - time) / 1_000,
        at,
      })
    },
  }
}

/** How much of the day was used is not known, so all of it counts as used. */
function usedByRestore(day: number, time: number): ServiceError {
  const midnight = (day + 1) * dayMilliseconds
  const at = new Date(midnight)
  const message = `The storage was restored today, and what was used before is not known. The next tokens are given at ${at.toISOString()}.`
  return limitReached(message, { seconds: (midnight - time) / 1_000, at })
}

/** Holds as many tokens as the grant's budget lets the run spend. */
export function admit(request: Authorized, quota: Quota): Admitted {
  return { ...request, reservation: quota.reserve(request.principal, request.grant.budget.maximumTokens) }
}

import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { Admitted, Authorized, Reservation } from '../../core/request.ts'

export interface QuotaLimits {
  readonly concurrentRequests: number
  readonly tokensPerDay: number
}

export interface QuotaOptions {
  readonly limitsFor: (principal: Principal) => QuotaLimits
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Holds quota before anything is spent. Reserving is one synchronous step, so that no two requests share the last token. */
export interface Quota {
  /** Throws `quota-exceeded` with the seconds until a retry makes sense. */
  reserve(principal: Principal, tokens: number): Reservation
}

interface Account {
  day: number
  used: number
  reserved: number
  running: number
}

const dayMilliseconds = 86_400_000

class HeldTokens implements Reservation {
  readonly #account: Account
  readonly #held: number
  readonly #day: number
  #used = 0
  #open = true

  constructor(account: Account, held: number) {
    this.#account = account
    this.#held = held
    this.#day = account.day
    account.reserved += held
    account.running += 1
  }

  use(tokens: number): void {
    if (this.#open) this.#used += Math.max(0, tokens)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return
    this.#open = false
    this.#account.running -= 1
    if (this.#account.day === this.#day) this.#account.reserved -= this.#held
    this.#account.used += this.#used
  }
}

export function createQuota(options: QuotaOptions): Quota {
  const { limitsFor, now = Date.now } = options
  const accounts = new Map<string, Account>()

  function accountOf(principal: Principal, day: number): Account {
    const account = accounts.get(principal.id) ?? { day, used: 0, reserved: 0, running: 0 }
    accounts.set(principal.id, account)
    if (account.day !== day) Object.assign(account, { day, used: 0, reserved: 0 })
    return account
  }

  return {
    reserve(principal, tokens) {
      const time = now()
      const limits = limitsFor(principal)
      const account = accountOf(principal, Math.floor(time / dayMilliseconds))
      if (account.running >= limits.concurrentRequests) {
        throw new ServiceError(
          'quota-exceeded',
          `${limits.concurrentRequests} requests of yours are already running.`,
          {
            retryAfterSeconds: 5,
          },
        )
      }
      const left = limits.tokensPerDay - account.used - account.reserved
      if (left < Math.min(tokens, limits.tokensPerDay)) {
        throw new ServiceError(
          'quota-exceeded',
          `Of ${limits.tokensPerDay} tokens a day, ${Math.max(0, left)} are left; this request may need ${tokens}.`,
          {
            retryAfterSeconds: Math.ceil((dayMilliseconds - (time % dayMilliseconds)) / 1_000),
          },
        )
      }
      return new HeldTokens(account, tokens)
    },
  }
}

/** Holds as many tokens as the grant's budget lets the run spend. */
export function admit(request: Authorized, quota: Quota): Admitted {
  return { ...request, reservation: quota.reserve(request.principal, request.grant.budget.maximumTokens) }
}

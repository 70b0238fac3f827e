import { randomUUID } from 'node:crypto'
import type { ServiceError } from '../../core/errors.ts'
import type { QuotaWatch } from '../../core/facts.ts'
import { limitReached } from '../../core/limit-reached.ts'
import type { Principal } from '../../core/principal.ts'
import type { Amounts, QuotaHeld, QuotaLease, QuotaLedger, QuotaLimit, QuotaUnit } from '../../core/quotas.ts'
import { costOf, type ModelPrice } from '../../core/price.ts'
import type { Reservation } from '../../core/request.ts'
import { CallerMemory } from './caller-memory.ts'
import type { LimitsFor } from './limits.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import { ofLeast, refusalOf, withLess } from './refusal.ts'
import { allUses, covers, mostOf, shareOf, sumOf } from './uses.ts'
import { withoutPrice, type Unpriced } from './without-price.ts'

export interface QuotaOptions {
  readonly limitsFor: LimitsFor
  readonly ledgerFor: (principal: Principal) => QuotaLedger
  /** Told of what could not be settled or renewed; it is tried again. */
  readonly onFault?: (error: unknown) => void
  readonly watch?: QuotaWatch
  /** Milliseconds since 1970: which UTC day it is. */
  readonly now?: () => number
  /** Milliseconds since any fixed point: how long requests take. */
  readonly elapsed?: () => number
}

export interface ReserveOptions {
  /** Units of which nobody said how much it will be: no more than their smallest limit is held. */
  readonly guessed?: readonly QuotaUnit[]
  /** The share of what is guessed with which it begins where no more is left. Without it all of that has to be left. */
  readonly enough?: number
  /** Of the model that is asked, by which its tokens are money; null where it has none. */
  readonly price?: ModelPrice | null
  /** What is asked for beside tokens that has no price; null where everything has one. */
  readonly unpriced?: Unpriced | null
  /** The endpoint that is called in the place of a model. */
  readonly endpoint?: string
  /** What attempts at the same request have used that are over: it stays held beside what is asked, and counts also where that does not fit. */
  readonly spent?: Amounts
}

/** Holds quota before anything is spent. */
export interface Quota extends AsyncDisposable {
  /**
   * Holds as much as a request may use, in every limit of its principal or in none. Rejects with `rate-limited` and the
   * seconds until a retry makes sense, `quota-exceeded` where they are more than a minute, `storage-unavailable` where
   * nobody can say, and with `forbidden` for a model, or a tool of its provider, without a price where money is limited.
   */
  reserve(principal: Principal, bounds: Amounts, options?: ReserveOptions): Promise<Reservation>
  /**
   * Begins a request of which it is not known yet how much it may use, so that its caller does not wait for the store twice.
   * Where it is to be doubted that it fits, by what its caller has done lately, `least` is held at once, unless it is null.
   * Rejects as `reserve`.
   */
  begin(principal: Principal, least: (() => Amounts) | null, options?: ReserveOptions): Promise<BegunReservation>
}

export interface BegunReservation extends Reservation {
  /** Holds so much, in the place of what is held; rejects as `reserve`, and then the request has used nothing but what was spent. */
  hold(bounds: Amounts, options?: ReserveOptions): Promise<void>
  /** Nothing comes of the request: what was held of it counts as nothing, not even as a request. */
  waive(): void
}

const dayMilliseconds = 86_400_000
/** What a process holds that ended without settling is given back after as long. */
export const leaseMilliseconds = 30_000

interface Open {
  readonly principal: Principal
  readonly ledger: QuotaLedger
  lease: QuotaLease
  uses: Amounts
  /** Has the request ended, so that what is left is to settle it? */
  hasEnded: boolean
}

interface Holding {
  readonly limits: readonly QuotaLimit[]
  readonly before: Open | null
  /** With how much of a unit it begins where not all of it is left; one that is missing has to be left whole. */
  readonly least: Amounts
}

const counted: Amounts = { requests: 1 }

export function createQuota(options: QuotaOptions): Quota {
  const { limitsFor, ledgerFor, onFault = () => undefined, watch, now = Date.now } = options
  const callers = new CallerMemory(options.elapsed ?? (() => performance.now()))
  const open = new Set<Open>()

  async function settle(entry: Open): Promise<void> {
    try {
      await entry.ledger.settle(entry.lease, entry.uses)
      // The clock may have settled it meanwhile: the ledger counts it once, and so does whoever is told.
      if (open.delete(entry)) watch?.onSettled(entry.principal.group, entry.uses, entry.principal)
      tellUnsettled()
    } catch (thrown) {
      onFault(thrown)
      tellUnsettled()
    }
  }

  function tellUnsettled(): void {
    watch?.onUnsettled([...open].filter(({ hasEnded }) => hasEnded).length)
  }

  async function keepLeases(): Promise<void> {
    const running = [...open].filter(({ hasEnded }) => !hasEnded)
    for (const [ledger, entries] of Map.groupBy(running, (entry) => entry.ledger)) {
      await ledger
        .renew(entries.map(({ lease, uses }) => ({ lease, known: uses, leaseMilliseconds })))
        .then(() => ledger.recover())
        .then((count) => watch?.onRecovered(count))
        .catch(onFault)
    }
    await Promise.all([...open].filter(({ hasEnded }) => hasEnded).map(settle))
  }
  const clock = setInterval(() => void keepLeases(), leaseMilliseconds / 3).unref()

  async function holdFor(
    principal: Principal,
    asked: Amounts,
    { limits, before, least }: Holding,
  ): Promise<QuotaHeld & { readonly bounds: Amounts }> {
    const id = before?.lease.id ?? randomUUID()
    const ask = { id, limits, known: counted, leaseMilliseconds, ...(before === null ? {} : { again: true as const }) }
    // A refusal is of one limit, and of another one next.
    for (let [bounds, tries] = [asked, limits.length]; ; tries -= 1) {
      const answer = await ledgerFor(principal).hold({ ...ask, bounds })
      if (answer.kind === 'held') return { ...answer, bounds }
      const less = tries > 0 ? withLess(bounds, answer, least) : null
      if (less === null) {
        watch?.onRefused(answer.standing.limit)
        callers.refused(principal.id)
        throw refusalOf(ofLeast(answer, least), callers.secondsUntilOneEnds(principal.id))
      }
      bounds = less
    }
  }

  function openFor(principal: Principal): BegunReservation {
    let entry: Open | null = null
    let state: Pick<Reservation, 'held' | 'headers'> = { held: {}, headers: [] }
    /** All that is held, with what attempts before have used. */
    let total: Amounts = {}
    let chargedAt: ModelPrice | null = null
    const watched = callers.begin(principal.id)
    return {
      get held() {
        return state.held
      },
      get headers() {
        return state.headers
      },
      async hold(bounds, { guessed = [], enough, price, unpriced = null, endpoint, spent } = {}) {
        const limits = limitsFor(principal)
        const wanted = bounds.tokens === undefined ? allUses(bounds) : bounds
        const held = { ...counted, runs: 1, ...withinLimits(wanted, limits, guessed) }
        const asked = spent === undefined ? held : sumOf(held, allUses(spent))
        if ((price === null || unpriced !== null) && limits.some(({ unit }) => unit === 'money')) {
          if (endpoint !== undefined) throw withoutPrice(principal, { kind: 'endpoint', name: endpoint })
          throw withoutPrice(principal, price === null || unpriced === null ? { kind: 'model' } : unpriced)
        }
        const [time, usedDay] = [now(), principal.quotaUsedDay ?? -1]
        const day = Math.floor(time / dayMilliseconds)
        if ((asked.tokens ?? 0) > 0 && usedDay >= day) throw usedByRestore(day, time)
        const before: Open | null = entry
        if (spent !== undefined && before !== null) {
          before.uses = mostOf(before.uses, allUses(spent))
          if (covers(total, asked)) return
        }
        try {
          const least = enough === undefined ? {} : shareOf(asked, guessed, enough)
          const { lease, standings, bounds: all } = await holdFor(principal, asked, { limits, before, least })
          state = { held: spent === undefined ? all : held, headers: rateLimitHeaders(standings, all) }
          total = all
          chargedAt = price ?? null
          if (before !== null) {
            before.lease = lease
            // It may have been refused for more than this.
            before.uses = mostOf(before.uses, counted)
            return
          }
          entry = { principal, ledger: ledgerFor(principal), lease, uses: counted, hasEnded: false }
          open.add(entry)
          watched.held()
        } catch (thrown) {
          if (before !== null && spent === undefined) before.uses = {}
          throw thrown
        }
      },
      waive() {
        if (entry?.hasEnded === false) entry.uses = {}
      },
      use(uses) {
        if (entry?.hasEnded === false) entry.uses = allUses(mostOf(entry.uses, inMoney(uses, chargedAt)))
      },
      async [Symbol.asyncDispose]() {
        if (entry?.hasEnded === true) return
        watched.end()
        if (entry === null) return
        entry.hasEnded = true
        await settle(entry)
      },
    }
  }

  return {
    async begin(principal, least, reserveOptions) {
      const runs = limitsFor(principal).flatMap(({ unit, most }) => (unit === 'runs' ? [most] : []))
      const isDoubted = callers.isDoubted(principal.id, Math.min(...runs))
      const reservation = openFor(principal)
      if (isDoubted && least !== null) await holdOrEnd(reservation, least(), reserveOptions)
      return reservation
    },
    async reserve(principal, bounds, reserveOptions) {
      const reservation = openFor(principal)
      await holdOrEnd(reservation, bounds, reserveOptions)
      return reservation
    },
    async [Symbol.asyncDispose]() {
      clearInterval(clock)
      for (const entry of open) await settle(entry)
    },
  }
}

async function holdOrEnd(reservation: BegunReservation, bounds: Amounts, options?: ReserveOptions): Promise<void> {
  try {
    await reservation.hold(bounds, options)
  } catch (thrown) {
    await reservation[Symbol.asyncDispose]()
    throw thrown
  }
}

/** How much of the day was used is not known, so all of it counts as used. */
function usedByRestore(day: number, time: number): ServiceError {
  const midnight = (day + 1) * dayMilliseconds
  const at = new Date(midnight)
  const message = `The storage was restored today, and what was used before is not known. The next tokens are given at ${at.toISOString()}.`
  return limitReached(message, { seconds: (midnight - time) / 1_000, at })
}

/** With what the tokens cost, where it does not say so already. An estimate that knows no sides is taken for output. */
function inMoney(uses: Amounts, price: ModelPrice | null): Amounts {
  if (price === null || uses.money !== undefined) return uses
  const { tokens = 0, input_tokens: inputTokens = 0, output_tokens: written } = uses
  return { ...uses, money: costOf({ inputTokens, outputTokens: written ?? tokens }, price) }
}

function withinLimits(bounds: Amounts, limits: readonly QuotaLimit[], guessed: readonly QuotaUnit[]): Amounts {
  const smallest = (unit: QuotaUnit): number =>
    Math.min(...limits.flatMap((limit) => (limit.unit === unit ? [limit.most] : [])))
  // Of the tokens of both directions those of a known one are asked for, however small the limit is.
  const sides = (['input_tokens', 'output_tokens'] as const).filter((side) => !guessed.includes(side))
  const known = (unit: QuotaUnit): number =>
    unit === 'tokens' ? sides.reduce((sum, side) => sum + (bounds[side] ?? 0), 0) : 0
  const within = guessed.map(
    (unit) => [unit, Math.max(known(unit), Math.min(bounds[unit] ?? 0, smallest(unit)))] as const,
  )
  return { ...bounds, ...Object.fromEntries(within) }
}

import type {
  Amounts,
  QuotaAsk,
  QuotaHeld,
  QuotaLease,
  QuotaLimit,
  QuotaRefused,
  QuotaRenewal,
  QuotaStanding,
  QuotaUnit,
  QuotaWindow,
} from '../../core/quotas.ts'
import { endOf, pieceOf } from './windows.ts'

/** What was admitted in one piece of a window. */
export type Piece = [piece: number, used: number, held: number]

/** What a store keeps of an account. */
export interface AccountState {
  /** The latest time it has seen: its time never goes back. */
  time: number
  /** By unit and window, `tokens/day`; the pieces of each in their order. */
  readonly counters: Record<string, Piece[]>
}

/** What a store keeps of a lease. */
export interface LeaseState {
  expires: number
  readonly entries: readonly LeaseEntry[]
  known: Amounts
  /** Was it given up for lost? Then `known` of it is counted, and it is kept for a while for whoever still settles it. */
  lost: boolean
}

type LeaseEntry = readonly [account: string, counter: string, piece: number, held: number]

export type QuotaOrder =
  | { readonly kind: 'hold'; readonly ask: QuotaAsk }
  | { readonly kind: 'settle'; readonly lease: QuotaLease; readonly uses: Amounts }
  | { readonly kind: 'renew'; readonly renewal: QuotaRenewal }

/** The accounts that an order changes. */
export function accountsOf(order: QuotaOrder): readonly string[] {
  if (order.kind === 'hold') return order.ask.limits.map(({ account }) => account)
  return order.kind === 'settle' ? order.lease.accounts : order.renewal.lease.accounts
}

/** The leases that an order reads. */
export function leasesOf(order: QuotaOrder): readonly string[] {
  if (order.kind === 'hold') return order.ask.again === true ? [order.ask.id] : []
  return [order.kind === 'settle' ? order.lease.id : order.renewal.lease.id]
}

/** Where a book reads what it does not have open. */
export interface QuotaPages {
  readonly account: (id: string) => AccountState | undefined
  readonly lease: (id: string) => LeaseState | undefined
}

/** How long a lost lease is remembered, in milliseconds: whoever settles it later than that pays nothing more. */
const lostMilliseconds = 86_400_000

/** The name of what a limit counts, of its account. */
export const counterOf = ({ unit, window }: QuotaLimit): string => `${unit}/${window}`
const unitOf = (counter: string): QuotaUnit => counter.slice(0, counter.indexOf('/')) as QuotaUnit
const windowOf = (counter: string): QuotaWindow => counter.slice(counter.indexOf('/') + 1) as QuotaWindow

/**
 * The arithmetic of quotas, the same in every store that runs it: what orders do to accounts and leases, of which it opens
 * those that they name. A store reads them, lets the book change them, and writes what was changed, in one transaction.
 */
export class QuotaBook {
  readonly #pages: QuotaPages
  readonly #now: number
  /** Undefined where there is none. */
  readonly accounts = new Map<string, AccountState>()
  /** Null where it is to be removed, or there is none. */
  readonly leases = new Map<string, LeaseState | null>()

  constructor(pages: QuotaPages, now: number) {
    this.#pages = pages
    this.#now = now
  }

  hold(ask: QuotaAsk): QuotaHeld | QuotaRefused {
    const before = ask.again === true ? this.#lease(ask.id) : null
    if (before !== null) this.#addLease(before, -1)
    const standings = ask.limits.map((limit) => this.#standingOf(limit))
    const told = standings.map((standing) => {
      return { standing, fitsAt: this.#fitsAt(standing, ask.bounds[standing.limit.unit] ?? 0) }
    })
    const refusal = refusalAmong(told, ask.bounds)
    if (refusal !== null) {
      if (before !== null) this.#addLease(before, 1)
      return refusal
    }
    const entries = ask.limits.map((limit): LeaseEntry => {
      const [counter, held] = [counterOf(limit), ask.bounds[limit.unit] ?? 0]
      const piece = pieceOf(limit.window, this.#account(limit.account).time)
      this.#add(limit.account, counter, piece, { held, used: 0 })
      return [limit.account, counter, piece, held]
    })
    const expires = this.#now + ask.leaseMilliseconds
    this.leases.set(ask.id, { expires, entries, known: ask.known, lost: false })
    const accounts = [...new Set(ask.limits.map(({ account }) => account))]
    return { kind: 'held', lease: { id: ask.id, accounts }, standings }
  }

  /** Takes what counts of a lease away, or puts it back. */
  #addLease({ entries, known, lost }: LeaseState, sign: 1 | -1): void {
    for (const [account, counter, piece, held] of entries) {
      const amount = lost ? { held: 0, used: sign * (known[unitOf(counter)] ?? 0) } : { held: sign * held, used: 0 }
      this.#add(account, counter, piece, amount)
    }
  }

  settle({ id }: QuotaLease, uses: Amounts): void {
    const lease = this.#lease(id)
    if (lease === null) return
    for (const [account, counter, piece, held] of lease.entries) {
      const unit = unitOf(counter)
      const used = Math.max(0, uses[unit] ?? 0)
      const given = lease.lost ? { held: 0, used: used - (lease.known[unit] ?? 0) } : { held: -held, used }
      this.#add(account, counter, piece, given)
    }
    this.leases.set(id, null)
  }

  renew({ lease: { id }, known, leaseMilliseconds }: QuotaRenewal): void {
    const lease = this.#lease(id)
    // One that was lost has its use counted: that it still runs shows when it is settled.
    if (lease === null || lease.lost) return
    this.leases.set(id, { ...lease, known, expires: this.#now + leaseMilliseconds })
  }

  /** Settles a lease that expired, and forgets one that was lost long ago; true where it was settled. */
  recover(id: string): boolean {
    const lease = this.#lease(id)
    if (lease === null || lease.expires > this.#now) return false
    if (lease.lost) {
      this.leases.set(id, null)
      return false
    }
    for (const [account, counter, piece, held] of lease.entries) {
      this.#add(account, counter, piece, { held: -held, used: lease.known[unitOf(counter)] ?? 0 })
    }
    this.leases.set(id, { ...lease, lost: true, expires: this.#now + lostMilliseconds })
    return true
  }

  run(order: QuotaOrder): QuotaHeld | QuotaRefused | null {
    if (order.kind === 'hold') return this.hold(order.ask)
    if (order.kind === 'settle') this.settle(order.lease, order.uses)
    else this.renew(order.renewal)
    return null
  }

  #account(id: string): AccountState {
    const open = this.accounts.get(id)
    if (open !== undefined) return open
    const state = this.#pages.account(id) ?? { time: 0, counters: {} }
    state.time = Math.max(state.time, this.#now)
    for (const [counter, pieces] of Object.entries(state.counters)) {
      const counted = pieces.filter(([piece, used, held]) => {
        return (used !== 0 || held !== 0) && state.time < endOf(windowOf(counter), piece)
      })
      if (counted.length === 0) delete state.counters[counter]
      else state.counters[counter] = counted
    }
    this.accounts.set(id, state)
    return state
  }

  #lease(id: string): LeaseState | null {
    const open = this.leases.get(id)
    if (open !== undefined) return open
    const state = this.#pages.lease(id) ?? null
    this.leases.set(id, state)
    return state
  }

  #standingOf(limit: QuotaLimit): QuotaStanding {
    const pieces = this.#account(limit.account).counters[counterOf(limit)] ?? []
    const sum = (at: 1 | 2): number => pieces.reduce((total, piece) => total + piece[at], 0)
    const [first] = pieces
    const nextAt = first === undefined ? null : finite(endOf(limit.window, first[0]))
    return { limit, used: sum(1), held: sum(2), now: this.#now, nextAt }
  }

  /** Null also where it fits now. */
  #fitsAt({ limit, used, held }: QuotaStanding, asked: number): number | null {
    if (asked > limit.most || used + held + asked <= limit.most) return null
    let counted = used + held
    for (const [piece, pieceUsed, pieceHeld] of this.#account(limit.account).counters[counterOf(limit)] ?? []) {
      counted -= pieceUsed + pieceHeld
      if (counted + asked <= limit.most) return finite(endOf(limit.window, piece))
    }
    return null
  }

  #add(account: string, counter: string, piece: number, { held, used }: { held: number; used: number }): void {
    const { counters, time } = this.#account(account)
    if (endOf(windowOf(counter), piece) <= time) return
    const pieces = (counters[counter] ??= [])
    const found = pieces.find(([number]) => number === piece)
    if (found === undefined) {
      pieces.push([piece, Math.max(0, used), Math.max(0, held)])
      pieces.sort(([one], [other]) => one - other)
    } else {
      found[1] = Math.max(0, found[1] + used)
      found[2] = Math.max(0, found[2] + held)
    }
  }
}

/** When nothing of an account counts any more and it can be forgotten, milliseconds since 1970. */
export function accountEnd({ time, counters }: AccountState): number {
  const ends = Object.entries(counters).flatMap(([counter, pieces]) =>
    pieces.flatMap(([piece, used, held]) => (used === 0 && held === 0 ? [] : [endOf(windowOf(counter), piece)])),
  )
  // What only runs ends with its lease, by which the account is looked for again.
  return Math.max(time, ...ends.map((end) => finite(end) ?? time + lostMilliseconds))
}

function finite(time: number): number | null {
  return Number.isFinite(time) ? time : null
}

/** A limit with when it fits what was asked of it. */
interface ToldStanding {
  readonly standing: QuotaStanding
  readonly fitsAt: number | null
}

/** Of the limits that refuse what is asked the one that refuses longest; null where none does. */
export function refusalAmong(told: readonly ToldStanding[], bounds: Amounts): QuotaRefused | null {
  const refusals = told.flatMap(({ standing, fitsAt }): readonly QuotaRefused[] => {
    const { limit, used, held } = standing
    const asked = bounds[limit.unit] ?? 0
    if (asked === 0 || used + held + asked <= limit.most) return []
    return [{ kind: 'refused', standing, asked, fitsAt, fitsWithoutHeld: used + asked <= limit.most }]
  })
  return refusals.toSorted((one, other) => waitOf(other) - waitOf(one))[0] ?? null
}

/** By which of several refusals to tell is chosen: never, a time, the end of others. */
function waitOf({ asked, standing, fitsAt, fitsWithoutHeld }: QuotaRefused): number {
  if (asked > standing.limit.most) return Number.POSITIVE_INFINITY
  return fitsWithoutHeld ? 0 : (fitsAt ?? 0)
}
